package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.Ruling;
import dev.gavel.engine.TestEngines;
import dev.gavel.nfqueue.QueueBindException;
import dev.gavel.nfqueue.QueueCounters;
import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.nfqueue.QueueSocket;
import dev.gavel.pipeline.OverloadCause;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.pipeline.VerdictCounters;
import dev.gavel.queue.Judged;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictListener;
import dev.gavel.sys.NativeSocket;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads that hang for two seconds under load, over a real queue; times and order are taken outside, at the sockets. */
@Timeout(60)
class OverloadIT {
    private static final int QUEUE = 5;
    private static final int PORT = 9;
    private static final int FLOWS = 32;
    /** Of a packet a flow: 6,400 packets a second fill the lanes; few where we get only the buffer of a stock kernel. */
    private static final long ROUND_MS = Sandbox.REAL_ROOT ? 5 : 25;

    private static final int ROUNDS = (int) (3000 / ROUND_MS);
    private static final int PACKETS = FLOWS * ROUNDS;
    private static final int HANGS_AT = ROUNDS / 6;
    private static final long HANG_MS = 2000;
    private static final long MAX_STALL_MS = 1500; // of this machine: what is beyond proves nothing
    private static final Duration DEADLINE = Duration.ofMillis(100);
    private static final Duration TICK_AND_SEND = Duration.ofMillis(20);

    private static final String POLICY = """
            policy: p
            rules: [{name: odd, when: 'payload[0:1] == |01|', verdict: drop}]
            """;

    private Netns netns;
    private QueueSocket socket;
    private Pipeline pipeline;
    private final AtomicInteger toHang = new AtomicInteger();
    private final List<ByFlow> listeners = new CopyOnWriteArrayList<>();

    /** What one thread has judged, by flow. */
    private static final class ByFlow implements VerdictListener {
        private final AtomicIntegerArray judged = new AtomicIntegerArray(FLOWS);

        @Override
        public void judged(QueuedPacket packet, Judged outcome) {
            assertThat(outcome.reason()).isIn(Reason.DEFAULT, Reason.RULE);
            judged.incrementAndGet(flow(packet));
        }
    }

    private static int flow(QueuedPacket packet) {
        return packet.buffer().getByte(packet.offset() + 28); // behind IPv4 and UDP headers
    }

    private static int round(QueuedPacket packet) {
        return packet.buffer().getInt(packet.offset() + 29);
    }

    @BeforeEach
    void build() {
        netns = new Netns("server");
        new Iptables(netns).add("queue", "-A INPUT -p udp --dport %d -j NFQUEUE --queue-num %d".formatted(PORT, QUEUE));
    }

    @AfterEach
    void close() {
        netns.close();
    }

    /** Hangs once, if there are still some that shall. */
    private final class Hanging extends Inspector {
        private final boolean inNative;
        private boolean hung;

        Hanging(Engine engine, boolean inNative) {
            super(engine, socket.devices());
            this.inNative = inNative;
        }

        @Override
        public void inspect(QueuedPacket packet, Ruling ruling) {
            if (!hung && round(packet) == HANGS_AT && toHang.getAndDecrement() > 0) {
                hung = true;
                hang();
            }
            super.inspect(packet, ruling);
        }

        private void hang() {
            if (!inNative) {
                long until = System.nanoTime() + HANG_MS * 1_000_000;
                // A worker may have been woken before: then parking ends at once.
                while (System.nanoTime() - until < 0) {
                    LockSupport.parkNanos(until - System.nanoTime());
                }
                return;
            }
            try (NativeSocket silent = NativeSocket.open(NativeSocket.AF_INET, NativeSocket.SOCK_DGRAM, 0)) {
                silent.receiveTimeout((int) HANG_MS);
                silent.receive(0, 0); // to nowhere: nothing is ever sent to it
            }
        }
    }

