package dev.gavel.imports;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A rule's conditions on the protocol and its header: {@code -p}, ports, TCP flags, ICMP types. */
final class Transport {
    private static final Map<String, Integer> PROTOCOLS = new HashMap<>();
    private static final List<String> FLAGS = List.of("FIN", "SYN", "RST", "PSH", "ACK", "URG");
    /** The wildcard type, as in net/ipv4/netfilter/ip_tables.c. */
    private static final int ANY_TYPE = 255;

    private static final Map<String, Integer> ICMP_TYPES = Map.of(
            "echo-reply",
            0,
            "pong",
            0,
            "destination-unreachable",
            3,
            "source-quench",
            4,
            "redirect",
            5,
            "echo-request",
            8,
            "ping",
            8,
            "time-exceeded",
            11,
            "ttl-exceeded",
            11,
            "parameter-problem",
            12);
    private static final Map<String, Integer> ICMPV6_TYPES = Map.of(
            "destination-unreachable",
            1,
            "packet-too-big",
            2,
            "time-exceeded",
            3,
            "ttl-exceeded",
            3,
            "parameter-problem",
            4,
            "echo-request",
            128,
            "ping",
            128,
            "echo-reply",
            129,
            "pong",
            129);

    static {
        String[] names = {
            "icmp",
            "igmp",
            "ipencap",
            "ipip",
            "tcp",
            "udp",
            "dccp",
            "ipv6",
            "gre",
            "esp",
            "ah",
            "ipv6-icmp",
            "icmpv6",
            "icmp6",
            "ospf",
            "pim",
            "vrrp",
            "sctp",
            "udplite"
        };
        int[] numbers = {1, 2, 4, 4, 6, 17, 33, 41, 47, 50, 51, 58, 58, 58, 89, 103, 112, 132, 136};
        for (int i = 0; i < names.length; i++) {
            PROTOCOLS.put(names[i], numbers[i]);
        }
    }

    private final IpVersion version;
    private int protocol = -1;
    private boolean inverted;
    private boolean needsHeader;
    private final List<Expr> tests = new ArrayList<>();

    Transport(IpVersion version) {
        this.version = version;
    }

    void protocol(String text, boolean inverted) throws Untranslatable {
        Integer known = PROTOCOLS.get(text);
        int number = known != null ? known : text.equals("all") ? 0 : (int) Numbers.number(text, 255);
        if (number == 0) { // any protocol, to iptables
            if (inverted) {
                throw new Untranslatable("! -p all");
            }
            return;
        }
        if (version == IpVersion.V6 && List.of(0, 43, 44, 51, 60, 135, 139, 140).contains(number)) {
            throw new Untranslatable("-p " + Notes.shown(text) + ", an extension header: policies look behind these");
        }
        protocol = number;
        this.inverted = inverted;
    }

    boolean isOnly(String name) {
        return !inverted && name.equals(field());
    }

    boolean excludes(String name) {
        return protocol >= 0 && inverted == name.equals(field());
    }

    /** Prefix of the fields of a protocol whose header the policy language knows; else empty. */
    private String field() {
        return switch (protocol) {
            case 6 -> "tcp";
            case 17 -> "udp";
            case 132 -> "sctp";
            case 1 -> version == IpVersion.V4 ? "icmp" : "";
            case 58 -> version == IpVersion.V6 ? "icmp" : "";
            default -> "";
        };
    }

    /** Adds a match such as {@code -m tcp}: from then on the rule matches no packet without that header. */
    void module(String name) throws Untranslatable {
        switch (name) {
            case "tcp", "udp", "sctp" -> header(name);
            case "icmp", "icmp6" -> header("icmp");
            case "multiport" -> header(field());
            default -> {}
        }
    }

    private void header(String name) throws Untranslatable {
        if (name.isEmpty() || !isOnly(name)) {
            throw new Untranslatable("a test of ports, flags or types without a -p that has them");
        }
        needsHeader = true;
    }

    void ports(String which, List<String> ranges, boolean inverted) throws Untranslatable {
        String name = field();
        header(name.equals("icmp") ? "" : name);
        if (ranges.equals(List.of("0..65535"))) {
            tests.add(inverted ? Expr.NEVER : Expr.ALWAYS);
            return;
        }
        Expr equal = Expr.oneOf(name + "." + which, ranges);
        tests.add(inverted ? Expr.and(Expr.test(name), equal.not()) : equal);
    }

    void flags(String mask, String set, boolean inverted) throws Untranslatable {
        header("tcp");
        int bits = bits(mask);
        int value = bits(set);
        if ((value & ~bits) != 0 || bits == 0) {
            boolean holds = value == 0; // & 0 == 0
            tests.add(holds == inverted ? Expr.NEVER : Expr.ALWAYS);
            return;
        }
        tests.add(Expr.test(String.format("tcp.flags & 0x%02x %s 0x%02x", bits, inverted ? "!=" : "==", value)));
    }

    private static int bits(String names) throws Untranslatable {
        int bits = 0;
        for (String name : names.split(",", -1)) {
            int bit = FLAGS.indexOf(name);
            if (bit < 0 && !name.equals("ALL") && !name.equals("NONE")) {
                throw new Untranslatable("unknown TCP flag " + Notes.shown(name));
            }
            bits |= bit >= 0 ? 1 << bit : name.equals("ALL") ? 0x3f : 0;
        }
        return bits;
    }

    /** {@code TYPE}, {@code TYPE/CODE}, a type's name, or {@code any}. */
    void icmp(String text, boolean inverted) throws Untranslatable {
        header("icmp");
        Map<String, Integer> names = version == IpVersion.V4 ? ICMP_TYPES : ICMPV6_TYPES;
        int slash = text.indexOf('/');
        Integer named = text.equals("any") && version == IpVersion.V4 ? Integer.valueOf(ANY_TYPE) : names.get(text);
        long type = named != null ? named : Numbers.number(slash < 0 ? text : text.substring(0, slash), 255);
        if (type == ANY_TYPE && version == IpVersion.V4) {
            tests.add(inverted ? Expr.NEVER : Expr.ALWAYS);
            return;
        }
        Expr test = Expr.test("icmp.type == " + type);
        if (slash >= 0) {
            long code = Numbers.number(text.substring(slash + 1), 255);
            test = Expr.and(test, Expr.test("icmp.code == " + code));
        }
        tests.add(inverted ? Expr.and(Expr.test("icmp"), test.not()) : test);
    }

    Expr expr() {
        String name = field();
        Expr all = Expr.and(tests);
        if (needsHeader) {
            return all.equals(Expr.ALWAYS) ? Expr.test(name) : all;
        }
        if (protocol < 0) {
            return Expr.ALWAYS;
        }
        String value = name.isEmpty() ? String.valueOf(protocol) : protocol == 58 ? "icmpv6" : name;
        return Expr.test("ip.proto " + (inverted ? "!= " : "== ") + value);
    }
}
