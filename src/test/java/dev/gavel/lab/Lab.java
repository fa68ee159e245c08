package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import java.util.ArrayList;
import java.util.List;

/**
 * A client, a server and the gate between them, where the rules and the daemon are: on the server itself, or on a
 * router in between. One laboratory at a time.
 */
final class Lab implements AutoCloseable {
    private final Netns client = new Netns("client");
    private final Netns server = new Netns("server");
    private final Netns gate;
    private final Iptables iptables;

    /** Where a packet meets the rules; the names of the chains. */
    enum Place {
        INPUT,
        OUTPUT,
        FORWARD
    }

    Lab(Place place) {
        gate = place == Place.FORWARD ? new Netns("router") : server;
        iptables = new Iptables(gate);
        if (gate == server) {
            connect(client, "eth0", server, "eth0");
        } else {
            route();
        }
        for (Ip ip : Ip.values()) {
            int length = gate == server ? ip.wide : ip.narrow;
            address(client, "eth0", ip.client(), length);
            address(server, "eth0", ip.server(), length);
            // Deprecated: never chosen as the source of the server's own datagrams.
            address(server, "eth0", ip.serverAlias(), length, "preferred_lft", "0");
            if (gate != server) {
                address(gate, "eth1", ip.router(1), length);
                address(gate, "eth2", ip.router(2), length);
                client.ip("route", "add", "default", "via", ip.router(1));
                server.ip("route", "add", "default", "via", ip.router(2));
            }
        }
        for (Ip ip : Ip.values()) {
            Await.until(() -> assertThat(new Client(client, 100).ping(ip.server()))
                    .as("the server is reachable at %s", ip.server())
                    .isTrue());
        }
    }

    private void route() {
        connect(client, "eth0", gate, "eth1");
        connect(server, "eth0", gate, "eth2");
        gate.sysctl("ipv4/ip_forward", "1");
        gate.sysctl("ipv6/conf/all/forwarding", "1");
    }

    private static void connect(Netns one, String device, Netns other, String otherDevice) {
        Shell.run("ip link add %s netns %s type veth peer name %s netns %s"
                .formatted(device, one.name(), otherDevice, other.name())
                .split(" "));
        one.ip("link", "set", device, "up");
        other.ip("link", "set", otherDevice, "up");
        // Until the kernel calls a link up it drops what is sent, and asks for the neighbour again a second later.
        Await.until(() -> assertThat(one.run("ip", "link", "show", device)).contains("state UP"));
        Await.until(
                () -> assertThat(other.run("ip", "link", "show", otherDevice)).contains("state UP"));
    }

    private static void address(Netns netns, String device, String address, int length, String... more) {
        List<String> command = new ArrayList<>(List.of("address", "add", address + "/" + length, "dev", device));
        command.addAll(List.of(more));
        netns.ip(command.toArray(String[]::new));
    }

    @Override
    public void close() {
        client.close();
        server.close();
        if (gate != server) {
            gate.close();
        }
    }

    Netns client() {
        return client;
    }

    Netns server() {
        return server;
    }

    /** Where the daemon runs: the server or the router. */
    Netns gate() {
        return gate;
    }

    /** The rules of the gate. */
    Iptables iptables() {
        return iptables;
    }
}
