package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.Ruling;
import dev.gavel.engine.TestEngines;
import dev.gavel.kit.Await;
import dev.gavel.kit.TestPipelines;
import dev.gavel.nfqueue.QueueCounters;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.nfqueue.QueueSocket;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rows of equal verdicts go to the kernel as one message up to an id: each packet gets its own verdict all the same.
 * The receive buffer is small, so that bursts leave gaps in the ids. {@code -Dgavel.rows.packets=100000} sends fewer.
 */
@Timeout(120)
class VerdictRowsIT {
    private static final int PACKETS = Integer.getInteger("gavel.rows.packets", 1_300_000);
    private static final int FEW = 200;
    private static final int QUEUE = 5;
    private static final int PORT = 9;
    private static final String POLICY = """
            policy: p
            rules:
              - {name: drop, when: 'payload[0:1] == |01|', verdict: drop}
              - {name: mark, when: 'payload[0:1] == |02|', verdict: accept, mark: 0x2a}
            """;

    private final Netns netns = new Netns("server");
    private final Iptables iptables = new Iptables(netns);
    private final BitSet received = new BitSet(); // by Gavel
    private final BitSet delivered = new BitSet(); // to the socket
    private CountDownLatch open = new CountDownLatch(0); // until then nothing is judged
    private QueueSocket socket;
    private Pipeline pipeline;

    @AfterEach
    void close() {
        open.countDown();
        netns.close();
    }

    /** 0: accept, 1: drop, 2: accept with a mark. In rows of random lengths. */
    private static int kind(int number) {
        int row = number / 5 + number / 7 + number / 64;
        return Math.floorMod((row * 0x9E3779B97F4A7C15L) >>> 40, 4) % 3;
    }

    private static int number(QueuedPacket packet) {
        return packet.buffer().getInt(packet.offset() + 29); // behind IPv4 and UDP headers, and the kind
    }

    @Test
    void eachPacketGetsItsOwnVerdict() throws Exception {
        iptables.add("queue", "-t mangle -A INPUT -p udp --dport %d -j NFQUEUE --queue-num %d".formatted(PORT, QUEUE));
        iptables.add("marked", "-A INPUT -p udp --dport %d -m mark --mark 0x2a".formatted(PORT));
        iptables.add("plain", "-A INPUT -p udp --dport %d -m mark --mark 0".formatted(PORT));
        start(1 << 16);
        netns.call(() -> {
            send();
            assertThat(pipeline.drain(Duration.ofSeconds(10))).isTrue();
            return null;
        });
        System.out.println("VerdictRowsIT: " + received.cardinality() + " packets judged, " + delivered.cardinality()
                + " delivered, " + socket.counters().gaps().value() + " lost before us");
        assertThat(socket.counters().gaps().value()).as("gaps in the ids").isPositive();
        assertThat(received.cardinality()).isGreaterThan(Sandbox.REAL_ROOT ? PACKETS / 2 : PACKETS / 100);
        BitSet expected = assertDeliveredByVerdict();
        assertThat(delivered.cardinality()).as("what its socket had room for").isGreaterThan(PACKETS / 1000);
        long marked = received.stream().filter(number -> kind(number) == 2).count();
        assertThat(iptables.packets("marked")).isEqualTo(marked);
        assertThat(iptables.packets("plain")).isEqualTo(expected.cardinality() - marked);
    }

    private void start(int receiveBufferBytes) throws Exception {
        Engine engine = TestEngines.of(POLICY);
        netns.call(() -> {
            socket = QueueSocket.bind(new QueueSettings(QUEUE, 65536, 65531, receiveBufferBytes, Set.of()));
            pipeline = new Pipeline(
                    List.<PacketSource>of(socket),
                    engine,
                    TestPipelines.settings(0, Verdict.DROP, () -> remembering(engine, socket), Rejector.SILENT));
            pipeline.start();
            return null;
        });
    }

    /** Returns what was to be delivered if there was room. */
    private BitSet assertDeliveredByVerdict() {
        BitSet expected = (BitSet) received.clone();
        received.stream().filter(number -> kind(number) == 1).forEach(expected::clear);
        BitSet against = (BitSet) delivered.clone();
        against.andNot(expected);
        assertThat(against).as("delivered against their verdicts").isEqualTo(new BitSet());
        return expected;
    }

