package dev.gavel.lab;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a scraper finds: every family and series of Gavel's own, compared with a file. Names, types and labels are a
 * contract; so is that each series is there from the start.
 */
class ExpositionIT {
    private static final int PORT = 7000;
    private static final Path GOLDEN = Path.of("src/test/resources/dev/gavel/lab");
    private static final String RENEW = "gavel.golden.renew";
    private static final String POLICY = """
            policy: test
            rules:
              - name: noted
                when: payload contains "x"
                verdict: continue
              - name: rude
                when: payload contains "DROPME"
                verdict: drop
              - name: planned
                mode: shadow
                limit: {over: 10/s, per: ip.src}
                verdict: drop
            """;

    private final Lab lab = new Lab(Lab.Place.INPUT);

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource({"text/plain, exposition.txt", "application/openmetrics-text, openmetrics.txt"})
    void servesWhatIsWrittenDown(String accept, String name) throws Exception {
        lab.iptables().add(Ip.V4, "queue", "-A INPUT -p udp --dport %d -j NFQUEUE --queue-num 7".formatted(PORT));
        Daemon daemon =
                new Setup(lab.gate(), 2).queue(7).policy("10-test.yaml", POLICY).start();
        expectGolden(daemon.scrape(accept), GOLDEN.resolve(name));
        // Nor does a series appear only when there is something to count.
        new EchoServer(lab.server(), PORT);
        Client client = new Client(lab.client(), 500);
        assertThat(client.udp(Ip.V4.server(), PORT, "x")).isEqualTo(Outcome.answer("x"));
        assertThat(client.udp(Ip.V4.server(), PORT, "DROPME")).isEqualTo(Outcome.TIMEOUT);
        daemon.signal(Signal.HUP);
        Await.until(() -> assertThat(daemon.metric("gavel_config_reloads_total", "result", "success"))
                .isEqualTo(1));
        assertThat(daemon.metric("gavel_verdicts_total", "reason", "rule")).isEqualTo(1);
        expectGolden(daemon.scrape(accept), GOLDEN.resolve(name));
    }

    private void expectGolden(String exposition, Path golden) throws IOException {
        String names = names(exposition);
        if (Boolean.getBoolean(RENEW)) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, names);
        }
        String expected = Files.readString(golden);
        assertThat(names)
                .as(
                        "%s; if this shall change: -D%s=true renews it, and the contract says what is breaking",
                        golden, RENEW)
                .isEqualTo(expected);
    }

    /** The lines about Gavel's own metrics without their values, and without what differs from host to host. */
    private static String names(String exposition) {
        return exposition
                .lines()
                .filter(line -> line.matches("(# \\w+ )?gavel_.*|# EOF"))
                .map(line -> line.startsWith("#") ? line : line.substring(0, line.lastIndexOf(' ')))
                .map(line -> line.replaceAll("\\b(flags|java|kernel|revision|version)=\"[^\"]+\"", "$1=\"*\""))
                .collect(joining("\n", "", "\n"));
    }
}
