package dev.gavel.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Scrapers that behave badly, and a port that somebody else has: neither hinders the daemon; and what the status server
 * says of a worker that stands still.
 */
class StatusIT {
    private static final int PORT = 7000;
    private static final int METRICS_PORT = 19465;
    private static final Duration WATCHDOG = Duration.ofSeconds(6); // three seconds, and looks in between
    private static final String REQUEST = "GET /metrics HTTP/1.1\r\nHost: gavel\r\n";

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

    private Setup setup(int workers) {
        return new Setup(lab.gate(), workers).queue(0).metricsPort(METRICS_PORT);
    }

    private void echo(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(client.udp(Ip.V4.server(), PORT, "hello")).isEqualTo(Outcome.answer("hello"));
        }
    }

    /** A client of the metrics that sends {@code text} and reads nothing. */
    private Socket silent(String text) {
        return lab.gate().call(() -> {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(1024);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), METRICS_PORT));
            socket.getOutputStream().write(text.getBytes(US_ASCII));
            return socket;
        });
    }

    @Test
    void judgesAndAnswersWhileScrapersAreSilent() throws IOException {
        Daemon daemon = setup(0).start();
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            silent.add(silent(""));
        }
        for (int i = 0; i < 5; i++) {
            silent.add(silent(REQUEST));
        }
        for (int i = 0; i < 2; i++) {
            silent.add(silent((REQUEST + "\r\n").repeat(500))); // more answers than the buffers hold
        }
        echo(200);
        Ledger.check(daemon, lab.iptables(), "queue"); // it scrapes
        assertThat(daemon.metric("gavel_packets_total")).isEqualTo(200);
        for (Socket socket : silent) {
            socket.close();
        }
        daemon.stop();
    }

    @Test
    void judgesWithoutItsPortAndServesOnceItIsFree() throws Exception {
        ServerSocket taken = takePort();
        Daemon daemon = setup(0).launch();
        Await.until(() -> assertThat(daemon.output()).anyMatch(line -> line.contains("no metrics:")));
        long later = System.nanoTime() + 2_500_000_000L; // it has tried again meanwhile
        do {
            echo(20);
        } while (System.nanoTime() - later < 0);
        assertThat(daemon.output())
                .filteredOn(line -> line.contains("no metrics:"))
                .singleElement()
                .asString()
                .contains("127.0.0.1:" + METRICS_PORT, "metrics.listen");
        taken.close();
        daemon.awaitListening();
        Ledger.check(daemon, lab.iptables(), "queue");
        daemon.stop();
    }

    private ServerSocket takePort() {
        ServerSocket taken = lab.gate().call(() -> new ServerSocket(METRICS_PORT, 1, InetAddress.getLoopbackAddress()));
        lab.gate().closing(taken);
        return taken;
    }

    /** Its packets are answered in its place, and supervisors are told. */
    @Test
    @Timeout(60)
    void isUnhealthyWhileAWorkerStandsStill() {
        Daemon daemon =
                setup(2).config("overload: {deadline: 200ms, verdict: accept}").start();
        echo(1);
        assertThat(daemon.get("/healthz").status()).isEqualTo(200);
        try (StoppedThread stopped = new StoppedThread(daemon.pid(), "worker-1")) {
            Await.until(() -> {
                echo(1); // each by another port, hence sooner or later to worker 1
                Daemon.Answer health = daemon.get("/healthz");
                assertThat(health.status()).isEqualTo(503);
                assertThat(health.text()).contains("queue 0: a packet has waited for", "200 ms");
                assertThat(daemon.get("/livez").status()).isEqualTo(200);
            });
            assertThat(daemon.metric("gavel_overload_verdicts_total", "cause", "deadline"))
                    .isPositive();
            Await.within(
                    WATCHDOG.toNanos(),
                    () -> assertThat(daemon.get("/livez"))
                            .isEqualTo(new Daemon.Answer(503, "thread " + stopped.name() + " hangs\n")));
            echo(20);
        }
        Await.until(() -> assertThat(daemon.get("/healthz").status()).isEqualTo(200));
        assertThat(daemon.get("/livez").status()).isEqualTo(200);
        echo(20);
        Ledger.check(daemon, lab.iptables(), "queue");
        daemon.stop();
    }
}
