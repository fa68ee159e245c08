package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import dev.gavel.kit.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The event file of a running daemon, while packets come and the file goes. */
@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {0, 2})
class EventsIT {
    private static final int PORT = 7000;
    private static final String POLICY = """
            policy: test
            rules:
              - name: noted
                when: udp.dst_port == %d
                verdict: continue
                event: true
              - name: no
                when: payload contains "DROPME"
                verdict: drop
                event: true
                message: nobody says this
              - name: rude
                when: payload contains "RESETME"
                verdict: reject
                event: true
            """.formatted(Flood.PORT);

    @Parameter
    private int workers;

    private Lab lab;
    private Path file;

    @BeforeEach
    void build() throws IOException {
        lab = new Lab(Lab.Place.INPUT);
        file = Files.createDirectories(Path.of("/run/events-" + System.nanoTime()))
                .resolve("events.json");
        new EchoServer(lab.server(), PORT);
        for (String protocol : new String[] {"tcp", "udp"}) {
            lab.iptables().add("queue", "-A INPUT -p %s --dport %d -j NFQUEUE".formatted(protocol, PORT));
        }
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private Setup setup(String file) {
        return new Setup(lab.gate(), workers).queue(0).events("{file: %s}".formatted(file));
    }

    private Daemon start(String file) {
        return setup(file).policy("10-test.yaml", POLICY).start();
    }

    private static List<Map<String, Object>> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(Json::object).toList();
    }

    private Map<String, Object> onlyLine(String rule) throws IOException {
        return lines(file).stream()
                .filter(line -> line.get("gavel").toString().contains("rule=" + rule + ","))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no event of " + rule));
    }

    @Test
    @SuppressWarnings("unchecked") // what the line holds is compared
    void writesALineForADropAndForAReject() {
        Daemon daemon = start(file.toString());
        Client hasty = new Client(lab.client(), 500);
        assertThat(hasty.udp(Ip.V4.server(), PORT, "DROPME")).isEqualTo(Outcome.TIMEOUT);
        assertThat(hasty.tcp(Ip.V6.server(), PORT, "RESETME")).isEqualTo(Outcome.RESET);
        Await.until(() -> {
            Map<String, Object> drop = onlyLine("no");
            assertThat(drop.keySet())
                    .containsExactly(
                            "timestamp",
                            "flow_id",
                            "in_iface",
                            "event_type",
                            "src_ip",
                            "src_port",
                            "dest_ip",
                            "dest_port",
                            "proto",
                            "host",
                            "alert",
                            "verdict",
                            "gavel");
            assertThat(drop)
                    .containsEntry("in_iface", "eth0")
                    .containsEntry("event_type", "alert")
                    .containsEntry("src_ip", Ip.V4.client())
                    .containsEntry("dest_ip", Ip.V4.server())
                    .containsEntry("dest_port", PORT)
                    .containsEntry("proto", "UDP")
                    .containsEntry("verdict", Map.of("action", "drop"));
            assertThat((Map<String, Object>) drop.get("alert"))
                    .containsEntry("action", "blocked")
                    .containsEntry("signature", "nobody says this")
                    .containsEntry("category", "test");
            assertThat((Map<String, Object>) drop.get("gavel"))
                    .containsEntry("queue", 0)
                    .containsEntry("packet_id", 1)
                    .containsEntry("hook", "input")
                    .containsEntry("generation", 1)
                    .containsKey("latency_us");
            assertThat(onlyLine("rude"))
                    .containsEntry("src_ip", Ip.V6.client())
                    .containsEntry("proto", "TCP")
                    .containsEntry(
                            "verdict",
                            Map.of("action", "drop", "reject_target", "both", "reject", List.of("tcp-reset")));
        });
        assertThat(daemon.metric("gavel_events_written_total", "sink", "file")).isEqualTo(2);
        assertThat(daemon.metric("gavel_events_lost_total", "sink", "file")).isZero();
        daemon.stop();
    }

    @Test
    void tellsOfReloads() {
        Setup setup = setup(file.toString()).policy("10-test.yaml", POLICY);
        Daemon daemon = setup.start();
        daemon.signal(Signal.HUP);
        Await.until(() -> assertThat(lines(file))
                .extracting(line -> line.get("reload"))
                .containsExactly(Map.of("result", "success")));
        setup.policy("20-bad.yaml", "policy: test\n");
        daemon.signal(Signal.HUP);
        Await.until(() -> assertThat(lines(file)).hasSize(2));
        assertThat(String.valueOf(line(1).get("reload"))).contains("result=failure", "20-bad.yaml:1:9: duplicate");
        assertThat(line(1)).containsEntry("gavel", Map.of("generation", 2));
        daemon.stop();
    }

