package dev.gavel.lab;

import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Verdict;
import dev.gavel.sys.Errno;
import dev.gavel.sys.RawSender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Flows of IPv4 and IPv6 between pairs of local addresses, sent raw and in both directions by one thread. Each packet,
 * each fragment too, ends with the number of its flow and its own number there, 4 bytes each; its TTL says what a
 * policy shall do with it.
 */
final class NumberedFlows implements AutoCloseable {
    /** What all packets of a flow are. */
    private enum Sort {
        UDP(17),
        TCP(6),
        /** Datagrams of {@link #DATAGRAM} bytes in three fragments, whose flow is their addresses and protocol. */
        FRAGMENTS(17),
        /** Port unreachable, for a datagram of the flow of sort UDP between the same addresses. */
        ICMP_ERROR(1);

        final int protocol;

        Sort(int protocol) {
            this.protocol = protocol;
        }

        int protocol(boolean v6) {
            return v6 && this == ICMP_ERROR ? 58 : protocol;
        }
    }

    /** What shall become of a packet with a TTL; the mark it then has. */
    enum Treatment {
        ACCEPT(64, Verdict.Kind.ACCEPT, 0),
        DROP(65, Verdict.Kind.DROP, 0),
        MARK(66, Verdict.Kind.ACCEPT, 0x2a),
        REPEAT(67, Verdict.Kind.REPEAT, 1),
        QUEUE(68, Verdict.Kind.QUEUE, 0),
        REJECT(69, Verdict.Kind.REJECT, 0);

        final int ttl;
        final Verdict.Kind verdict;
        final int mark;

        Treatment(int ttl, Verdict.Kind verdict, int mark) {
            this.ttl = ttl;
            this.verdict = verdict;
            this.mark = mark;
        }

