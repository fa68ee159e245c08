package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits on packets of the kernel, counted by rules of its own, and what shadow rules say meanwhile. */
@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {0, 2})
class LimitIT {
    private static final String NAME = "10-test.yaml";
    /** In effect never a token but those of the burst. */
    private static final String BURSTS = """
            policy: test
            rules:
              - {name: all, when: udp, limit: {over: 1/h, burst: 300}, mode: shadow, verdict: reject}
              - {name: each, when: udp, limit: {over: 1/h, burst: 200, per: [ip.src, src_port]}, verdict: drop}
            """;

    private static final String RATE = """
            policy: test
            rules:
              - {name: each, when: udp, limit: {over: 500/s, burst: 100, per: ip.src}, verdict: drop}
            """;

    @Parameter
    private int workers;

    private Lab lab;

    @BeforeEach
    void build() {
        lab = new Lab(Lab.Place.INPUT);
        lab.iptables().add("queue", "-t mangle -A INPUT -p udp --dport %d -j NFQUEUE".formatted(Flood.PORT));
        lab.iptables().add("passed", "-A INPUT -p udp --dport %d -j DROP".formatted(Flood.PORT));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private Setup setup(String policy) {
        return new Setup(lab.gate(), workers).queue(0).policy(NAME, policy);
    }

    private long flood(Daemon daemon, int count) throws Exception {
        try (Flood flood = new Flood(lab.client())) {
            flood.awaitMore(count);
            long sent = flood.stop();
            Ledger.check(daemon, lab.iptables(), "queue");
            return sent;
        }
    }

    @Test
    void letsTheBurstOfEachKeyGoByAlsoOverAReload() throws Exception {
        Setup setup = setup(BURSTS);
        Daemon daemon = setup.start();
        long sent = flood(daemon, 1000);
        assertThat(lab.iptables().packets("passed")).isEqualTo(200);
        setup.policy(NAME, BURSTS + "  - {name: more, when: tcp, verdict: accept}\n");
        daemon.signal(Signal.HUP);
        Await.until(() -> assertThat(daemon.metric("gavel_config_reloads_total", "result", "success"))
                .isEqualTo(1));
        sent += flood(daemon, 1000); // from another port: another key
        assertThat(lab.iptables().packets("passed")).isEqualTo(400);
        assertThat(daemon.metric("gavel_rule_matches_total", "rule", "each", "mode", "enforce"))
                .isEqualTo(sent - 400);
        assertThat(daemon.metric("gavel_rule_matches_total", "rule", "all", "mode", "shadow"))
                .isEqualTo(sent - 300);
        // The shadow's 300 go by in the first flood: 200 that passed, 100 that were dropped.
        assertThat(shadowVerdicts(daemon, "drop")).isEqualTo(sent - 300 - 200);
        assertThat(shadowVerdicts(daemon, "accept")).isEqualTo(200);
        assertThat(daemon.metric("gavel_shadow_verdicts_total")).isEqualTo(sent - 300);
        assertThat(daemon.metric("gavel_limit_keys_evicted_total", "rule", "each"))
                .isZero();
        daemon.stop();
    }

    /** Every packet that would have been rejected got {@code actual}. */
    private static long shadowVerdicts(Daemon daemon, String actual) {
        return daemon.metric("gavel_shadow_verdicts_total", "policy", "test", "verdict", "reject", "actual", actual);
    }

    @Test
    void letsTheRateGoByOverAllWorkers() throws Exception {
        Daemon daemon = setup(RATE).start();
        long start = System.nanoTime();
        flood(daemon, 4000);
        double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        assertThat((double) lab.iptables().packets("passed"))
                .isGreaterThan(100)
                .isLessThan(1.1 * (100 + 500 * seconds));
        daemon.stop();
    }
}