    private Map<String, Object> line(int index) {
        try {
            return lines(file).get(index);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void rotationLosesNoLine() throws Exception {
        lab.iptables().add("queue", "-A INPUT -p udp --dport %d -j NFQUEUE".formatted(Flood.PORT));
        Daemon daemon = start(file.toString());
        List<Path> files = new ArrayList<>(List.of(file));
        try (Flood flood = new Flood(lab.client())) {
            for (int i = 1; i <= 3; i++) {
                flood.awaitMore(Flood.RATE / 10);
                files.add(Files.move(file, file.resolveSibling("events.json." + i)));
                daemon.signal(Signal.USR1);
                Await.until(() -> assertThat(file).isNotEmptyFile());
            }
            flood.stop();
        }
        Ledger.check(daemon, lab.iptables(), "queue");
        long matches = daemon.metric("gavel_rule_matches_total", "rule", "noted");
        Await.until(
                () -> assertThat(daemon.metric("gavel_events_written_total") + daemon.metric("gavel_events_lost_total"))
                        .isGreaterThanOrEqualTo(matches));
        long written = daemon.metric("gavel_events_written_total");
        long lost = daemon.metric("gavel_events_lost_total"); // the writer gets little of a busy machine's time
        daemon.stop();
        long lines = 0;
        long alerts = 0;
        for (Path one : files) {
            assertThat(one).isNotEmptyFile();
            lines += lines(one).size();
            alerts += lines(one).stream()
                    .filter(line -> line.get("event_type").equals("alert"))
                    .count();
        }
        assertThat(matches).isGreaterThan(Flood.RATE / 4);
        assertThat(lines).as("lines in all files, as counted").isEqualTo(written);
        assertThat(alerts + lost).as("events in the files and lost ones").isEqualTo(matches);
    }

    @Test
    void judgesOnWhenTheDiskIsFull() {
        Daemon daemon = start("/dev/full");
        Client hasty = new Client(lab.client(), 300);
        for (int i = 0; i < 5; i++) {
            assertThat(hasty.udp(Ip.V4.server(), PORT, "DROPME")).isEqualTo(Outcome.TIMEOUT);
        }
        assertThat(new Client(lab.client(), 5000).udp(Ip.V4.server(), PORT, "hello"))
                .isEqualTo(Outcome.answer("hello"));
        Await.until(() -> assertThat(daemon.metric("gavel_events_lost_total")).isEqualTo(5));
        assertThat(daemon.metric("gavel_events_written_total")).isZero();
        Ledger.check(daemon, lab.iptables(), "queue");
        daemon.stop();
        assertThat(daemon.output())
                .filteredOn(line -> line.contains("events are lost"))
                .hasSize(1);
    }

    @Test
    void writesToStandardOutput() {
        Daemon daemon = start("\"-\"");
        assertThat(new Client(lab.client(), 500).udp(Ip.V4.server(), PORT, "DROPME"))
                .isEqualTo(Outcome.TIMEOUT);
        Await.until(() -> assertThat(daemon.output())
                .filteredOn(line -> line.startsWith("{"))
                .hasSize(1));
        daemon.signal(Signal.USR1);
        assertThat(daemon.metric("gavel_events_written_total", "sink", "stdout"))
                .isEqualTo(1);
        daemon.stop();
    }

    @Test
    void needsAPlaceForEventsOnlyWhereARuleHasOne() {
        Daemon refusing =
                setup("/run/nowhere/events.json").policy("10-test.yaml", POLICY).launch();
        assertThat(refusing.awaitExit()).isEqualTo(78);
        assertThat(refusing.output())
                .anyMatch(
                        line -> line.matches(
                                ".*gavel.yaml:\\d+:\\d+: events cannot be written: /run/nowhere/events.json: no such directory.*"));
        Daemon warning = setup("/run/nowhere/events.json").start();
        assertThat(warning.output()).anyMatch(line -> line.startsWith("warning: events cannot be written: "));
        warning.stop();
    }
}