        private static Treatment of(int ttl) {
            return Stream.of(values())
                    .filter(treatment -> treatment.ttl == ttl)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** One packet: the {@code number}th of its flow, from 0. */
    record Packet(int flow, int number, Treatment treatment) {
        /** The one that stands in a slot. */
        static Packet of(QueuedPacket packet) {
            ByteBuf buffer = packet.buffer();
            int start = packet.offset();
            int end = start + packet.capturedLength();
            int ttl = buffer.getByte(start + (buffer.getByte(start) >>> 4 == 4 ? 8 : 7));
            return new Packet(buffer.getInt(end - 8), buffer.getInt(end - 4), Treatment.of(ttl));
        }
    }

    private static final int PAIRS = 16;
    static final int FLOWS = PAIRS * 2 * Sort.values().length;

    private static final int DATAGRAM = 3000;
    private static final int FRAGMENT = 1480; // what a fragment of 1,500 bytes carries in IPv4
    private static final int FRAGMENT_V6 = 1448;
    private static final int UDP_HEADER = 8;
    private static final int FRAGMENT_HEADER = 44;

    private final Random random;
    private final List<Packet> sent = new ArrayList<>();
    private final int[] next = new int[FLOWS];
    private final List<RawSender> senders =
            new ArrayList<>(); // one a pair, since each has room for some hundred packets
    private final ByteBuf out = Unpooled.directBuffer(2048);

    // Of the packet that is being written:
    private int flow;
    private Sort sort = Sort.UDP;
    private boolean v6;
    private boolean reversed;
    private Treatment treatment = Treatment.ACCEPT;

    /** To be made in the namespace where they shall be sent. */
    NumberedFlows(Random random) {
        this.random = random;
        for (int i = 0; i < PAIRS; i++) {
            senders.add(new RawSender(0));
        }
    }

    /** All that were sent, in that order. */
    List<Packet> sent() {
        return sent;
    }

    /** Sends a packet of each flow, or a datagram in its fragments, in random order. */
    void sendRound() {
        int first = random.nextInt(FLOWS);
        for (int i = 0; i < FLOWS; i++) {
            flow = (first + i * 29) % FLOWS; // 29: each once, and neighbours are not of one pair
            sort = Sort.values()[flow % Sort.values().length];
            v6 = flow / Sort.values().length % 2 == 1;
            reversed = random.nextBoolean();
            treatment = Treatment.values()[random.nextInt(Treatment.values().length)];
            if (sort == Sort.FRAGMENTS) {
                sendFragments();
            } else {
                sendWhole();
            }
        }
    }

    private void sendWhole() {
        int upper = upperHeaderLength() + random.nextInt(200) + 8;
        out.clear();
        writeIp(upper, sort.protocol(v6), reversed, treatment.ttl);
        writeUpperHeader(upper);
        send((v6 ? 40 : 20) + upper);
    }

    private int upperHeaderLength() {
        return switch (sort) {
            case UDP, FRAGMENTS -> UDP_HEADER;
            case TCP -> 20;
            case ICMP_ERROR -> 8 + (v6 ? 40 : 20) + UDP_HEADER;
        };
    }

    private void writeUpperHeader(int length) {
        switch (sort) {
            case UDP, FRAGMENTS -> writeUdp(length, reversed);
            case TCP ->
                writePorts(reversed)
                        .writeInt(next[flow])
                        .writeInt(0)
                        .writeShort(0x5010) // 20 bytes, ACK
                        .writeShort(1000)
                        .writeInt(0);
            case ICMP_ERROR -> {
                out.writeShort(v6 ? 0x0104 : 0x0303).writeShort(0).writeInt(0);
                writeIp(1000, 17, !reversed, Treatment.ACCEPT.ttl);
                writeUdp(1000, !reversed);
            }
        }
    }

    private void writeUdp(int length, boolean swapped) {
        writePorts(swapped).writeShort(length).writeShort(0);
    }

    private ByteBuf writePorts(boolean swapped) {
        return out.writeShort(swapped ? 53 : 5000).writeShort(swapped ? 5000 : 53);
    }

    private void writeIp(int payload, int protocol, boolean swapped, int ttl) {
        if (v6) {
            out.writeInt(0x60000000).writeShort(payload).writeByte(protocol).writeByte(ttl);
        } else {
            out.writeShort(0x4500).writeShort(20 + payload).writeShort(1).writeShort(0);
            out.writeByte(ttl).writeByte(protocol).writeShort(0);
        }
        writeAddress(swapped ? 2 : 1).writeAddress(swapped ? 1 : 2);
    }

    private NumberedFlows writeAddress(int side) {
        int host = side << 16 | pair() + 1;
        if (v6) {
            out.writeLong(0xfd00L << 48).writeLong(host); // fd00::1:1
        } else {
            out.writeInt(0x7f000000 | host); // 127.1.0.1
        }
        return this;
    }

    private int pair() {
        return flow / Sort.values().length / 2;
    }

    private void sendFragments() {
        int identification = next[flow] + 1; // 0 would have the kernel choose
        int length = UDP_HEADER + DATAGRAM;
        int most = v6 ? FRAGMENT_V6 : FRAGMENT;
        for (int offset = 0; offset < length; offset += most) {
            int size = Math.min(most, length - offset);
            boolean more = offset + size < length;
            out.clear();
            if (v6) {
                writeIp(8 + size, FRAGMENT_HEADER, reversed, treatment.ttl);
                out.writeByte(sort.protocol).writeByte(0).writeShort(offset | (more ? 1 : 0));
                out.writeInt(identification);
            } else {
                writeIp(size, sort.protocol, reversed, treatment.ttl);
                out.setShort(4, identification).setShort(6, offset / 8 | (more ? 0x2000 : 0));
            }
            int header = out.writerIndex();
            if (offset == 0) {
                writeUpperHeader(length);
            }
            send(header + size);
        }
    }

    /** Fills the packet that is begun up to {@code length} bytes, numbers and sends it. */
    private void send(int length) {
        Packet packet = new Packet(flow, next[flow]++, treatment);
        out.writeZero(length - 8 - out.writerIndex()).writeInt(packet.flow()).writeInt(packet.number());
        int errno = senders.get(pair()).send(out, length, 0);
        while (errno == Errno.EAGAIN) { // too many of this socket's wait in the queues
            LockSupport.parkNanos(50_000);
            errno = senders.get(pair()).send(out, length, 0);
        }
        if (errno != 0) {
            throw new IllegalStateException("errno " + errno + " for " + packet);
        }
        sent.add(packet);
    }

    @Override
    public void close() {
        senders.forEach(RawSender::close);
        out.release();
    }
}
