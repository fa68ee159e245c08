package dev.gavel.policy.facts;

import dev.gavel.queue.Hook;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of packet fields, one constant for each. All properties of a field are defined here; {@link FieldName} adds
 * names that are derived from these fields ({@code ip.addr}, {@code tcp.dst_port}, {@code tcp.flags.syn}). To add a
 * field, see docs/adding-a-field.md.
 */
public enum Field {
    QUEUE("queue", Kind.NUMBER, 16, "the number of the queue that the packet came by"),
    HOOK("hook", Kind.WORD, 3, hooks(), "the netfilter hook that the packet came by"),
    IN_IFACE("in_iface", Kind.TEXT, Field.PRESENCE, "the device that the packet came in by; absent in output"),
    OUT_IFACE("out_iface", Kind.TEXT, Field.PRESENCE, "the device that it goes out by; absent in prerouting and input"),
    MARK("mark", Kind.NUMBER, 32, Form.HEX, "the packet's mark; 0 if unset"),
    UID("uid", Kind.NUMBER, 32, "the user of the socket that sent it; in output and postrouting"),
    GID("gid", Kind.NUMBER, 32, "the group of that socket"),
    LENGTH("length", Kind.NUMBER, 32, "bytes of the whole packet from the IP header on"),
    GSO("gso", Kind.BOOLEAN, 1, "a super-packet of several segments"),
    SRC_MAC("src_mac", Kind.MAC, 48, "the Ethernet address it came from"),
    VLAN_ID("vlan.id", Kind.NUMBER, 12, "the outermost VLAN tag"),
    IP_SRC("ip.src", Kind.ADDRESS, Field.PRESENCE, "the source address"),
    IP_DST("ip.dst", Kind.ADDRESS, Field.PRESENCE, "the destination address"),
    IP_VERSION("ip.version", Kind.NUMBER, 4, "4 or 6"),
    IP_PROTO("ip.proto", Kind.NUMBER, 8, protocols(), "the protocol, behind IPv6 extension headers"),
    IP_TTL("ip.ttl", Kind.NUMBER, 8, "time to live, or hop limit"),
    IP_DSCP("ip.dscp", Kind.NUMBER, 6, "differentiated services code point"),
    IP_ECN("ip.ecn", Kind.NUMBER, 2, "explicit congestion notification"),
    IP_FRAGMENT("ip.fragment", Kind.BOOLEAN, 1, "a fragment, first or later"),
    IP_OPTIONS("ip.options", Kind.BOOLEAN, 1, "has IPv4 options or IPv6 extension headers"),
    SRC_PORT("src_port", Kind.NUMBER, 16, "the source port of TCP, UDP or SCTP"),
    DST_PORT("dst_port", Kind.NUMBER, 16, "the destination port of TCP, UDP or SCTP"),
    TCP("tcp", Kind.BOOLEAN, 1, "the packet is TCP"),
    UDP("udp", Kind.BOOLEAN, 1, "the packet is UDP"),
    SCTP("sctp", Kind.BOOLEAN, 1, "the packet is SCTP"),
    ICMP("icmp", Kind.BOOLEAN, 1, "ICMP of either IP version"),
    TCP_FLAGS("tcp.flags", Kind.NUMBER, 8, Form.HEX, "the eight control bits, from FIN = 1 to CWR = 0x80"),
    TCP_WINDOW("tcp.window", Kind.NUMBER, 16, "the window as sent, not scaled"),
    ICMP_TYPE("icmp.type", Kind.NUMBER, 8, "the type, of either IP version's numbers"),
    ICMP_CODE("icmp.code", Kind.NUMBER, 8, "the code"),
    PACKET("packet", Kind.BYTES, Field.PRESENCE, "the bytes from the IP header on"),
    PAYLOAD(
            "payload",
            Kind.BYTES,
            Field.PRESENCE,
            "the bytes that TCP, UDP, SCTP, ICMP (behind its first 8) or another protocol carries; absent in later"
                    + " fragments");

    /** The width of a field whose number only says whether the field is present, or how many bytes it has. */
    private static final int PRESENCE = 32;

    /** How messages show a field's numbers. */
    private enum Form {
        DECIMAL,
        HEX
    }

    private final String word;
    private final Kind kind;
    private final int width;
    private final Form form;

    @SuppressWarnings("ImmutableEnumChecker") // unmodifiable, in an order that Map.copyOf would not keep
    private final Map<String, Long> words;

    private final String meaning;

    Field(String word, Kind kind, int width, String meaning) {
        this(word, kind, width, Form.DECIMAL, meaning);
    }

    Field(String word, Kind kind, int width, Form form, String meaning) {
        this(word, kind, width, form, kind == Kind.BOOLEAN ? booleans() : Map.of(), meaning);
    }

    Field(String word, Kind kind, int width, Map<String, Long> words, String meaning) {
        this(word, kind, width, Form.DECIMAL, words, meaning);
    }

    Field(String word, Kind kind, int width, Form form, Map<String, Long> words, String meaning) {
        this.word = word;
        this.kind = kind;
        this.width = width;
        this.form = form;
        this.words = Collections.unmodifiableMap(words);
        this.meaning = meaning;
    }

    /** The field's name in the policy language. */
    public String word() {
        return word;
    }

    public Kind kind() {
        return kind;
    }

    /**
     * Number of bits that distinguish the field's numbers, 1 to 48; the rule index uses it. Addresses have 32 or 128
     * bits instead, depending on the IP version.
     */
    public int width() {
        return width;
    }

    /** The highest number that the field can have, and that expressions may compare it with. */
    public long max() {
        return (1L << width) - 1;
    }

    /** Names of the field's numbers, in the order in which messages list them; empty if there are no names. */
    public Map<String, Long> words() {
        return words;
    }

    /** Whether the field may be compared with lists of ports. */
    public boolean isPort() {
        return this == SRC_PORT || this == DST_PORT;
    }

    /** Description for the reference page. */
    public String meaning() {
        return meaning;
    }

    /** Formats a number of this field for messages and explanations. */
    public String shown(long number) {
        return form == Form.HEX ? "0x" + Long.toHexString(number) : Long.toString(number);
    }

    static Map<String, Long> booleans() {
        return Map.of("false", 0L, "true", 1L);
    }

    private static Map<String, Long> hooks() {
        Map<String, Long> words = new LinkedHashMap<>();
        for (Hook hook : Hook.values()) {
            words.put(hook.word(), (long) hook.number());
        }
        return words;
    }

    /** Protocol names with their IANA numbers; icmp6 is accepted as another name for icmpv6. */
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
}
