package dev.gavel.policy;

import dev.gavel.kit.NaiveExpressions;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random IP packets, each with the facts that {@link NaiveExpressions} ask for, known because they went into it. */
final class RandomPackets {
    private static final List<String> IPV4 = List.of("10.0.0.1", "10.0.0.7", "10.1.0.1", "192.168.0.1");
    private static final List<String> IPV6 = List.of("::1", "2001:db8::1", "2001:db8:0:1::", "::a00:1");
    private static final List<String> DEVICES = List.of("eth0", "ETH0", "eth", "lo", "wlan0.5", "h0");

    private final Random random;

    RandomPackets(Random random) {
        this.random = random;
    }

    /** What the kernel hands over, and what is true of it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Made(byte[] bytes, Map<String, Object> facts) {
        /** In a slot of its own, with the first {@code captured} bytes. */
        QueuedPacket queued(int captured) {
            ByteBuf buffer = Unpooled.directBuffer(captured + 3).writeZero(3).writeBytes(bytes, 0, captured);
            QueuedPacket packet = new QueuedPacket(buffer, 0, captured + 3);
            packet.reset(number("queue"), 1, 0).bytes(3, captured, bytes.length);
            packet.mark(number("mark")).offload(number("gso") == 1, false);
            packet.sourceMac(facts.containsKey("src_mac") ? number("src_mac") : QueuedPacket.ABSENT);
            return packet.inDevice(facts.containsKey("in_iface") ? 1 + DEVICES.indexOf(facts.get("in_iface")) : 0);
        }

        private int number(String fact) {
            return (int) (long) (Long) facts.get(fact);
        }
    }

    /** The name of a device of these packets; null of 0. */
    static String device(int index) {
        return index == 0 ? null : DEVICES.get(index - 1);
    }

    Made next() {
        Map<String, Object> facts = new HashMap<>();
        String protocol = List.of("tcp", "udp", "icmp", "other").get(random.nextInt(4));
        for (String name : List.of("tcp", "udp", "icmp")) {
            facts.put(name, name.equals(protocol) ? 1L : 0L);
        }
        for (String name : List.of("mark", "queue", "ip.ttl")) {
            facts.put(name, (long) random.nextInt(6));
        }
        facts.put("gso", (long) random.nextInt(2));
        if (random.nextBoolean()) {
            facts.put("src_mac", (long) random.nextInt(3));
            facts.put("in_iface", DEVICES.get(random.nextInt(DEVICES.size())));
        }
        byte[] bytes = ip(facts, protocol, upper(facts, protocol));
        facts.put("length", (long) bytes.length);
        facts.put("packet", bytes);
        return new Made(bytes, facts);
    }

    private byte[] upper(Map<String, Object> facts, String protocol) {
        byte[] data = new byte[random.nextInt(12)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) "aabbAB\n".charAt(random.nextInt(7));
        }
        facts.put("payload", data);
        if (protocol.equals("other")) {
            return data;
        }
        if (protocol.equals("icmp")) {
            return ByteBuffer.allocate(8 + data.length).putLong(0).put(data).array();
        }
        facts.put("src_port", (long) random.nextInt(6));
        facts.put("dst_port", (long) random.nextInt(6));
        boolean tcp = protocol.equals("tcp");
        ByteBuffer header = ByteBuffer.allocate((tcp ? 20 : 8) + data.length)
                .putShort((short) (long) (Long) facts.get("src_port"))
                .putShort((short) (long) (Long) facts.get("dst_port"));
        if (tcp) {
            facts.put("tcp.flags", (long) random.nextInt(0x20));
            short flags = (short) (0x5000 | (Long) facts.get("tcp.flags"));
            return header.putLong(0)
                    .putShort(flags)
                    .putShort((short) 9)
                    .putInt(0)
                    .put(data)
                    .array();
        }
        return header.putShort((short) (8 + data.length))
                .putShort((short) 0)
                .put(data)
                .array();
    }

    private byte[] ip(Map<String, Object> facts, String protocol, byte[] upper) {
        boolean v4 = random.nextBoolean();
        int number =
                switch (protocol) {
                    case "tcp" -> 6;
                    case "udp" -> 17;
                    case "icmp" -> v4 ? 1 : 58;
                    default -> 99;
                };
        facts.put("ip.proto", (long) number);
        facts.put("ip.src", (v4 ? IPV4 : IPV6).get(random.nextInt(4)));
        facts.put("ip.dst", (v4 ? IPV4 : IPV6).get(random.nextInt(4)));
        byte ttl = (byte) (long) (Long) facts.get("ip.ttl");
        ByteBuffer packet = ByteBuffer.allocate((v4 ? 20 : 40) + upper.length);
        if (v4) {
            packet.putShort((short) 0x4500).putShort((short) packet.capacity()).putInt(0);
            packet.put(ttl).put((byte) number).putShort((short) 0);
        } else {
            packet.putInt(0x60000000)
                    .putShort((short) upper.length)
                    .put((byte) number)
                    .put(ttl);
        }
        return packet.put(raw(facts.get("ip.src")))
                .put(raw(facts.get("ip.dst")))
                .put(upper)
                .array();
    }

    private static byte[] raw(Object address) {
        try {
            return InetAddress.getByName((String) address).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(String.valueOf(address), e);
        }
    }
}
