package dev.gavel.policy;

import dev.gavel.config.Words;
import dev.gavel.queue.Hook;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields of the language by name: those of this version, and those that it knows but does not have yet. */
final class FieldNames {
    private static final long BITS_32 = 0xffff_ffffL;
    private static final Map<String, Long> NO_WORDS = Map.of();
    private static final Map<String, FieldName> NAMES = new LinkedHashMap<>();
    private static final List<String> LATER = List.of(
            "ct.mark",
            "ct.state",
            "stream",
            "stream.to_server",
            "stream.to_client",
            "http",
            "http.method",
            "http.host",
            "http.uri",
            "http.path",
            "http.user_agent",
            "http.header",
            "http.status",
            "sni",
            "tls",
            "tls.sni",
            "tls.alpn",
            "tls.version",
            "tls.ja4",
            "quic",
            "quic.sni",
            "quic.version",
            "dns",
            "dns.qname",
            "dns.qtype",
            "dns.response",
            "ssh",
            "ssh.banner",
            "flow.client_ip",
            "flow.client_port",
            "flow.server_ip",
            "flow.server_port",
            "flow.direction",
            "flow.packets",
            "flow.bytes",
            "flow.age");

    static {
        number("queue", Field.QUEUE, 0xffff);
        add("hook", Field.HOOK, 4, hooks());
        add("in_iface", Field.IN_IFACE, 0, NO_WORDS);
        add("out_iface", Field.OUT_IFACE, 0, NO_WORDS);
        number("mark", Field.MARK, BITS_32);
        number("uid", Field.UID, BITS_32);
        number("gid", Field.GID, BITS_32);
        number("length", Field.LENGTH, BITS_32);
        flag("gso", Field.GSO);
        add("src_mac", Field.SRC_MAC, 0, NO_WORDS);
        number("vlan.id", Field.VLAN_ID, 4095);
        add("ip.src", Field.IP_SRC, 0, NO_WORDS);
        add("ip.dst", Field.IP_DST, 0, NO_WORDS);
        either("ip.addr", Field.IP_SRC, Field.IP_DST, 0);
        number("ip.version", Field.IP_VERSION, 15);
        add("ip.proto", Field.IP_PROTO, 255, protocols());
        number("ip.ttl", Field.IP_TTL, 255);
        number("ip.dscp", Field.IP_DSCP, 63);
        number("ip.ecn", Field.IP_ECN, 3);
        flag("ip.fragment", Field.IP_FRAGMENT);
        flag("ip.options", Field.IP_OPTIONS);
        number("src_port", Field.SRC_PORT, 0xffff);
        number("dst_port", Field.DST_PORT, 0xffff);
        either("port", Field.SRC_PORT, Field.DST_PORT, 0xffff);
        transport("tcp", Field.TCP);
        transport("udp", Field.UDP);
        transport("sctp", Field.SCTP);
        flag("icmp", Field.ICMP);
        number("tcp.flags", Field.TCP_FLAGS, 0xff);
        tcpFlags("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr");
        number("tcp.window", Field.TCP_WINDOW, 0xffff);
        number("icmp.type", Field.ICMP_TYPE, 255);
        number("icmp.code", Field.ICMP_CODE, 255);
        add("packet", Field.PACKET, 0, NO_WORDS);
        add("payload", Field.PAYLOAD, 0, NO_WORDS);
    }

    private FieldNames() {}

    private static void number(String name, Field field, long max) {
        add(name, field, max, NO_WORDS);
    }

    private static void flag(String name, Field field) {
        add(name, field, 1, Map.of("false", 0L, "true", 1L));
    }

    private static void add(String name, Field field, long max, Map<String, Long> words) {
        put(new FieldName(name, field.kind(), List.of(field), null, -1, max, words));
    }

    private static void either(String name, Field source, Field destination, long max) {
        put(new FieldName(name, source.kind(), List.of(source, destination), null, -1, max, NO_WORDS));
    }

    private static void transport(String protocol, Field only) {
        flag(protocol, only);
        List<Field> ports = List.of(Field.SRC_PORT, Field.DST_PORT);
        List<String> names = List.of(".src_port", ".dst_port");
        for (int i = 0; i < ports.size(); i++) {
            List<Field> port = List.of(ports.get(i));
            put(new FieldName(protocol + names.get(i), Kind.NUMBER, port, only, -1, 0xffff, NO_WORDS));
        }
        put(new FieldName(protocol + ".port", Kind.NUMBER, ports, only, -1, 0xffff, NO_WORDS));
    }

    /** From the lowest bit up; RFC 9293, 3.1. */
    private static void tcpFlags(String... names) {
        for (int i = 0; i < names.length; i++) {
            Map<String, Long> words = Map.of("false", 0L, "true", 1L);
            List<Field> flags = List.of(Field.TCP_FLAGS);
            put(new FieldName("tcp.flags." + names[i], Kind.BOOLEAN, flags, null, 1L << i, 1, words));
        }
    }

    private static void put(FieldName name) {
        NAMES.put(name.name(), name);
    }

    private static Map<String, Long> hooks() {
        Map<String, Long> words = new LinkedHashMap<>();
        int number = 0;
        for (Hook hook = Hook.ofNumber(number); hook != null; hook = Hook.ofNumber(number)) {
            words.put(hook.word(), (long) number++);
        }
        return words;
    }

    /** IANA's protocol numbers; icmpv6 also as icmp6. */
    private static Map<String, Long> protocols() {
        List<String> names = List.of(
                "icmp", "igmp", "ipip", "tcp", "udp", "dccp", "ipv6", "gre", "esp", "ah", "icmpv6", "icmp6", "ospf",
                "pim", "vrrp", "sctp", "udplite");
        long[] numbers = {1, 2, 4, 6, 17, 33, 41, 47, 50, 51, 58, 58, 89, 103, 112, 132, 136};
        Map<String, Long> words = new LinkedHashMap<>();
        for (int i = 0; i < numbers.length; i++) {
            words.put(names.get(i), numbers[i]);
        }
        return words;
    }

    /** The field that {@code name} names, at {@code index} of an expression. */
    static FieldName of(String name, int index) throws ExpressionMistake {
        FieldName found = NAMES.get(name);
        if (found != null) {
            return found;
        }
        if (LATER.contains(name)) {
            throw ExpressionMistake.notYet(index, "field " + Words.quoted(name));
        }
        throw new ExpressionMistake(
                index,
                "unknown field " + Words.quoted(name),
                "a field such as ip.src or tcp.dst_port" + Words.didYouMean(name, known()));
    }

    private static List<String> known() {
        List<String> known = new ArrayList<>(NAMES.keySet());
        known.addAll(LATER);
        return known;
    }
}
