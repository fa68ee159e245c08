package dev.gavel.packet;

import java.security.SecureRandom;

/**
 * Keyed hash of what names a packet's flow, the same for both directions, so that all of a flow goes to one worker and
 * nobody outside can aim at one. Immutable; all threads of a process share one.
 *
 * <p>It is SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012) with a random key, over the
 * two ends in ascending order of (address, port), then the protocol: 13 bytes for IPv4, 37 for IPv6.
 *
 * <ul>
 *   <li>ICMP echo: the identifier stands for both ports, so a request and its reply agree.
 *   <li>Other ICMP, errors too, and unknown protocols: no ports. The flow of the packet that an error quotes may thus
 *       be with another worker.
 *   <li>Fragments, the first too: no ports, since only the first knows them; in IPv6 no protocol either, since each
 *       fragment may state another one (RFC 8200, 4.5).
 * </ul>
 */
public final class FlowHash {
    private static final int FINAL_ROUNDS = 3;

    private final long key0;
    private final long key1;

    /** A hash with a key of its own that nobody can guess. */
    public FlowHash() {
        this(new SecureRandom());
    }

    private FlowHash(SecureRandom random) {
        this(random.nextLong(), random.nextLong());
    }

    /** A hash that can be repeated: for tests. */
    public FlowHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** Any int: fold it to a worker's index without its sign. */
    public int hash(PacketView view) {
        long sourcePort = port(view, view.sourcePort());
        long destinationPort = port(view, view.destinationPort());
        long protocol = view.isFragment() && view.version() == 6 ? Protocol.FRAGMENT : view.protocol();
        boolean ascending = isAscending(view, sourcePort, destinationPort);
        long ports = ascending ? sourcePort | destinationPort << 16 : destinationPort | sourcePort << 16;
        long last = ports | protocol << 32;
        if (view.version() != 6) {
            long low = Math.min(view.sourceLow(), view.destinationLow());
            long high = Math.max(view.sourceLow(), view.destinationLow());
            return (int) siphash(1, low | high << 32, 0, 0, 0, last | 13L << 56);
        }
        if (ascending) {
            return (int) siphash(
                    4,
                    view.sourceHigh(),
                    view.sourceLow(),
                    view.destinationHigh(),
                    view.destinationLow(),
                    last | 37L << 56);
        }
        return (int) siphash(
                4,
                view.destinationHigh(),
                view.destinationLow(),
                view.sourceHigh(),
                view.sourceLow(),
                last | 37L << 56);
    }

    private static long port(PacketView view, int port) {
        if (view.isFragment()) {
            return 0;
        }
        return Math.max(0, Math.max(port, view.icmpIdentifier()));
    }

    private static boolean isAscending(PacketView view, long sourcePort, long destinationPort) {
        int order = Long.compareUnsigned(view.sourceHigh(), view.destinationHigh());
        if (order == 0) {
            order = Long.compareUnsigned(view.sourceLow(), view.destinationLow());
        }
        return order < 0 || (order == 0 && sourcePort <= destinationPort);
    }

    /** SipHash-1-3 of the first {@code words} of four words and a last one; a final round is one that adds nothing. */
    private long siphash(int words, long word0, long word1, long word2, long word3, long last) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        for (int round = 0; round <= words + FINAL_ROUNDS; round++) {
            long word = 0;
            if (round == words) {
                word = last;
            } else if (round < words) {
                word = round == 0 ? word0 : round == 1 ? word1 : round == 2 ? word2 : word3;
            }
            v3 ^= word;
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= word;
            if (round == words) {
                v2 ^= 0xff;
            }
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