    /** The kernel drops what waits and came or goes by a device that is shut: their ids are gone when we answer. */
    @Test
    void packetsThatTheKernelHasDroppedTakeNoOthersAlong() throws Exception {
        String queue = "-p udp --dport %d -j NFQUEUE --queue-num %d".formatted(PORT, QUEUE);
        iptables.add("queue", "-t mangle -A INPUT " + queue);
        iptables.add("leaving", "-t mangle -A OUTPUT -o out0 " + queue);
        netns.ip("link", "add", "out0", "type", "veth", "peer", "name", "out1");
        netns.ip("address", "add", "10.9.0.1/24", "dev", "out0");
        netns.ip("link", "set", "out1", "up");
        netns.ip("link", "set", "out0", "up");
        netns.ip("neighbour", "add", "10.9.0.2", "lladdr", "02:00:00:00:00:09", "dev", "out0");
        open = new CountDownLatch(1);
        start(64 << 20);
        try (DatagramSocket receiver = netns.call(() -> new DatagramSocket(PORT, InetAddress.getLoopbackAddress()));
                DatagramSocket sender = netns.call(() -> new DatagramSocket())) {
            receiver.setSoTimeout(2000);
            InetAddress out = InetAddress.getByName("10.9.0.2");
            for (int i = 0; i < FEW; i++) {
                sender.send(packet(i, leaves(i) ? out : InetAddress.getLoopbackAddress()));
            }
            Await.until(() -> assertThat(QueueRow.of(netns, QUEUE).orElseThrow().waiting())
                    .isEqualTo(FEW));
            netns.ip("link", "set", "out0", "down");
            Await.until(() -> assertThat(QueueRow.of(netns, QUEUE).orElseThrow().waiting())
                    .isEqualTo(IntStream.range(0, FEW).filter(i -> !leaves(i)).count()));
            open.countDown();
            receive(receiver);
        }
        assertThat(netns.call(() -> pipeline.drain(Duration.ofSeconds(10)))).isTrue();
        assertThat(received.cardinality()).isEqualTo(FEW);
        IntStream.range(0, FEW).filter(VerdictRowsIT::leaves).forEach(received::clear);
        assertThat(delivered).isEqualTo(assertDeliveredByVerdict());
        int enoent = List.of(QueueCounters.errorNames()).indexOf("enoent");
        assertThat(socket.counters().errors(enoent)).as("answers to nothing").isPositive();
    }

    /** By the device that will be shut. Rows of one verdict have both kinds, or one; the last id is of those gone. */
    private static boolean leaves(int number) {
        return number / 3 % 2 == 1 || number == FEW - 1;
    }

    private static DatagramPacket packet(int number, InetAddress to) {
        byte[] payload =
                ByteBuffer.allocate(5).put((byte) kind(number)).putInt(number).array();
        return new DatagramPacket(payload, payload.length, to, PORT);
    }

    private Inspector remembering(Engine engine, QueueSocket socket) {
        return new Inspector(engine, socket.devices()) {
            @Override
            public void inspect(QueuedPacket packet, Ruling ruling) {
                awaitOpen();
                super.inspect(packet, ruling);
                received.set(number(packet));
            }
        };
    }

    private void awaitOpen() {
        try {
            open.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send() throws Exception {
        InetAddress local = InetAddress.getLoopbackAddress();
        try (DatagramSocket receiver = new DatagramSocket(PORT, local);
                DatagramSocket sender = new DatagramSocket()) {
            receiver.setReceiveBufferSize(32 << 20);
            receiver.setSoTimeout(2000);
            CompletableFuture<Void> done = CompletableFuture.runAsync(() -> receive(receiver));
            for (int i = 0; i < PACKETS; i++) {
                if (i < PACKETS / 2 && i % 50 == 0) {
                    LockSupport.parkNanos(500_000); // the first half in time, the second as it comes
                }
                sender.send(packet(i, local));
            }
            done.join();
        }
    }

    private void receive(DatagramSocket receiver) {
        byte[] bytes = new byte[16];
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        try {
            while (true) {
                receiver.receive(packet);
                int number = ByteBuffer.wrap(bytes).getInt(1);
                assertThat(delivered.get(number)).as("packet %d twice", number).isFalse();
                delivered.set(number);
            }
        } catch (SocketTimeoutException e) {
            // no more
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
