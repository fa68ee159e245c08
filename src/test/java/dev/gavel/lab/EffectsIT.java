package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Marks, other queues and repetition: what the rest of the kernel's rules sees of a verdict. */
@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {0, 2})
class EffectsIT {
    private static final int TAGGED = 5001;
    private static final int REQUEUED = 5002;
    private static final int REPEATED = 5003;
    private static final int REPEATED_UNGUARDED = 5004;
    private static final int MODE_REPEAT = 5005;
    private static final int MODE_REPEAT_UNGUARDED = 5006;
    private static final String FIRST = """
            policy: first
            queues: 0
            rules:
              - name: tag
                when: udp.dst_port == 5001
                verdict: accept
                mark: 0x5/0xf
              - name: hand-on
                when: udp.dst_port == 5002
                verdict: queue 1
              - name: again
                when: udp.dst_port in {5003, 5004}
                verdict: repeat
                mark: 0x10/0x10
            """;
    private static final String SECOND = """
            policy: second
            queues: [1]
            rules:
              - name: no
                when: payload contains "SECOND"
                verdict: drop
            """;

    private static Lab lab;
    private static Daemon daemon;

    private final Client patient = new Client(lab.client(), 5000);
    private final Client hasty = new Client(lab.client(), 500);

    EffectsIT(int workers) {}

    @BeforeParameterizedClassInvocation
    static void start(int workers) {
        lab = new Lab(Lab.Place.INPUT);
        Iptables iptables = lab.iptables();
        String queue = "-t mangle -A INPUT -p udp --dport %d -j NFQUEUE --queue-num %d";
        iptables.add("to-0", queue.formatted(TAGGED, 0));
        iptables.add("to-0", queue.formatted(REQUEUED, 0));
        iptables.add("to-0", queue.formatted(REPEATED, 0) + " -m mark ! --mark 0x10/0x10");
        iptables.add("to-0", queue.formatted(REPEATED_UNGUARDED, 0));
        iptables.add("to-2", queue.formatted(MODE_REPEAT, 2) + " -m mark ! --mark 0x20/0x20");
        iptables.add("to-2", queue.formatted(MODE_REPEAT_UNGUARDED, 2));
        // Behind the queue in the same chain: only what repeats the hook gets here.
        iptables.add("behind-tagged", "-t mangle -A INPUT -p udp --dport " + TAGGED);
        iptables.add("behind-repeated", "-t mangle -A INPUT -p udp --dport " + REPEATED);
        iptables.add("behind-mode", "-t mangle -A INPUT -p udp --dport " + MODE_REPEAT);
        // In a later chain.
        iptables.add("later-tagged", "-A INPUT -p udp --dport %d -m mark --mark 0x5/0xf".formatted(TAGGED));
        iptables.add("later-repeated", "-A INPUT -p udp --dport %d -m mark --mark 0x10/0x10".formatted(REPEATED));
        iptables.add("later-mode", "-A INPUT -p udp --dport %d -m mark --mark 0x20/0x20".formatted(MODE_REPEAT));
        for (int port = TAGGED; port <= MODE_REPEAT_UNGUARDED; port++) {
            new EchoServer(lab.server(), port);
        }
        daemon = new Setup(lab.gate(), workers)
                .queue(0)
                .queue(1)
                .queue(2, ", mode: repeat, repeat-mark: 0x20/0x20")
                .policy("10-first.yaml", FIRST)
                .policy("20-second.yaml", SECOND)
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

    @AfterEach
    void balance() {
        Ledger.check(daemon);
    }

    @Test
    void setsAMarkThatALaterChainSees() {
        assertAnswers(TAGGED);
        assertThat(lab.iptables().packets("later-tagged")).isEqualTo(2);
        assertThat(lab.iptables().packets("behind-tagged")).isZero();
    }

    @Test
    void handsPacketsToThePolicyOfAnotherQueue() {
        long before = received(1);
        assertAnswers(REQUEUED);
        assertThat(hasty.udp(Ip.V4.server(), REQUEUED, "SECOND")).isEqualTo(Outcome.TIMEOUT);
        assertThat(received(1) - before).isEqualTo(3);
        assertThat(daemon.metric("gavel_verdicts_total", "queue", 0, "verdict", "queue"))
                .isEqualTo(3);
        assertThat(daemon.metric("gavel_verdicts_total", "queue", 1, "verdict", "drop"))
                .isEqualTo(1);
    }

    @Test
    void repeatsTheHookOnceWhereTheRuleExcludesTheMark() {
        long before = received(0);
        assertAnswers(REPEATED);
        assertThat(received(0) - before).isEqualTo(2);
        assertThat(lab.iptables().packets("behind-repeated")).isEqualTo(2);
        assertThat(lab.iptables().packets("later-repeated")).isEqualTo(2);
    }

    @Test
    void acceptsWhatWouldRepeatForEver() {
        long before = received(0);
        assertAnswers(REPEATED_UNGUARDED);
        assertThat(received(0) - before).isEqualTo(4);
    }

    @Test
    void modeRepeatSendsEachAcceptedPacketThroughTheRestOfTheChain() {
        long before = received(2);
        assertAnswers(MODE_REPEAT);
        assertThat(received(2) - before).isEqualTo(2);
        assertThat(lab.iptables().packets("behind-mode")).isEqualTo(2);
        assertThat(lab.iptables().packets("later-mode")).isEqualTo(2);
    }

    @Test
    void modeRepeatAcceptsWhatWouldRepeatForEver() {
        long before = received(2);
        assertAnswers(MODE_REPEAT_UNGUARDED);
        assertThat(received(2) - before).isEqualTo(4);
    }

    /** One datagram over each IP version. */
    private void assertAnswers(int port) {
        for (Ip ip : Ip.values()) {
            assertThat(patient.udp(ip.server(), port, "hello")).isEqualTo(Outcome.answer("hello"));
        }
        Ledger.check(daemon);
    }

    private static long received(int queue) {
        return daemon.metric("gavel_packets_total", "queue", queue);
    }
}
