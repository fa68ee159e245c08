package dev.gavel.policy.facts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The field names of the policy language: one for each {@link Field}, derived names, and names reserved for later
 * versions.
 */
public final class FieldNames {
    private static final long ALL_BITS = -1;
    private static final List<String> TCP_FLAGS = List.of("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr");
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
    private static final Map<String, FieldName> NAMES = new LinkedHashMap<>();

    static {
        for (Field field : Field.values()) {
            put(named(field.word(), List.of(field), null, field.meaning()));
            madeOf(field).forEach(FieldNames::put);
        }
    }

    private FieldNames() {}

    /** Derived names, which the reference page lists after {@code field}. */
    private static List<FieldName> madeOf(Field field) {
        return switch (field) {
            case IP_DST -> List.of(named("ip.addr", List.of(Field.IP_SRC, Field.IP_DST), null, "either address"));
            case DST_PORT ->
                List.of(named(
                        "port", List.of(Field.SRC_PORT, Field.DST_PORT), null, "either port of TCP, UDP or SCTP"));
            case TCP, UDP, SCTP -> portsOf(field);
            case TCP_FLAGS -> tcpFlags();
            default -> List.of(); // most fields have one name
        };
    }

    private static FieldName named(String name, List<Field> fields, @Nullable Field only, String meaning) {
        Field first = fields.get(0);
        return new FieldName(name, first.kind(), fields, only, ALL_BITS, first.max(), first.words(), meaning);
    }

    private static List<FieldName> portsOf(Field protocol) {
        String name = protocol.word();
        return List.of(
                named(name + ".src_port", List.of(Field.SRC_PORT), protocol, "the source port of " + protocol.name()),
                named(
                        name + ".dst_port",
                        List.of(Field.DST_PORT),
                        protocol,
                        "the destination port of " + protocol.name()),
                named(
                        name + ".port",
                        List.of(Field.SRC_PORT, Field.DST_PORT),
                        protocol,
                        "either port of " + protocol.name()));
    }

    /** Names of the TCP control bits, from the lowest bit up; RFC 9293, 3.1. */
    private static List<FieldName> tcpFlags() {
        List<FieldName> flags = new ArrayList<>();
        for (String flag : TCP_FLAGS) {
            flags.add(new FieldName(
                    Field.TCP_FLAGS.word() + "." + flag,
                    Kind.BOOLEAN,
                    List.of(Field.TCP_FLAGS),
                    null,
                    1L << flags.size(),
                    1,
                    Field.booleans(),
                    "the control bit"));
        }
        return flags;
    }

    private static void put(FieldName name) {
        NAMES.put(name.name(), name);
    }

    /** The field name with the text {@code name}; null if this version has none. */
    public static @Nullable FieldName find(String name) {
        return NAMES.get(name);
    }

    /** All names that this version supports, in the order of the reference page. */
    public static List<FieldName> all() {
        return List.copyOf(NAMES.values());
    }

    /** Names that the language defines but this version does not support yet. */
    public static List<String> later() {
        return LATER;
    }
}
