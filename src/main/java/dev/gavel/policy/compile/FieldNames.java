package dev.gavel.policy.compile;

import dev.gavel.config.source.Words;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.FieldName;
import dev.gavel.policy.facts.Kind;
import dev.gavel.policy.syntax.ExpressionMistake;
import dev.gavel.queue.Hook;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The fields of the language by name: those of this version, and those that it knows but does not have yet. */
public final class FieldNames {
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
        number("queue", Field.QUEUE, 0xffff, "the number of the queue that the packet came by");
        add("hook", Field.HOOK, 4, hooks(), "the netfilter hook that the packet came by");
        text("in_iface", Field.IN_IFACE, "the device that the packet came in by; absent in output");
        text("out_iface", Field.OUT_IFACE, "the device that it goes out by; absent in prerouting and input");
        number("mark", Field.MARK, BITS_32, "the packet's mark; 0 if unset");
        number("uid", Field.UID, BITS_32, "the user of the socket that sent it; in output and postrouting");
        number("gid", Field.GID, BITS_32, "the group of that socket");
        number("length", Field.LENGTH, BITS_32, "bytes of the whole packet from the IP header on");
        flag("gso", Field.GSO, "a super-packet of several segments");
        add("src_mac", Field.SRC_MAC, 0, NO_WORDS, "the Ethernet address it came from");
        number("vlan.id", Field.VLAN_ID, 4095, "the outermost VLAN tag");
        add("ip.src", Field.IP_SRC, 0, NO_WORDS, "the source address");
        add("ip.dst", Field.IP_DST, 0, NO_WORDS, "the destination address");
        either("ip.addr", Field.IP_SRC, Field.IP_DST, 0, "either address");
        number("ip.version", Field.IP_VERSION, 15, "4 or 6");
        add("ip.proto", Field.IP_PROTO, 255, protocols(), "the protocol, behind IPv6 extension headers");
        number("ip.ttl", Field.IP_TTL, 255, "time to live, or hop limit");
        number("ip.dscp", Field.IP_DSCP, 63, "differentiated services code point");
        number("ip.ecn", Field.IP_ECN, 3, "explicit congestion notification");
        flag("ip.fragment", Field.IP_FRAGMENT, "a fragment, first or later");
        flag("ip.options", Field.IP_OPTIONS, "has IPv4 options or IPv6 extension headers");
        number("src_port", Field.SRC_PORT, 0xffff, "the source port of TCP, UDP or SCTP");
        number("dst_port", Field.DST_PORT, 0xffff, "the destination port of TCP, UDP or SCTP");
        either("port", Field.SRC_PORT, Field.DST_PORT, 0xffff, "either port of TCP, UDP or SCTP");
        transport("tcp", Field.TCP);
        transport("udp", Field.UDP);
        transport("sctp", Field.SCTP);
        flag("icmp", Field.ICMP, "ICMP of either IP version");
        number("tcp.flags", Field.TCP_FLAGS, 0xff, "the eight control bits, from FIN = 1 to CWR = 0x80");
        tcpFlags("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr");
        number("tcp.window", Field.TCP_WINDOW, 0xffff, "the window as sent, not scaled");
        number("icmp.type", Field.ICMP_TYPE, 255, "the type, of either IP version's numbers");
        number("icmp.code", Field.ICMP_CODE, 255, "the code");
        add("packet", Field.PACKET, 0, NO_WORDS, "the bytes from the IP header on");
        add(
                "payload",
                Field.PAYLOAD,
                0,
                NO_WORDS,
                "the bytes that TCP, UDP, SCTP, ICMP (behind its first 8) or another protocol carries; absent in later"
                        + " fragments");
    }

    private FieldNames() {}

    private static void number(String name, Field field, long max, String meaning) {
        add(name, field, max, NO_WORDS, meaning);
    }

    private static void flag(String name, Field field, String meaning) {
        add(name, field, 1, Map.of("false", 0L, "true", 1L), meaning);
    }

    private static void text(String name, Field field, String meaning) {
        add(name, field, 0, NO_WORDS, meaning);
    }

    private static void add(String name, Field field, long max, Map<String, Long> words, String meaning) {
        put(new FieldName(name, field.kind(), List.of(field), null, -1, max, words, meaning));
    }

    private static void either(String name, Field source, Field destination, long max, String meaning) {
        put(new FieldName(name, source.kind(), List.of(source, destination), null, -1, max, NO_WORDS, meaning));
    }

    private static void transport(String protocol, Field only) {
        String shown = protocol.toUpperCase(Locale.ROOT);
        flag(protocol, only, "the packet is " + shown);
        List<Field> ports = List.of(Field.SRC_PORT, Field.DST_PORT);
        List<String> names = List.of(".src_port", ".dst_port");
        List<String> meanings = List.of("the source port of " + shown, "the destination port of " + shown);
        for (int i = 0; i < ports.size(); i++) {
            List<Field> port = List.of(ports.get(i));
            put(new FieldName(protocol + names.get(i), Kind.NUMBER, port, only, -1, 0xffff, NO_WORDS, meanings.get(i)));
        }
        put(new FieldName(
                protocol + ".port", Kind.NUMBER, ports, only, -1, 0xffff, NO_WORDS, "either port of " + shown));
    }

    /** From the lowest bit up; RFC 9293, 3.1. */
    private static void tcpFlags(String... names) {
        for (int i = 0; i < names.length; i++) {
            Map<String, Long> words = Map.of("false", 0L, "true", 1L);
            List<Field> flags = List.of(Field.TCP_FLAGS);
            put(new FieldName(
                    "tcp.flags." + names[i], Kind.BOOLEAN, flags, null, 1L << i, 1, words, "the control bit"));
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

    /** All fields of this version, in the order of the language's contract. */
    public static List<FieldName> all() {
        return List.copyOf(NAMES.values());
    }

    /** Names of fields that the language knows and this version does not have. */
    static List<String> later() {
        return LATER;
    }

    private static List<String> known() {
        List<String> known = new ArrayList<>(NAMES.keySet());
        known.addAll(LATER);
        return known;
    }
}
