package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Stop, reload and crash, while packets keep coming. */
@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {0, 2})
class SignalsIT {
    private static final int PORT = 7000;
    private static final String POLICY = "10-test.yaml";
    private static final String DROPS_OLD = dropping("OLD", "drop");
    private static final String DROPS_NEW = dropping("NEW", "drop");

    @Parameter
    private int workers;

    private Lab lab;
    private Client patient;
    private Client hasty;

    private static String dropping(String text, String verdict) {
        return """
                policy: test
                rules:
                  - name: no
                    when: payload contains "%s"
                    verdict: %s
                """.formatted(text, verdict);
    }

    @BeforeEach
    void build() {
        lab = new Lab(Lab.Place.INPUT);
        patient = new Client(lab.client(), 5000);
        hasty = new Client(lab.client(), 300);
        new EchoServer(lab.server(), PORT);
        lab.iptables().add("flood", "-t mangle -A INPUT -p udp --dport " + Flood.PORT);
        lab.iptables().add("passed", "-A INPUT -p udp --dport %d -j DROP".formatted(Flood.PORT));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void queue(String bypass) {
        for (int port : new int[] {Flood.PORT, PORT}) {
            lab.iptables().add("queue", "-t mangle -A INPUT -p udp --dport %d -j NFQUEUE%s".formatted(port, bypass));
        }
    }

    private Setup setup() {
        return new Setup(lab.gate(), workers)
                .queue(0)
                .config("overload: {deadline: 10s, verdict: accept}") // a stopped process is late for all it holds
                .policy(POLICY, DROPS_OLD);
    }

    @Test
    void judgesWhatWaitsBeforeItStops() throws Exception {
        queue("");
        Daemon daemon = setup().start();
        long queued;
        try (Flood flood = new Flood(lab.client())) {
            Await.until(() -> assertThat(daemon.metric("gavel_packets_total")).isGreaterThan(1000));
            daemon.signal(Signal.STOP);
            flood.awaitMore(Flood.RATE / 20);
            queued = lab.iptables().packets("queue");
            daemon.signal(Signal.TERM);
            daemon.signal(Signal.CONT);
            daemon.awaitStop();
            flood.stop();
        }
        assertThat(daemon.summaries()).hasSize(1);
        Daemon.Summary summary = daemon.summaries().get(0);
        assertThat(summary.received())
                .as("received, of those queued before the signal")
                .isGreaterThanOrEqualTo(queued);
        assertThat(summary.verdicts()).isEqualTo(summary.received());
        assertThat(summary.gaps()).isZero();
        assertThat(lab.iptables().packets("passed"))
                .as("accepted by the kernel")
                .isEqualTo(summary.received());
    }

    @Test
    void takesGoodPoliciesAndKeepsTheOldOnesWhereTheNewAreBroken() throws Exception {
        queue("");
        Setup setup = setup();
        Daemon daemon = setup.start();
        try (Flood flood = new Flood(lab.client())) {
            assertJudgement("NEW", "OLD");

            long before = reloads(daemon, "success");
            setup.policy(POLICY, DROPS_NEW);
            daemon.signal(Signal.HUP);
            Await.until(() -> assertThat(reloads(daemon, "success")).isEqualTo(before + 1));
            assertThat(daemon.metric("gavel_config_last_reload_successful")).isEqualTo(1);
            assertJudgement("OLD", "NEW");

            setup.policy(POLICY, dropping("OLD", "acept"));
            daemon.signal(Signal.HUP);
            Await.until(() -> assertThat(reloads(daemon, "failure")).isEqualTo(1));
            assertThat(daemon.metric("gavel_config_last_reload_successful")).isZero();
            Await.until(() -> assertThat(daemon.output()).anyMatch(line -> line.contains(POLICY + ":5:14: ")));
            assertJudgement("OLD", "NEW");

            flood.stop();
            Ledger.check(daemon, lab.iptables(), "queue");
            assertThat(lab.iptables().packets("passed"))
                    .as("packets of the flood that passed")
                    .isEqualTo(lab.iptables().packets("flood"));
        }
        daemon.stop();
    }

    private void assertJudgement(String passes, String blocked) {
        assertThat(patient.udp(Ip.V4.server(), PORT, passes)).isEqualTo(Outcome.answer(passes));
        assertThat(hasty.udp(Ip.V4.server(), PORT, blocked)).isEqualTo(Outcome.TIMEOUT);
    }

    private static long reloads(Daemon daemon, String result) {
        return daemon.metric("gavel_config_reloads_total", "result", result);
    }

    @Test
    void survivesTheSignalOfLogRotation() {
        queue("");
        Daemon daemon = setup().start();
        daemon.signal(Signal.USR1);
        assertJudgement("NEW", "OLD");
        assertThat(daemon.isRunning()).isTrue();
        Ledger.check(daemon, lab.iptables(), "queue");
        List<Daemon.Summary> summaries = daemon.stop();
        assertThat(summaries).containsExactly(new Daemon.Summary(0, 2, 2, 0));
    }

    @Test
    void crashWithBypassLetsTrafficGoOn() {
        queue(" --queue-bypass");
        crash();
        assertThat(patient.udp(Ip.V4.server(), PORT, "OLD")).isEqualTo(Outcome.answer("OLD"));
        assertBindsAgain();
    }

    @Test
    void crashWithoutBypassLetsNothingPassUninspected() {
        queue("");
        crash();
        assertThat(hasty.udp(Ip.V4.server(), PORT, "NEW")).isEqualTo(Outcome.TIMEOUT);
        assertBindsAgain();
    }

    private void crash() {
        Daemon daemon = setup().start();
        assertJudgement("NEW", "OLD");
        try (Flood flood = new Flood(lab.client())) {
            flood.awaitMore(Flood.RATE / 20);
            daemon.close();
        }
    }

    private void assertBindsAgain() {
        Daemon next = setup().start();
        assertJudgement("NEW", "OLD");
        Ledger.check(next);
        next.stop();
    }
}
