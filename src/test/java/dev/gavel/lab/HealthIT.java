package dev.gavel.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker of the daemon as it ships stands still: its packets are answered in its place, and supervisors are told. */
@Timeout(60)
class HealthIT {
    private static final int PORT = 7000;
    private static final int METRICS_PORT = 19464;
    private static final int TIMEOUT_MS = 10_000;
    private static final Duration WATCHDOG = Duration.ofSeconds(6); // three seconds, and looks in between

    private Lab lab;
    private Client client;

    @BeforeEach
    void build() {
        lab = new Lab(Lab.Place.INPUT);
        client = new Client(lab.client(), 5000);
        new EchoServer(lab.server(), PORT);
        lab.iptables().add("queue", "-A INPUT -p udp --dport %d -j NFQUEUE".formatted(PORT));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private record Health(int status, String text) {}

    private Health health(String path) {
        return lab.gate().call(() -> {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + METRICS_PORT + path)
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            try (InputStream body =
                    connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new Health(connection.getResponseCode(), new String(body.readAllBytes(), UTF_8));
            }
        });
    }

    private void echo() {
        assertThat(client.udp(Ip.V4.server(), PORT, "hello")).isEqualTo(Outcome.answer("hello"));
    }

    @Test
    void isUnhealthyWhileAWorkerStandsStill() {
        Daemon daemon = new Setup(lab.gate(), 2)
                .queue(0)
                .config("overload: {deadline: 200ms, verdict: accept}")
                .start();
        echo();
        assertThat(health("/healthz").status()).isEqualTo(200);
        try (StoppedThread stopped = new StoppedThread(daemon.pid(), "worker-1")) {
            Await.until(() -> {
                echo(); // each by another port, hence sooner or later to worker 1
                Health health = health("/healthz");
                assertThat(health.status()).isEqualTo(503);
                assertThat(health.text()).contains("queue 0: a packet has waited for", "200 ms");
                assertThat(health("/livez").status()).isEqualTo(200);
            });
            assertThat(daemon.metric("gavel_overload_verdicts_total", "cause", "deadline"))
                    .isPositive();
            Await.within(
                    WATCHDOG.toNanos(),
                    () -> assertThat(health("/livez"))
                            .isEqualTo(new Health(503, "thread " + stopped.name() + " hangs\n")));
            for (int i = 0; i < 20; i++) {
                echo();
            }
        }
        Await.until(() -> assertThat(health("/healthz").status()).isEqualTo(200));
        assertThat(health("/livez").status()).isEqualTo(200);
        for (int i = 0; i < 20; i++) {
            echo();
        }
        Ledger.check(daemon, lab.iptables(), "queue");
        daemon.stop();
    }
}
