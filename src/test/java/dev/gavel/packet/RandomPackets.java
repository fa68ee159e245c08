package dev.gavel.packet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Makes valid packets of all kinds, with right checksums of its own reckoning. The same seed makes the same packets.
 */
public final class RandomPackets {
    private static final int[] IPV6_OPTIONS = {0, 60, 43};

    private final Random random;

    public RandomPackets(long seed) {
        random = new Random(seed);
    }

    Random random() {
        return random;
    }

    /** A whole packet or a fragment, perhaps with padding behind it. */
    public byte[] next() {
        byte[] packet = random.nextBoolean() ? ipv4(true) : ipv6(true);
        return random.nextInt(8) == 0 ? concat(packet, bytes(random.nextInt(8))) : packet;
    }

    /** No fragment, and nothing behind the IP length. */
    byte[] nextWhole() {
        return random.nextBoolean() ? ipv4(false) : ipv6(false);
    }

    private byte[] ipv4(boolean mayBeFragment) {
        byte[] addresses = bytes(8);
        int protocol = protocol(1);
        byte[] upper = upper(protocol, addresses);
        byte[] options = new byte[4 * Math.max(0, random.nextInt(14) - 3)]; // ends of list
        int fragment = mayBeFragment && random.nextInt(6) == 0 ? fragment(0x2000, 0x1fff) : random.nextInt(2) << 14;
        ByteBuffer header = ByteBuffer.allocate(20 + options.length);
        header.put((byte) (0x45 + options.length / 4)).put((byte) random.nextInt());
        header.putShort((short) (header.capacity() + upper.length)).putShort((short) random.nextInt());
        header.putShort((short) fragment)
                .put((byte) random.nextInt())
                .put((byte) protocol)
                .putShort((short) 0);
        header.put(addresses).put(options);
        header.putShort(10, (short) checksum(header.array()));
        return concat(header.array(), upper);
    }

    private byte[] ipv6(boolean mayBeFragment) {
        byte[] addresses = bytes(32);
        int protocol = protocol(58);
        byte[] rest = upper(protocol, addresses);
        int next = protocol;
        if (random.nextInt(6) == 0) {
            int fragment = mayBeFragment ? fragment(1, 0xfff8) : 0;
            ByteBuffer header = ByteBuffer.allocate(8).put((byte) next).put((byte) 0);
            rest = concat(
                    header.putShort((short) fragment).putInt(random.nextInt()).array(), rest);
            next = 44;
        }
        for (int headers = Math.max(0, random.nextInt(6) - 3); headers > 0; headers--) {
            int type = IPV6_OPTIONS[random.nextInt(IPV6_OPTIONS.length)];
            rest = concat(extension(next, type), rest);
            next = type;
        }
        ByteBuffer header = ByteBuffer.allocate(40);
        header.putInt(0x60000000 | random.nextInt() >>> 4).putShort((short) rest.length);
        header.put((byte) next).put((byte) random.nextInt()).put(addresses);
        return concat(header.array(), rest);
    }

    /** Options: Pad1 all through. Routing: type 0 with no segments left. */
    private byte[] extension(int next, int type) {
        int words = type == 43 ? 2 * random.nextInt(3) : random.nextInt(4);
        byte[] header = new byte[8 + 8 * words];
        header[0] = (byte) next;
        header[1] = (byte) words;
        return header;
    }

    /** A fragment field: the first of more, or a later one. */
    private int fragment(int more, int offsetBits) {
        int offset = random.nextBoolean() ? 0 : random.nextInt() & offsetBits;
        return offset == 0 || random.nextBoolean() ? offset | more : offset;
    }

    private int protocol(int icmp) {
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> 6;
            case 4, 5, 6 -> 17;
            case 7 -> icmp;
            case 8 -> 132;
            default -> 253; // for experiments (RFC 3692)
        };
    }

    private byte[] upper(int protocol, byte[] addresses) {
        byte[] payload = bytes(random.nextInt(40));
        return switch (protocol) {
            case 6 -> sealed(tcp(payload), 16, pseudo(addresses, protocol));
            case 17 -> withChecksum(sealed(udp(payload), 6, pseudo(addresses, protocol)));
            case 1 -> sealed(icmp(payload, random.nextInt(19)), 2, new byte[0]);
            case 58 -> sealed(icmp(payload, random.nextInt(256)), 2, pseudo(addresses, protocol));
            case 132 -> concat(bytes(12), new byte[] {11, 0, 0, 4}); // cookie acknowledgment
            default -> payload;
        };
    }

    private byte[] tcp(byte[] payload) {
        int words = 5 + Math.max(0, random.nextInt(16) - 5);
        byte[] header = concat(bytes(20), new byte[4 * words - 20]); // options: ends of list
        header[12] = (byte) (words << 4);
        return concat(header, payload);
    }

    private byte[] udp(byte[] payload) {
        ByteBuffer header = ByteBuffer.allocate(8).put(bytes(4)).putShort((short) (8 + payload.length));
        return concat(header.putShort((short) 0).array(), payload);
    }

    private byte[] icmp(byte[] payload, int type) {
        byte[] header = bytes(8);
        header[0] = (byte) type;
        return concat(header, payload);
    }

    /** A checksum of zero is sent as all ones: zero means that there is none (RFC 768). */
    private static byte[] withChecksum(byte[] udp) {
        if (udp[6] == 0 && udp[7] == 0) {
            udp[6] = (byte) 0xff;
            udp[7] = (byte) 0xff;
        }
        return udp;
    }

    private static byte[] pseudo(byte[] addresses, int protocol) {
        return concat(addresses, new byte[] {0, (byte) protocol});
    }

    private static byte[] sealed(byte[] upper, int position, byte[] pseudo) {
        upper[position] = 0;
        upper[position + 1] = 0;
        byte[] length = {(byte) (upper.length >> 8), (byte) upper.length};
        byte[] covered = pseudo.length == 0 ? upper : concat(concat(pseudo, length), upper);
        ByteBuffer.wrap(upper).putShort(position, (short) checksum(covered));
        return upper;
    }

    /** RFC 1071, word by word. */
    static int checksum(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += i % 2 == 0 ? (bytes[i] & 0xff) << 8 : bytes[i] & 0xff;
            sum = sum > 0xffff ? sum - 0xffff : sum;
        }
        return ~sum & 0xffff;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] concat(byte[] first, byte[] second) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(first.length + second.length);
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }
}
