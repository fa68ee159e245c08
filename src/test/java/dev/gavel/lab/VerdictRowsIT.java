package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.Ruling;
import dev.gavel.engine.TestEngines;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.nfqueue.QueueSocket;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rows of equal verdicts go to the kernel as one message up to an id: each packet gets its own verdict all the same. The
 * receive buffer is small, so that bursts leave gaps in the ids. {@code -Dgavel.rows.packets=1000000} sends more.
 */
@Timeout(120)
class VerdictRowsIT {
    private static final int PACKETS = Integer.getInteger("gavel.rows.packets", 100_000);
    private static final int QUEUE = 5;
    private static final int PORT = 9;
    private static final String POLICY = """
            policy: p
            rules:
              - {name: drop, when: 'payload[0:1] == |01|', verdict: drop}
              - {name: mark, when: 'payload[0:1] == |02|', verdict: accept, mark: 0x2a}
            """;

    private final Netns netns = new Netns("server");
    private final Iptables iptables = new Iptables(netns);
    private final BitSet received = new BitSet(); // by Gavel
    private final BitSet delivered = new BitSet(); // to the socket

    @AfterEach
    void close() {
        netns.close();
    }

    /** 0: accept, 1: drop, 2: accept with a mark. In rows of random lengths. */
    private static int kind(int number) {
        int row = number / 5 + number / 7 + number / 64;
        return Math.floorMod((row * 0x9E3779B97F4A7C15L) >>> 40, 4) % 3;
    }

    private static int number(QueuedPacket packet) {
        return packet.buffer().getInt(packet.offset() + 29); // behind IPv4 and UDP headers, and the kind
    }

    @Test
    void eachPacketGetsItsOwnVerdict() throws Exception {
        iptables.add("queue", "-t mangle -A INPUT -p udp --dport %d -j NFQUEUE --queue-num %d".formatted(PORT, QUEUE));
        iptables.add("marked", "-A INPUT -p udp --dport %d -m mark --mark 0x2a".formatted(PORT));
        iptables.add("plain", "-A INPUT -p udp --dport %d -m mark --mark 0".formatted(PORT));
        Engine engine = TestEngines.of(POLICY);
        QueueSocket socket =
                netns.call(() -> QueueSocket.bind(new QueueSettings(QUEUE, 65536, 65531, 1 << 16, Set.of())));
        Pipeline pipeline = new Pipeline(
                List.<PacketSource>of(socket),
                engine,
                new Pipeline.Settings(0, Verdict.DROP, () -> remembering(engine, socket), Rejector.SILENT));
        netns.call(() -> {
            pipeline.start();
            send();
            assertThat(pipeline.drain(Duration.ofSeconds(10))).isTrue();
            return null;
        });
        assertThat(socket.counters().gaps.value()).as("gaps in the ids").isPositive();
        assertThat(received.cardinality()).isGreaterThan(PACKETS / 100);
        BitSet expected = (BitSet) received.clone();
        received.stream().filter(number -> kind(number) == 1).forEach(expected::clear);
        BitSet against = (BitSet) delivered.clone();
        against.andNot(expected);
        assertThat(against).as("delivered against their verdicts").isEqualTo(new BitSet());
        assertThat(delivered.cardinality()).as("what its socket had room for").isGreaterThan(PACKETS / 1000);
        long marked = received.stream().filter(number -> kind(number) == 2).count();
        assertThat(iptables.packets("marked")).isEqualTo(marked);
        assertThat(iptables.packets("plain")).isEqualTo(expected.cardinality() - marked);
    }

    private Inspector remembering(Engine engine, QueueSocket socket) {
        return new Inspector(engine, socket.devices()) {
            @Override
            public void inspect(QueuedPacket packet, Ruling ruling) {
                super.inspect(packet, ruling);
                received.set(number(packet));
            }
        };
    }

    private void send() throws Exception {
        InetAddress local = InetAddress.getLoopbackAddress();
        try (DatagramSocket receiver = new DatagramSocket(PORT, local);
                DatagramSocket sender = new DatagramSocket()) {
            receiver.setReceiveBufferSize(32 << 20);
            receiver.setSoTimeout(2000);
            CompletableFuture<Void> done = CompletableFuture.runAsync(() -> receive(receiver));
            for (int i = 0; i < PACKETS; i++) {
                if (i < PACKETS / 2 && i % 50 == 0) {
                    LockSupport.parkNanos(500_000); // the first half in time, the second as it comes
                }
                byte[] payload =
                        ByteBuffer.allocate(5).put((byte) kind(i)).putInt(i).array();
                sender.send(new DatagramPacket(payload, payload.length, local, PORT));
            }
            done.join();
        }
    }

    private void receive(DatagramSocket receiver) {
        byte[] bytes = new byte[16];
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        try {
            while (true) {
                receiver.receive(packet);
                int number = ByteBuffer.wrap(bytes).getInt(1);
                assertThat(delivered.get(number)).as("packet %d twice", number).isFalse();
                delivered.set(number);
            }
        } catch (SocketTimeoutException e) {
            // no more
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
