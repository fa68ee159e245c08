package dev.gavel.events;

import dev.gavel.packet.Answerable;
import dev.gavel.queue.Alert;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.EventType;
import dev.gavel.queue.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Makes lines of what was recorded of packets. The writer thread's. */
final class PacketLines {
    private static final String SHADOW = "shadow";
    private static final int ABSENT = -1;

    private final JsonWriter json;
    private final Timestamps times;
    private final String host;
    private DeviceNames devices = DeviceNames.NONE;

    PacketLines(JsonWriter json, Timestamps times, String host) {
        this.json = json;
        this.times = times;
        this.host = host;
    }

    /** Names devices as {@code names} says. Before the writer runs. */
    void use(DeviceNames names) {
        devices = names;
    }

    void write(PacketEvent event) {
        Alert alert = event.alert;
        json.beginLine().string("timestamp", times.of(event.receivedNs));
        json.number("flow_id", event.ipVersion == 0 ? ABSENT : Integer.toUnsignedLong(event.flowHash))
                .string("in_iface", devices.name(event.inDevice))
                .string("event_type", (alert == null ? EventType.ANOMALY : EventType.ALERT).word());
        if (event.ipVersion != 0) {
            addresses(event);
        }
        json.string("host", host);
        if (alert == null) {
            anomaly(event);
        } else {
            alert(alert, event.verdict);
        }
        verdict(event);
        gavel(event, alert == null ? null : alert.source());
        json.endLine();
    }

    private void addresses(PacketEvent event) {
        json.string("src_ip", Addresses.text(event.ipVersion, event.sourceHigh, event.sourceLow))
                .number("src_port", event.sourcePort)
                .string("dest_ip", Addresses.text(event.ipVersion, event.destinationHigh, event.destinationLow))
                .number("dest_port", event.destinationPort)
                .string("proto", protocol(event.protocol))
                .number("icmp_type", event.icmpType)
                .number("icmp_code", event.icmpCode);
    }

    /** Suricata's names; a number of three digits for the others. */
    private static String protocol(int number) {
        return switch (number) {
            case 1 -> "ICMP";
            case 6 -> "TCP";
            case 17 -> "UDP";
            case 47 -> "GRE";
            case 50 -> "ESP";
            case 51 -> "AH";
            case 58 -> "IPv6-ICMP";
            case 132 -> "SCTP";
            default -> String.format(Locale.ROOT, "%03d", number);
        };
    }

    private void anomaly(PacketEvent event) {
        json.begin("anomaly")
                .string("type", "decode")
                .string("event", event.reason.word())
                .string("layer", event.layer == null ? null : event.layer.word())
                .end();
    }

    private void alert(Alert alert, Verdict verdict) {
        boolean blocked = verdict.blocks() && !alert.source().mode().equals(SHADOW);
        json.begin("alert")
                .string("action", blocked ? "blocked" : "allowed")
                .number("gid", 1)
                .number("signature_id", alert.id() == 0 ? checksum(alert.source()) : alert.id())
                .number("rev", 1)
                .string("signature", alert.signature())
                .string("category", alert.source().policy())
                .number("severity", alert.severity())
                .end();
    }

    private static long checksum(Alert.Source source) {
        CRC32 crc = new CRC32();
        crc.update(source.path().getBytes(StandardCharsets.US_ASCII));
        return crc.getValue();
    }

    private void verdict(PacketEvent event) {
        json.begin("verdict").string("action", event.verdict.blocks() ? "drop" : "accept");
        if (event.answers != Answerable.NONE) {
            json.string("reject_target", target(event))
                    .listOf("reject", event.isTcp ? "tcp-reset" : "icmp-port-unreachable");
        }
        json.end();
    }

    /**
     * Of TCP a segment that only its sender is told of is the first one, the client's; of others nobody knows who that
     * is.
     */
    private static @Nullable String target(PacketEvent event) {
        return event.answers == Answerable.TO_BOTH ? "both" : event.isTcp ? "to_client" : null;
    }

    private void gavel(PacketEvent event, Alert.@Nullable Source rule) {
        json.begin("gavel");
        if (rule != null) {
            json.string("policy", rule.policy()).string("rule", rule.rule()).string("mode", rule.mode());
        }
        json.string("verdict", event.verdict.kind().word())
                .string("reason", event.reason.word())
                .number("queue", event.queueNumber)
                .number("packet_id", Integer.toUnsignedLong(event.packetId))
                .string("hook", event.hook == null ? null : event.hook.word())
                .string("mark", event.changedMask == 0 ? null : mark(event))
                .string("out_iface", devices.name(event.outDevice))
                .number("generation", event.generation)
                .number("latency_us", event.latencyNs / 1000)
                .number("suppressed", event.suppressed == 0 ? ABSENT : event.suppressed)
                .end();
    }

    /** As replay writes it: the bits that are set, and the bits that are changed. */
    private static String mark(PacketEvent event) {
        return "0x" + Integer.toHexString(event.mark & event.changedMask) + "/0x"
                + Integer.toHexString(event.changedMask);
    }
}