    private void start(int workers, Verdict onFailure, boolean inNative) throws Exception {
        Engine engine = TestEngines.of(POLICY);
        netns.call(() -> {
            socket = QueueSocket.bind(
                    new QueueSettings(QUEUE, 65536, 65531, 64 << 20, EnumSet.of(QueueFlag.GSO, QueueFlag.UID_GID)));
            pipeline = new Pipeline(
                    List.<PacketSource>of(socket),
                    engine,
                    new Pipeline.Settings(
                            workers,
                            DEADLINE.toNanos(),
                            onFailure,
                            () -> new Hanging(engine, inNative),
                            Rejector.SILENT,
                            () -> {
                                ByFlow listener = new ByFlow();
                                listeners.add(listener);
                                return listener;
                            }));
            pipeline.start();
            return null;
        });
    }

    /** One datagram that has arrived. */
    private record Arrival(int flow, int round, long delayNs) {}

    private List<Arrival> receive(DatagramSocket receiver) throws Exception {
        List<Arrival> arrivals = new ArrayList<>();
        byte[] bytes = new byte[64];
        receiver.setSoTimeout(1000);
        while (arrivals.size() < PACKETS) {
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
            try {
                receiver.receive(packet);
            } catch (SocketTimeoutException e) {
                if (round.get() < ROUNDS) {
                    continue;
                }
                return arrivals;
            }
            ByteBuffer payload = ByteBuffer.wrap(bytes);
            arrivals.add(new Arrival(payload.get(), payload.getInt(), System.nanoTime() - payload.getLong()));
        }
        return arrivals;
    }

    private final AtomicInteger round = new AtomicInteger();
    private volatile long longestStallNs; // of a thread that has nothing to do with Gavel

    private void send() throws Exception {
        InetAddress local = InetAddress.getLoopbackAddress();
        DatagramSocket[] flows = new DatagramSocket[FLOWS];
        for (int i = 0; i < FLOWS; i++) {
            flows[i] = new DatagramSocket();
        }
        long due = System.nanoTime();
        while (round.get() < ROUNDS) {
            for (int i = 0; i < FLOWS; i++) {
                ByteBuffer payload = ByteBuffer.allocate(13)
                        .put((byte) i)
                        .putInt(round.get())
                        .putLong(System.nanoTime());
                flows[i].send(new DatagramPacket(payload.array(), 13, local, PORT));
            }
            due += ROUND_MS * 1_000_000;
            LockSupport.parkNanos(due - System.nanoTime());
            longestStallNs = Math.max(longestStallNs, System.nanoTime() - due);
            round.incrementAndGet();
        }
        Arrays.stream(flows).forEach(DatagramSocket::close);
    }

    private List<Arrival> load() {
        return netns.call(() -> {
            try (DatagramSocket receiver = new DatagramSocket(PORT, InetAddress.getLoopbackAddress())) {
                CompletableFuture<List<Arrival>> arrivals = new CompletableFuture<>();
                Thread thread = new Thread(() -> {
                    try {
                        arrivals.complete(receive(receiver));
                    } catch (Exception e) {
                        arrivals.completeExceptionally(e);
                    }
                });
                thread.start();
                send();
                return arrivals.get();
            }
        });
    }

    private long sum(ToLongFunction<VerdictCounters> what) {
        return pipeline.queues().get(0).counters().stream().mapToLong(what).sum();
    }

    private long overloads() {
        return sum(counters ->
                counters.overloads(OverloadCause.DEADLINE) + counters.overloads(OverloadCause.WORKER_QUEUE_FULL));
    }

    private void drainAndBalance() {
        assertThat(netns.call(() -> pipeline.drain(Duration.ofSeconds(20)))).isTrue();
        assertThat(sum(VerdictCounters::verdicts))
                .isEqualTo(socket.counters().packets.value())
                .isEqualTo(PACKETS);
        assertThat(socket.counters().gaps.value()).isZero();
        String[] names = QueueCounters.errorNames();
        assertThat(IntStream.range(0, names.length).mapToLong(socket.counters()::errors))
                .as("errors of the socket: %s", List.of(names))
                .containsOnly(0L);
        assertThat(socket.counters().otherErrors.value()).isZero();
    }

