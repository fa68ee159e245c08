package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** What accept, drop and reject do to both ends of TCP, UDP and ping, over IPv4 and IPv6, in each hook. */
@ParameterizedClass(name = "{0}, {1} workers")
@CsvSource({"INPUT, 0", "INPUT, 2", "OUTPUT, 0", "OUTPUT, 2", "FORWARD, 0", "FORWARD, 2"})
class VerdictsIT {
    private static final int PORT = 7000;
    private static final String POLICY = """
            policy: test
            rules:
              - name: quiet
                when: payload contains "DROPME"
                verdict: drop
              - name: rude
                when: payload contains "RESETME"
                verdict: reject
              - name: deaf
                when: icmp.type in {0, 8, 128, 129} and ip.addr in {%s, %s}
                verdict: drop
            """.formatted(Ip.V4.serverAlias(), Ip.V6.serverAlias());

    private static Lab lab;
    private static Daemon daemon;

    private final Lab.Place place;
    private final Client patient = new Client(lab.client(), 5000);
    private final Client hasty = new Client(lab.client(), 500);
    private EchoServer server;

    VerdictsIT(Lab.Place place, int workers) {
        this.place = place;
    }

    @BeforeParameterizedClassInvocation
    static void start(Lab.Place place, int workers) {
        lab = new Lab(place);
        Iptables iptables = lab.iptables();
        for (String protocol : new String[] {"tcp", "udp"}) {
            for (String side : new String[] {"--sport", "--dport"}) {
                iptables.add("queue", "-A %s -p %s %s %d -j NFQUEUE".formatted(place, protocol, side, PORT));
            }
        }
        for (Ip ip : Ip.values()) {
            iptables.add(ip, "queue", "-A %s %secho-request -j NFQUEUE".formatted(place, ip.icmpType));
            iptables.add(ip, "queue", "-A %s %secho-reply -j NFQUEUE".formatted(place, ip.icmpType));
            iptables.add(ip, "unreachable", "-A INPUT %sport-unreachable".formatted(ip.icmpType));
        }
        daemon = new Setup(lab.gate(), workers)
                .queue(0)
                .policy("10-test.yaml", POLICY)
                .start();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        try {
            daemon.stop();
        } finally {
            lab.close();
        }
    }

    @BeforeEach
    void serve() {
        server = new EchoServer(lab.server(), PORT);
    }

    @AfterEach
    void balance() throws Exception {
        server.close();
        Ledger.check(daemon, lab.iptables(), "queue");
    }

    @Test
    void passesWhatNoRuleBlocks() {
        for (Ip ip : Ip.values()) {
            assertThat(patient.tcp(ip.server(), PORT, "hello")).isEqualTo(Outcome.answer("hello"));
            assertThat(server.connection()).isEqualTo(Outcome.answer("hello"));
            assertThat(patient.udp(ip.server(), PORT, "hello")).isEqualTo(Outcome.answer("hello"));
            assertThat(patient.ping(ip.server())).isTrue();
        }
    }

    @Test
    void dropsAndLeavesTheClientWaiting() {
        long before = matches("quiet");
        for (Ip ip : Ip.values()) {
            assertThat(hasty.tcp(ip.server(), PORT, "DROPME")).isEqualTo(Outcome.TIMEOUT);
            assertThat(hasty.udp(ip.server(), PORT, "DROPME")).isEqualTo(Outcome.TIMEOUT);
            assertThat(hasty.ping(ip.serverAlias())).isFalse();
        }
        // A dropped segment comes again, hence no upper limit.
        assertThat(matches("quiet") - before).isGreaterThanOrEqualTo(4);
        assertThat(matches("deaf")).isPositive();
    }

    @Test
    void rejectResetsBothEndsOfAConnection() {
        for (Ip ip : Ip.values()) {
            assertThat(patient.tcp(ip.server(), PORT, "RESETME")).isEqualTo(Outcome.RESET);
            assertThat(server.connection()).isEqualTo(Outcome.RESET);
        }
    }

    @Test
    void rejectTellsTheSenderOfADatagram() {
        long before = matches("rude");
        for (Ip ip : Ip.values()) {
            if (place == Lab.Place.OUTPUT) {
                // The sender is the server here, whose socket does not hear of it: the kernel's counter does.
                long unreachable = lab.iptables().packets("unreachable");
                assertThat(hasty.udp(ip.server(), PORT, "RESETME")).isEqualTo(Outcome.TIMEOUT);
                Await.until(
                        () -> assertThat(lab.iptables().packets("unreachable")).isEqualTo(unreachable + 1));
            } else {
                assertThat(patient.udp(ip.server(), PORT, "RESETME")).isEqualTo(Outcome.RESET);
            }
        }
        assertThat(matches("rude") - before).isEqualTo(2);
    }

    private static long matches(String rule) {
        return daemon.metric("gavel_rule_matches_total", "policy", "test", "rule", rule);
    }
}
