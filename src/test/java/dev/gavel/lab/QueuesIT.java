package dev.gavel.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Several queues, a queue that another process holds, and a queue that overflows. */
@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {0, 2})
class QueuesIT {
    private static final int PORT = 7000;
    private static final int ADDRESSES = 32;
    private static final int QUEUE_UNAVAILABLE = 69;

    @Parameter
    private int workers;

    private Lab lab;
    private Client client;

    @BeforeEach
    void build() {
        lab = new Lab(Lab.Place.INPUT);
        client = new Client(lab.client(), 5000);
        new EchoServer(lab.server(), PORT);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void rule(String queues) {
        for (int port : new int[] {Flood.PORT, PORT}) {
            lab.iptables().add("queue", "-t mangle -A INPUT -p udp --dport %d -j NFQUEUE %s".formatted(port, queues));
        }
    }

    @Test
    void judgesBothQueuesOfABalancedRule() {
        rule("--queue-balance 0:1");
        Daemon daemon = new Setup(lab.gate(), workers).queue(0).queue(1).start();
        for (int i = 0; i < ADDRESSES; i++) {
            String source = Ip.V4.address(1, 100 + i);
            lab.client().ip("address", "add", source + "/32", "dev", "eth0");
            assertThat(echoFrom(source)).isEqualTo("hello");
        }
        assertThat(daemon.metric("gavel_packets_total", "queue", 0)).isPositive();
        assertThat(daemon.metric("gavel_packets_total", "queue", 1)).isPositive();
        assertThat(daemon.metric("gavel_packets_total")).isEqualTo(ADDRESSES);
        Ledger.check(daemon, lab.iptables(), "queue");
        assertThat(daemon.stop()).hasSize(2);
    }

    private String echoFrom(String source) {
        return lab.client().call(() -> {
            try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(source, 0))) {
                socket.setSoTimeout(client.timeoutMs());
                DatagramPacket datagram = new DatagramPacket("hello".getBytes(UTF_8), 5);
                datagram.setSocketAddress(new InetSocketAddress(Ip.V4.server(), PORT));
                socket.send(datagram);
                socket.receive(datagram);
                return new String(datagram.getData(), 0, datagram.getLength(), UTF_8);
            }
        });
    }

    @Test
    void refusesAQueueThatAnotherProcessHolds() {
        rule("--queue-num 0");
        Daemon first = new Setup(lab.gate(), workers).queue(0).start();
        Daemon second =
                new Setup(lab.gate(), workers).queue(0).metricsPort(19465).launch();
        assertThat(second.awaitExit()).isEqualTo(QUEUE_UNAVAILABLE);
        String holder = String.valueOf(QueueRow.of(lab.gate(), 0).orElseThrow().portId());
        assertThat(String.join("\n", second.output())).containsAnyOf(holder, String.valueOf(first.pid()));
        assertThat(client.udp(Ip.V4.server(), PORT, "hello")).isEqualTo(Outcome.answer("hello"));
        Ledger.check(first, lab.iptables(), "queue");
        first.stop();
    }

    @Test
    void countsWhatASmallReceiveBufferLosesAndGoesOn() throws Exception {
        rule("--queue-num 0");
        lab.iptables().add("passed", "-A INPUT -p udp --dport %d -j DROP".formatted(Flood.PORT));
        Daemon daemon = new Setup(lab.gate(), workers)
                .queue(0, ", receive-buffer: 16KiB")
                .config("overload: {deadline: 10s, verdict: accept}") // a stopped process is late for all it holds
                .start();
        try (Flood flood = new Flood(lab.client())) {
            Await.until(() -> assertThat(daemon.metric("gavel_packets_total")).isPositive());
            daemon.signal(Signal.STOP);
            flood.awaitMore(Flood.RATE * 3 / 10);
            daemon.signal(Signal.CONT);
            flood.awaitMore(Flood.RATE / 10);
            flood.stop();
        }
        // A packet behind the last loss makes it visible: only a later id shows that others are missing.
        assertThat(client.udp(Ip.V4.server(), PORT, "hello")).isEqualTo(Outcome.answer("hello"));
        Ledger.check(daemon, lab.iptables(), "queue");
        long lost = daemon.metric("gavel_packet_id_gaps_total", "queue", 0);
        assertThat(lost).isPositive();
        assertThat(QueueRow.of(lab.gate(), 0).orElseThrow().userDropped()).isEqualTo(lost);
        Await.until(() -> assertThat(daemon.metric("gavel_kernel_packets_dropped_total", "reason", "user"))
                .isEqualTo(lost));
        // One echo of those received is not in the count of the flood.
        assertThat(lab.iptables().packets("passed")).isEqualTo(daemon.metric("gavel_packets_total") - 1);
        assertEveryPacketIsJudged(daemon);
        daemon.stop();
    }

    private void assertEveryPacketIsJudged(Daemon daemon) {
        long received = daemon.metric("gavel_packets_total");
        for (int i = 0; i < 100; i++) {
            assertThat(client.udp(Ip.V4.server(), PORT, "hello")).isEqualTo(Outcome.answer("hello"));
        }
        assertThat(daemon.metric("gavel_packets_total")).isEqualTo(received + 100);
        Ledger.check(daemon, lab.iptables(), "queue");
    }
}