    @ParameterizedTest(name = "{0} workers of which {1} hang, natively: {2}")
    @CsvSource({"0, 1, false", "0, 1, true", "2, 1, false", "2, 1, true", "2, 2, false", "4, 4, true"})
    void noPacketWaitsMuchBeyondItsDeadline(int workers, int hanging, boolean inNative) throws Exception {
        toHang.set(hanging);
        start(workers, Verdict.ACCEPT, inNative);
        List<Arrival> arrivals = load();
        drainAndBalance();
        assertThat(toHang.get()).as("they did hang").isNotPositive();
        assertThat(overloads()).isPositive();
        assertThat(sum(counters -> counters.late.value())).isGreaterThanOrEqualTo(hanging);
        assertThat(longestStallNs).as("an idle thread was late").isLessThan(MAX_STALL_MS * 1_000_000);
        assertThat(arrivals.stream().mapToLong(Arrival::delayNs).max().orElseThrow())
                .as("longest delay; an idle thread was late by %d ns", longestStallNs)
                .isLessThan(DEADLINE.plus(TICK_AND_SEND).toNanos() + longestStallNs);
        assertInOrder(arrivals);
        assertFlowsOfOthersAreJudged(workers - hanging);
    }

    private static void assertInOrder(List<Arrival> arrivals) {
        for (int flow = 0; flow < FLOWS; flow++) {
            int of = flow;
            assertThat(arrivals.stream().filter(a -> a.flow() == of).map(Arrival::round))
                    .as("flow " + flow)
                    .isSorted();
        }
    }

    /**
     * A thread that has judged all packets of one of its flows has not hung: then it has judged all of all. That all others
     * have is certain only if the machine has not stood still for so long that one of them may have been overdue, too.
     */
    private void assertFlowsOfOthersAreJudged(int others) {
        int complete = 0;
        for (ByFlow listener : listeners) {
            List<Integer> counts = IntStream.range(0, FLOWS)
                    .mapToObj(listener.judged::get)
                    .filter(count -> count > 0)
                    .toList();
            if (counts.contains(ROUNDS)) {
                assertThat(counts).containsOnly(ROUNDS);
                complete++;
            }
        }
        assertThat(complete).isLessThanOrEqualTo(Math.max(0, others));
        if (longestStallNs < DEADLINE.toNanos() / 2) {
            assertThat(complete).isEqualTo(Math.max(0, others));
        }
    }

    /** What it answers late meets no packet of a successor: nobody can bind the queue before it has ended. */
    @Test
    void aThreadThatHangsKeepsItsQueue() throws Exception {
        toHang.set(1);
        start(0, Verdict.ACCEPT, false);
        CompletableFuture<List<Arrival>> arrivals = CompletableFuture.supplyAsync(this::load);
        Await.until(() -> assertThat(overloads()).isPositive());
        assertThat(netns.call(() -> pipeline.drain(Duration.ofSeconds(1))))
                .as("all that waited is answered in its place")
                .isTrue();
        assertThat(sum(counters -> counters.late.value())).as("it hangs").isZero();
        assertThatThrownBy(() -> netns.call(() -> QueueSocket.bind(socket.settings())))
                .hasCauseInstanceOf(QueueBindException.class);
        Await.until(() -> assertThat(sum(counters -> counters.late.value()))
                .as("it is back")
                .isPositive());
        arrivals.join();
        assertThat(netns.call(() -> pipeline.drain(Duration.ofSeconds(20)))).isTrue();
        netns.call(() -> QueueSocket.bind(socket.settings())).close();
    }

    @ParameterizedTest(name = "{0} workers")
    @CsvSource({"0", "2"})
    void nothingPassesUnjudgedWhereOverloadDrops(int workers) throws Exception {
        toHang.set(workers == 0 ? 1 : 2);
        start(workers, Verdict.DROP, false);
        List<Arrival> arrivals = load();
        drainAndBalance();
        assertThat(overloads()).isPositive();
        long judged = listeners.stream()
                .flatMapToInt(listener -> IntStream.range(0, FLOWS).map(listener.judged::get))
                .sum();
        assertThat(judged).isEqualTo(PACKETS - overloads());
        long dropped =
                listeners.stream().mapToInt(listener -> listener.judged.get(1)).sum();
        assertThat(arrivals).as("those judged but for flow 1").hasSize((int) (judged - dropped));
        assertThat(arrivals).noneMatch(arrival -> arrival.flow() == 1);
        assertInOrder(arrivals);
    }
}
