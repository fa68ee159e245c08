package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The laboratory itself, without a daemon: what its instruments show when nobody judges. */
@ParameterizedClass
@EnumSource
class LabIT {
    private static final int PORT = 7000;

    private final Lab.Place place;
    private final Lab lab;
    private final Client client;
    private final EchoServer server;

    LabIT(Lab.Place place) {
        this.place = place;
        lab = new Lab(place);
        client = new Client(lab.client(), 300);
        server = new EchoServer(lab.server(), PORT);
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        lab.close();
    }

    @Test
    void answersWhatNoRuleTouches() {
        for (Ip ip : Ip.values()) {
            assertThat(client.tcp(ip.server(), PORT, "hello")).isEqualTo(Outcome.answer("hello"));
            assertThat(server.connection()).isEqualTo(Outcome.answer("hello"));
            assertThat(client.udp(ip.server(), PORT, "hello")).isEqualTo(Outcome.answer("hello"));
            assertThat(client.ping(ip.server())).isTrue();
            assertThat(client.ping(ip.serverAlias())).isTrue();
        }
    }

    @Test
    void passesAQueueWithBypassAndNoListener() {
        lab.iptables().add("queue", "-A %s -p tcp -j NFQUEUE --queue-num 0 --queue-bypass".formatted(place));
        for (Ip ip : Ip.values()) {
            assertThat(client.tcp(ip.server(), PORT, "hello")).isEqualTo(Outcome.answer("hello"));
        }
        assertThat(lab.iptables().packets("queue")).isPositive();
    }

    @Test
    void timesOutAtAQueueWithoutBypassAndListener() {
        lab.iptables().add("queue", "-A %s -p tcp -j NFQUEUE --queue-num 0".formatted(place));
        for (Ip ip : Ip.values()) {
            assertThat(client.tcp(ip.server(), PORT, "hello")).isEqualTo(Outcome.TIMEOUT);
        }
        assertThat(lab.iptables().packets("queue")).isPositive();
    }

    @Test
    void seesResetsAndUnreachablePorts() {
        lab.iptables()
                .add("reset", "-A %s -p tcp --tcp-flags PSH PSH -j REJECT --reject-with tcp-reset".formatted(place));
        for (Ip ip : Ip.values()) {
            assertThat(client.udp(ip.server(), PORT + 1, "hello")).isEqualTo(Outcome.RESET);
            // The REJECT target answers the sender of the packet only.
            Outcome seen = client.tcp(ip.server(), PORT, "hello");
            if (place == Lab.Place.OUTPUT) {
                assertThat(server.connection()).isEqualTo(Outcome.RESET);
            } else {
                assertThat(seen).isEqualTo(Outcome.RESET);
            }
        }
    }

    @Test
    void pingsWithEchoRequests() {
        for (Ip ip : Ip.values()) {
            lab.iptables().add(ip, "echo", "-A %s %secho-reply".formatted(place, ip.icmpType));
            lab.iptables().add(ip, "echo", "-A %s %secho-request".formatted(place, ip.icmpType));
            assertThat(client.ping(ip.server())).isTrue();
        }
        assertThat(lab.iptables().packets("echo")).isEqualTo(place == Lab.Place.FORWARD ? 4 : 2);
    }

    @Test
    void carriesSuperPackets() throws Exception {
        lab.iptables().add("data", "-A %s -p tcp -m length --length 20000:65535".formatted(place));
        assertThat(client.tcp(Ip.V4.server(), PORT, "x".repeat(1_000_000)))
                .isEqualTo(Outcome.answer("x".repeat(1_000_000)));
        assertThat(lab.iptables().packets("data")).isPositive();
    }
}
