package dev.gavel.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The hot path's promise: judging and answering a packet leaves nothing for the garbage collector. */
class PacketAllocationTest {
    private static final int ROUNDS = 1_000_000;

    private final ByteBuf[] packets = Stream.of(
                    Packets.IPV4_TCP,
                    Packets.IPV4_UDP,
                    Packets.IPV4_ECHO,
                    Packets.IPV6_TCP,
                    Packets.IPV6_SCTP,
                    Packets.IPV6_ECHO)
            .map(hex -> direct(Packets.bytes(hex)))
            .toArray(ByteBuf[]::new);
    private final ByteBuf out = direct(new byte[ForgedAnswer.MAX_LENGTH]);
    private final PacketView view = new PacketView();
    private final FlowHash hash = new FlowHash();
    private long sum;

    @Test
    void decodesAndHashesWithoutAllocating() {
        expectNoAllocation(this::decodeAndHash);
    }

    @Test
    void judgesChecksumsAndWritesAnswersWithoutAllocating() {
        expectNoAllocation(this::answer);
    }

    private void expectNoAllocation(Runnable rounds) {
        rounds.run(); // warm-up: classes, and the compiler
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        rounds.run();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(sum).isNotZero();
        assertThat(allocated).as("bytes for %d packets", ROUNDS).isLessThan(ROUNDS);
    }

    private void decodeAndHash() {
        for (int i = 0; i < ROUNDS; i++) {
            ByteBuf packet = packets[i % packets.length];
            view.decode(packet, 0, packet.capacity(), packet.capacity());
            sum += hash.hash(view);
        }
    }

    private void answer() {
        for (int i = 0; i < ROUNDS; i++) {
            ByteBuf packet = packets[i % packets.length];
            view.decode(packet, 0, packet.capacity(), packet.capacity());
            sum += Answerable.to(view, ChecksumState.COMPLETE).toSender() ? 1 : 0;
            sum += view.isTcp() ? ForgedAnswer.writeResetToSender(out, view) : ForgedAnswer.writeUnreachable(out, view);
        }
    }

    /** Wrapped, since netty's leak detector, which watches what it allocates itself, would allocate at each access. */
    private static ByteBuf direct(byte[] bytes) {
        return Unpooled.wrappedBuffer(
                ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
    }
}
