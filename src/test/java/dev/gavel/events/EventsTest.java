package dev.gavel.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.kit.Json;
import dev.gavel.queue.Alert;
import dev.gavel.queue.Decision;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.EventType;
import dev.gavel.queue.Hook;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the file for what was judged. */
class EventsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final DeviceNames DEVICES = index -> index == 0 ? null : "eth" + index;
    private static final DateTimeFormatter EVE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxx");
    private static final Alert ALERT =
            new Alert(new Alert.Source("web", "forbidden-host", "enforce"), "a \"host\"", 17, 1, Long.MAX_VALUE, 1);
    private static final String UDP = "450000200000000040110000" + "0a000001" + "0a000002" // IPv4, 32 bytes
            + "04000035" + "000c0000" // UDP 1024 to 53, 12 bytes
            + "00000000";
    private static final String TCP = "6000000000140640" // IPv6, 20 bytes of TCP
            + "20010db8000000000000000000000001" + "20010db80000000000000000000000ff"
            + "0400005000000001000000015%s200000000000"; // 1024 to 80

    @TempDir
    private Path folder;

    private final AtomicLong overloads = new AtomicLong();
    private final AtomicLong losses = new AtomicLong();

    private record Said(Verdict verdict, Reason reason, int mark, int changedMask, List<Alert> alerts)
            implements Decision {
        static Said of(Verdict verdict, Alert... alerts) {
            return new Said(verdict, Reason.RULE, 0, 0, List.of(alerts));
        }

        @Override
        public int generation() {
            return 3;
        }

        @Override
        public int alertCount() {
            return alerts.size();
        }

        @Override
        public Alert alert(int index) {
            return alerts.get(index);
        }
    }

    private static QueuedPacket packet(String hex) {
        ByteBuf bytes = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
        QueuedPacket packet = new QueuedPacket(bytes, 0, bytes.capacity());
        return packet.reset(5, -1, System.nanoTime())
                .hook(Hook.FORWARD)
                .inDevice(1)
                .outDevice(2)
                .offload(false, true) // its checksum is not judged
                .bytes(0, bytes.capacity(), bytes.capacity());
    }

    private static String failingAtNine(int device, Throwable bug) {
        if (device == 9 && bug instanceof Error error) {
            throw error;
        }
        if (device == 9) {
            throw (RuntimeException) bug;
        }
        return "eth" + device;
    }

    private Path file() {
        return folder.resolve("events.json");
    }

    private Events events(Path file, EventType... types) {
        return new Events(new Events.Settings(file, Set.of(types), "sensor"));
    }

    private Events started(EventType... types) throws IOException {
        Events events = events(file(), types);
        events.open();
        events.start(DEVICES, overloads::get, losses::get);
        return events;
    }

    private List<Map<String, Object>> lines() throws IOException {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file())) {
            Map<String, Object> object = Json.object(line);
            Instant time = OffsetDateTime.parse((String) object.remove("timestamp"), EVE)
                    .toInstant();
            assertThat(time)
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
            lines.add(object);
        }
        return lines;
    }

    private String line(QueuedPacket judged, Decision said) throws Exception {
        Events events = started(EventType.values());
        events.listener().judged(judged, said);
        events.close(LIMIT);
        assertThat(events.written()).isEqualTo(1);
        return Files.readString(file())
                .replaceFirst("\"timestamp\":\"[^\"]*\",", "")
                .replaceFirst("\"flow_id\":\\d+", "\"flow_id\":1")
                .replaceFirst("\"latency_us\":\\d+", "\"latency_us\":1");
    }

    @Test
    void tellsOfAPacketThatMetARule() throws Exception {
        Said said = new Said(Verdict.DROP, Reason.RULE, 0x12, 0xf, List.of(ALERT));
        assertThat(line(packet(UDP), said))
                .isEqualTo("{\"flow_id\":1,\"in_iface\":\"eth1\",\"event_type\":\"alert\","
                        + "\"src_ip\":\"10.0.0.1\",\"src_port\":1024,\"dest_ip\":\"10.0.0.2\",\"dest_port\":53,"
                        + "\"proto\":\"UDP\",\"host\":\"sensor\","
                        + "\"alert\":{\"action\":\"blocked\",\"gid\":1,\"signature_id\":17,\"rev\":1,"
                        + "\"signature\":\"a \\\"host\\\"\",\"category\":\"web\",\"severity\":1},"
                        + "\"verdict\":{\"action\":\"drop\"},"
                        + "\"gavel\":{\"policy\":\"web\",\"rule\":\"forbidden-host\",\"mode\":\"enforce\","
                        + "\"verdict\":\"drop\",\"reason\":\"rule\",\"queue\":5,\"packet_id\":4294967295,"
                        + "\"hook\":\"forward\",\"mark\":\"0x2/0xf\",\"out_iface\":\"eth2\",\"generation\":3,"
                        + "\"latency_us\":1}}\n");
    }

    @Test
    void saysWhoIsToldOfAReject() throws Exception {
        assertThat(line(packet(TCP.formatted("010")), Said.of(Verdict.REJECT, ALERT)))
                .contains(
                        "\"src_ip\":\"2001:db8::1\",\"src_port\":1024,\"dest_ip\":\"2001:db8::ff\"",
                        "\"verdict\":{\"action\":\"drop\",\"reject_target\":\"both\",\"reject\":[\"tcp-reset\"]}",
                        "\"verdict\":\"reject\"");
        Files.delete(file());
        assertThat(line(packet(TCP.formatted("002")), Said.of(Verdict.REJECT, ALERT)))
                .contains("\"reject_target\":\"to_client\",\"reject\":[\"tcp-reset\"]}");
        Files.delete(file());
        assertThat(line(packet(TCP.formatted("004")), Said.of(Verdict.REJECT, ALERT)))
                .as("a reset")
                .contains("\"verdict\":{\"action\":\"drop\"}");
        Files.delete(file());
        assertThat(line(packet(UDP), Said.of(Verdict.REJECT, ALERT)))
                .contains("\"verdict\":{\"action\":\"drop\",\"reject\":[\"icmp-port-unreachable\"]}");
    }

    @Test
    void numbersRulesByThemselvesOrByTheirNames() throws Exception {
        Alert plain = new Alert(new Alert.Source("web", "forbidden-host", "enforce"), null, 0, 3, 1, 1);
        assertThat(line(packet(UDP), Said.of(Verdict.ACCEPT, plain)))
                .contains(
                        "\"action\":\"allowed\"",
                        "\"signature\":\"web/forbidden-host\"",
                        "\"signature_id\":1936801549,",
                        "\"severity\":3",
                        "\"verdict\":{\"action\":\"accept\"}");
    }

    @Test
    void allowsWhatAShadowRuleWouldHaveBlocked() throws Exception {
        Alert shadow = new Alert(new Alert.Source("next", "x", "shadow"), null, 0, 3, 1, 1);
        assertThat(line(packet(UDP), Said.of(Verdict.DROP, shadow)))
                .contains("\"action\":\"allowed\"", "\"mode\":\"shadow\"", "\"verdict\":\"drop\"");
    }

    @Test
    void givesOneEventARule() throws Exception {
        Events events = started(EventType.ALERT);
        Alert other = new Alert(new Alert.Source("web", "noted", "enforce"), null, 0, 3, 1, 1);
        events.listener().judged(packet(UDP), Said.of(Verdict.DROP, other, ALERT));
        events.listener().judged(packet(UDP), Said.of(Verdict.ACCEPT));
        events.close(LIMIT);
        assertThat(lines())
                .extracting(line -> String.valueOf(((Map<?, ?>) line.get("gavel")).get("rule")))
                .containsExactly("noted", "forbidden-host");
    }

    @Test
    void bothDirectionsOfAFlowShareItsId() throws Exception {
        Events events = started(EventType.ALERT);
        VerdictListener listener = events.listener();
        String back = UDP.replace("0a0000010a000002" + "04000035", "0a0000020a000001" + "00350400");
        listener.judged(packet(UDP), Said.of(Verdict.DROP, ALERT));
        listener.judged(packet(back), Said.of(Verdict.DROP, ALERT));
        listener.judged(packet(UDP.replace("0400", "0401")), Said.of(Verdict.DROP, ALERT));
        events.close(LIMIT);
        List<Object> flows = new ArrayList<>();
        lines().forEach(line -> flows.add(line.get("flow_id")));
        assertThat(flows.get(0)).isEqualTo(flows.get(1)).isNotEqualTo(flows.get(2));
    }

    @Test
    void tellsOfMalformedAndOfTruncatedPackets() throws Exception {
        Events events = started(EventType.ANOMALY);
        VerdictListener listener = events.listener();
        Decision malformed = new Said(Verdict.DROP, Reason.MALFORMED, 0, 0, List.of());
        listener.judged(packet(UDP.replace("000c0000", "00ff0000")), malformed); // longer than the packet
        listener.judged(packet("45"), malformed);
        listener.judged(packet(""), malformed);
        listener.judged(packet(UDP), new Said(Verdict.ACCEPT, Reason.TRUNCATED, 0, 0, List.of(ALERT)));
        listener.judged(packet(UDP), Said.of(Verdict.DROP, ALERT));
        events.close(LIMIT);
        assertThat(lines())
                .extracting(line -> line.get("anomaly"))
                .containsExactly(
                        Map.of("type", "decode", "event", "malformed", "layer", "udp"),
                        Map.of("type", "decode", "event", "malformed", "layer", "ip"),
                        Map.of("type", "decode", "event", "malformed", "layer", "ip"),
                        Map.of("type", "decode", "event", "truncated"));
        assertThat(lines().get(0)).containsEntry("src_ip", "10.0.0.1").doesNotContainKeys("src_port", "alert");
        assertThat(lines().get(2)).doesNotContainKeys("src_ip", "flow_id", "proto");
        assertThat(lines().get(2).get("gavel").toString())
                .contains("reason=malformed")
                .doesNotContain("policy");
    }

    @Test
    void saysHowManyEventsTheRateHasWithheld() throws Exception {
        Events events = started(EventType.ALERT);
        Alert rare = new Alert(new Alert.Source("web", "x", "enforce"), null, 0, 3, 2, 200_000_000);
        VerdictListener listener = events.listener();
        for (int i = 0; i < 1000; i++) {
            listener.judged(packet(UDP), Said.of(Verdict.DROP, rare));
        }
        Thread.sleep(200);
        listener.judged(packet(UDP), Said.of(Verdict.DROP, rare));
        events.close(LIMIT);
        long suppressed = 0;
        for (Map<String, Object> line : lines()) {
            Object count = ((Map<?, ?>) line.get("gavel")).get("suppressed");
            suppressed += count == null ? 0 : ((Number) count).longValue();
        }
        assertThat(lines().size() + suppressed).isEqualTo(1001);
        assertThat(suppressed).isPositive();
    }

    @Test
    void losesAndCountsWhatTheWriterCannotTakeInTime() throws Exception {
        Events events = events(file(), EventType.ALERT);
        events.open();
        VerdictListener listener = events.listener(); // nobody writes yet
        for (int i = 0; i < 10_000; i++) {
            listener.judged(packet(UDP), Said.of(Verdict.DROP, ALERT));
        }
        assertThat(events.lost()).isEqualTo(10_000 - 4096);
        events.start(DEVICES, overloads::get, losses::get);
        events.close(LIMIT);
        assertThat(events.written()).isEqualTo(4096);
        assertThat(lines()).hasSize(4096);
    }

    @Test
    void losesOnlyTheEventOfWhichNoLineCanBeMade() throws Exception {
        for (Throwable bug : List.of(new IllegalStateException("our bug"), new AssertionError("our bug"))) {
            Events events = events(file(), EventType.ALERT);
            events.open();
            VerdictListener listener = events.listener();
            for (int device : new int[] {1, 9, 2, 9, 9, 3}) {
                listener.judged(packet(UDP).inDevice(device), Said.of(Verdict.DROP, ALERT));
            }
            events.start(device -> failingAtNine(device, bug), overloads::get, losses::get);
            while (events.written() + events.lost() < 6) {
                Thread.onSpinWait();
            }
            listener.judged(packet(UDP).inDevice(9), Said.of(Verdict.DROP, ALERT));
            listener.judged(packet(UDP).inDevice(4), Said.of(Verdict.DROP, ALERT));
            events.close(LIMIT);
            assertThat(lines())
                    .as("%s", bug)
                    .extracting(line -> line.get("in_iface"))
                    .containsExactly("eth1", "eth2", "eth3", "eth4");
            assertThat(events.written()).isEqualTo(4);
            assertThat(events.lost()).isEqualTo(4);
            Files.delete(file());
        }
    }

    @Test
    void losesAndCountsWhatTheDiskDoesNotTake() throws Exception {
        Events events = events(Path.of("/dev/full"), EventType.ALERT);
        events.open();
        events.start(DEVICES, overloads::get, losses::get);
        events.listener().judged(packet(UDP), Said.of(Verdict.DROP, ALERT));
        events.close(LIMIT);
        assertThat(events.lost()).isEqualTo(1);
        assertThat(events.written()).isZero();
    }

    @Test
    void makesAFileThatItsGroupMayRead() throws Exception {
        started(EventType.ALERT).close(LIMIT);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-r-----");
    }

    @Test
    void addsToTheFileThatIsThere() throws Exception {
        Files.writeString(file(), "{}\n");
        Events events = started(EventType.ALERT);
        events.listener().judged(packet(UDP), Said.of(Verdict.DROP, ALERT));
        events.close(LIMIT);
        assertThat(Files.readAllLines(file())).hasSize(2).startsWith("{}");
    }

    @Test
    void saysWhyItCannotOpenTheFile() {
        Path missing = folder.resolve("nowhere/events.json");
        assertThatThrownBy(() -> events(missing, EventType.ALERT).open())
                .isInstanceOf(IOException.class)
                .hasMessage(missing + ": no such directory");
        assertThatThrownBy(() -> events(folder, EventType.ALERT).open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder.toString());
    }

    @Test
    void opensTheFileAsSoonAsItCanBe() throws Exception {
        Files.createDirectory(folder.resolve("late"));
        Events events = events(folder.resolve("late/events.json"), EventType.ALERT);
        events.start(DEVICES, overloads::get, losses::get);
        events.listener().judged(packet(UDP), Said.of(Verdict.DROP, ALERT));
        events.close(LIMIT);
        assertThat(events.written()).isEqualTo(1);
    }

    @Test
    void withoutTypesItTouchesNothing() throws Exception {
        Events events = started();
        assertThat(events.listener()).isSameAs(VerdictListener.NONE);
        events.reloaded(2);
        events.reopen();
        events.close(LIMIT);
        assertThat(file()).doesNotExist();
    }

    @Test
    void tellsOfReloadsOverloadsAndLosses() throws Exception {
        Events events = started(EventType.RELOAD, EventType.OVERLOAD, EventType.LOSS);
        events.reloaded(2);
        while (events.written() == 0) {
            Thread.onSpinWait();
        }
        overloads.addAndGet(7);
        losses.addAndGet(9);
        events.reloaded(3);
        events.notReloaded(3, "p.yaml:1:1: empty file");
        events.close(LIMIT);
        assertThat(lines())
                .containsExactlyInAnyOrder(
                        Map.of(
                                "event_type",
                                "reload",
                                "host",
                                "sensor",
                                "reload",
                                Map.of("result", "success"),
                                "gavel",
                                Map.of("generation", 2)),
                        Map.of(
                                "event_type",
                                "reload",
                                "host",
                                "sensor",
                                "reload",
                                Map.of("result", "failure", "error", "p.yaml:1:1: empty file"),
                                "gavel",
                                Map.of("generation", 3)),
                        Map.of("event_type", "overload", "host", "sensor", "overload", Map.of("packets", 7)),
                        Map.of("event_type", "loss", "host", "sensor", "loss", Map.of("packets", 9)));
    }

    @Test
    void writesOnlyTheTypesAskedFor() throws Exception {
        for (EventType type : EnumSet.of(EventType.ALERT, EventType.RELOAD)) {
            Events events = started(type);
            events.listener().judged(packet(UDP), Said.of(Verdict.DROP, ALERT));
            events.reloaded(2);
            losses.incrementAndGet();
            events.close(LIMIT);
            assertThat(lines()).extracting(line -> line.get("event_type")).containsExactly(type.word());
            Files.delete(file());
        }
    }

    @Test
    void staysWithin16KiBALine() throws Exception {
        Alert endless = new Alert(
                new Alert.Source("p".repeat(64), "r".repeat(64), "enforce"), "\u0001".repeat(1 << 20), 0, 3, 1, 1);
        String line = line(packet(UDP), Said.of(Verdict.DROP, endless));
        assertThat(line.length()).isBetween(8000, 16 * 1024);
        assertThat(Json.object(line)).containsKey("gavel");
    }
}
