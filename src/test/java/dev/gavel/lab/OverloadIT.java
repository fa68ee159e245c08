package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.Ruling;
import dev.gavel.engine.TestEngines;
import dev.gavel.kit.Await;
import dev.gavel.nfqueue.QueueBindException;
import dev.gavel.nfqueue.QueueCounters;
import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.nfqueue.QueueSocket;
import dev.gavel.pipeline.OverloadCause;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.pipeline.VerdictCounters;
import dev.gavel.queue.Decision;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
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

/**
 * Threads that hang for two seconds under load, over a real queue; times and order are taken outside, at the sockets.
 */
@Timeout(60)
class OverloadIT {
    private static final int QUEUE = 5;
    private static final int PORT = 9;
    private static final int FLOWS = 32;
    /**
     * Of a packet a flow: 6,400 packets a second fill the lanes; few where we get only the buffer of a stock kernel.
     */
    private static final long ROUND_MS = Sandbox.REAL_ROOT ? 5 : 25;

    private static final int ROUNDS = (int) (3000 / ROUND_MS);
    private static final int PACKETS = FLOWS * ROUNDS;
    private static final int HANGS_AT = ROUNDS / 6;
    private static final long HANG_MS = 2000;
    private static final Duration DEADLINE = Duration.ofMillis(100);
    private static final Duration TICK_AND_SEND = Duration.ofMillis(20);
    private static final int RECEIVE_BUFFER = 8 << 20; // bytes; the kernel gives less
    private static final int BURST = Sandbox.REAL_ROOT ? 2000 : 200; // more than lanes hold

    private static final String POLICY = """
            policy: p
            rules: [{name: odd, when: 'payload[0:1] == |01|', verdict: drop}]
            """;

    private Netns netns;
    private Iptables iptables;
    private QueueSocket socket;
    private Pipeline pipeline;
    private final AtomicInteger toHang = new AtomicInteger();
    private Duration deadline = DEADLINE;
    private Runnable hang = OverloadIT::parkForLong;
    private final CountDownLatch goOn = new CountDownLatch(1); // for who waits for it
    private final List<ByFlow> listeners = new CopyOnWriteArrayList<>();

    /** What one thread has judged, by flow. */
    private static final class ByFlow implements VerdictListener {
        private final AtomicIntegerArray judged = new AtomicIntegerArray(FLOWS);

        @Override
        public void judged(QueuedPacket packet, Decision outcome) {
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
        iptables = new Iptables(netns);
        iptables.add("queue", "-t mangle -A INPUT -p udp --dport %d -j NFQUEUE --queue-num %d".formatted(PORT, QUEUE));
        iptables.add("passed", "-A INPUT -p udp --dport %d".formatted(PORT));
    }

    @AfterEach
    void close() {
        goOn.countDown();
        netns.close();
    }

    /** Hangs once, if there are still some that shall. */
    private final class Hanging extends Inspector {
        private boolean hung;

        Hanging(Engine engine) {
            super(engine, socket.devices());
        }

        @Override
        public void inspect(QueuedPacket packet, Ruling ruling) {
            if (!hung && round(packet) == HANGS_AT && toHang.getAndDecrement() > 0) {
                hung = true;
                hang.run();
            }
            super.inspect(packet, ruling);
        }
    }

    private static void parkForLong() {
        long until = System.nanoTime() + HANG_MS * 1_000_000;
        // A worker may have been woken before: then parking ends at once.
        while (System.nanoTime() - until < 0) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    private static void callForLong() {
        try (NativeSocket silent = NativeSocket.open(NativeSocket.AF_INET, NativeSocket.SOCK_DGRAM, 0)) {
            silent.receiveTimeout((int) HANG_MS);
            silent.receive(0, 0); // to nowhere: nothing is ever sent to it
        }
    }

    private void start(int workers, Verdict onFailure) throws Exception {
        Engine engine = TestEngines.of(POLICY);
        netns.call(() -> {
            socket = QueueSocket.bind(
                    new QueueSettings(QUEUE, 65536, 65531, 64 << 20, EnumSet.of(QueueFlag.GSO, QueueFlag.UID_GID)));
            pipeline = new Pipeline(
                    List.<PacketSource>of(socket),
                    engine,
                    new Pipeline.Settings(
                            workers, deadline.toNanos(), onFailure, () -> new Hanging(engine), Rejector.SILENT, () -> {
                                ByFlow listener = new ByFlow();
                                listeners.add(listener);
                                return listener;
                            }));
            pipeline.start();
            return null;
        });
    }

    /** One datagram that has arrived, with its times by {@link System#nanoTime}. */
    private record Arrival(int flow, int round, long sentNs, long arrivedNs) {
        long delayNs() {
            return arrivedNs - sentNs;
        }
    }

    /** What has arrived, and when nothing could. */
    private record Load(List<Arrival> arrivals, Idlers idlers) {
        /** The most of its time in which idle threads were late as well. */
        long longestStallNs() {
            return arrivals.stream().mapToLong(this::stalledNs).max().orElseThrow();
        }

        /** Less the time in which idle threads were late as well. */
        long longestDelayNs() {
            return arrivals.stream()
                    .mapToLong(arrival -> arrival.delayNs() - stalledNs(arrival))
                    .max()
                    .orElseThrow();
        }

        private long stalledNs(Arrival arrival) {
            return idlers.lateNs(arrival.sentNs, arrival.arrivedNs);
        }
    }

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
            arrivals.add(new Arrival(payload.get(), payload.getInt(), payload.getLong(), System.nanoTime()));
        }
        return arrivals;
    }

    private final AtomicInteger round = new AtomicInteger();
    private long passedBefore;

    private static DatagramPacket datagram(int flow, int round) {
        ByteBuffer payload =
                ByteBuffer.allocate(13).put((byte) flow).putInt(round).putLong(System.nanoTime());
        return new DatagramPacket(payload.array(), 13, InetAddress.getLoopbackAddress(), PORT);
    }

    private static DatagramSocket[] flows() throws Exception {
        DatagramSocket[] flows = new DatagramSocket[FLOWS];
        for (int i = 0; i < FLOWS; i++) {
            flows[i] = new DatagramSocket();
        }
        return flows;
    }

    private void send() throws Exception {
        DatagramSocket[] flows = flows();
        long due = System.nanoTime();
        while (round.get() < ROUNDS) {
            for (int i = 0; i < FLOWS; i++) {
                flows[i].send(datagram(i, round.get()));
            }
            due += ROUND_MS * 1_000_000;
            LockSupport.parkNanos(due - System.nanoTime());
            round.incrementAndGet();
        }
        Arrays.stream(flows).forEach(DatagramSocket::close);
    }

    private Load load() {
        round.set(0);
        passedBefore = iptables.packets("passed");
        return netns.call(() -> {
            Idlers idlers = new Idlers();
            try (idlers;
                    DatagramSocket receiver = new DatagramSocket(PORT, InetAddress.getLoopbackAddress())) {
                receiver.setReceiveBufferSize(RECEIVE_BUFFER);
                Future<List<Arrival>> arrivals = netns.start(() -> receive(receiver));
                send();
                return new Load(arrivals.get(), idlers);
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

    private int judged() {
        return IntStream.range(0, FLOWS).map(this::judged).sum();
    }

    private int judged(int flow) {
        return listeners.stream()
                .mapToInt(listener -> listener.judged.get(flow))
                .sum();
    }

    private void drainAndBalance(int packets) {
        assertThat(netns.call(() -> pipeline.drain(Duration.ofSeconds(20)))).isTrue();
        assertThat(sum(VerdictCounters::verdicts))
                .isEqualTo(socket.counters().packets().value())
                .isEqualTo(packets);
        assertThat(sum(counters -> counters.overloads(OverloadCause.WORKER_DEAD)))
                .isZero();
        assertThat(socket.counters().gaps().value()).isZero();
        String[] names = QueueCounters.errorNames();
        assertThat(IntStream.range(0, names.length).mapToLong(socket.counters()::errors))
                .as("errors of the socket: %s", List.of(names))
                .containsOnly(0L);
        assertThat(socket.counters().otherErrors().value()).isZero();
    }

    @ParameterizedTest(name = "{0} workers of which {1} hang, natively: {2}")
    @CsvSource({"0, 1, false", "0, 1, true", "2, 1, false", "2, 1, true", "2, 2, false", "4, 4, true"})
    void noPacketWaitsMuchBeyondItsDeadline(int workers, int hanging, boolean inNative) throws Exception {
        toHang.set(hanging);
        hang = inNative ? OverloadIT::callForLong : OverloadIT::parkForLong;
        start(workers, Verdict.ACCEPT);
        Load load = load();
        drainAndBalance(PACKETS);
        assertThat(toHang.get()).as("they did hang").isNotPositive();
        assertThat(overloads()).isPositive();
        assertThat(sum(counters -> counters.late().value())).isGreaterThanOrEqualTo(hanging);
        System.out.printf(
                "OverloadIT: longest delay %.1f ms, stall %.1f ms, %d of %d arrived%n",
                load.longestDelayNs() / 1e6, load.longestStallNs() / 1e6, load.arrivals.size(), PACKETS);
        assertThat(load.longestDelayNs())
                .isLessThan(DEADLINE.plus(TICK_AND_SEND).toNanos());
        assertAllPassedButThoseDropped();
        assertInOrder(load.arrivals);
        assertFlowsOfOthersAreJudged(workers - hanging, load.longestStallNs());
    }

    /** Judged packets of flow 1 are dropped; those that nobody has judged in time pass, of this flow too. */
    private void assertAllPassedButThoseDropped() {
        assertThat(iptables.packets("passed") - passedBefore).isEqualTo(PACKETS - judged(1));
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
     * A thread that has judged all packets of one of its flows has not hung: then it has judged all of all. That all
     * others have is certain only if the machine has not stood still for so long that one of them may have been
     * overdue, too.
     */
    private void assertFlowsOfOthersAreJudged(int others, long longestStallNs) {
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
        start(0, Verdict.ACCEPT);
        Future<?> load = netns.start(this::load);
        Await.until(() -> assertThat(overloads()).isPositive());
        assertThat(netns.call(() -> pipeline.drain(Duration.ofSeconds(1))))
                .as("all that waited is answered in its place")
                .isTrue();
        assertThat(sum(counters -> counters.late().value())).as("it hangs").isZero();
        assertThatThrownBy(() -> netns.call(() -> QueueSocket.bind(socket.settings())))
                .hasCauseInstanceOf(QueueBindException.class);
        Await.until(() -> assertThat(sum(counters -> counters.late().value()))
                .as("it is back")
                .isPositive());
        load.get();
        assertThat(netns.call(() -> pipeline.drain(Duration.ofSeconds(20)))).isTrue();
        listeners.clear();
        start(0, Verdict.ACCEPT); // ids begin anew
        Load later = load();
        drainAndBalance(PACKETS);
        assertAllPassedButThoseDropped();
        assertInOrder(later.arrivals);
    }

    /** Lanes fill up, the rest waits in the kernel, and all of it is judged by rule. */
    @ParameterizedTest(name = "{0} workers")
    @CsvSource({"0", "2"})
    void aBurstThatEndsBeforeTheDeadlineIsNoOverload(int workers) throws Exception {
        deadline = Duration.ofSeconds(2);
        hang = () -> await(goOn);
        toHang.set(Math.max(1, workers));
        start(workers, Verdict.DROP);
        netns.call(() -> {
            DatagramSocket[] flows = flows();
            for (int i = 0; i < BURST; i++) {
                flows[i % FLOWS].send(datagram(i % FLOWS, HANGS_AT));
            }
            Arrays.stream(flows).forEach(DatagramSocket::close);
            return null;
        });
        Await.until(() -> assertThat(toHang.get()).as("they hang").isNotPositive());
        LockSupport.parkNanos(DEADLINE.toNanos());
        assertThat(socket.counters().packets().value()).as("no room for more").isLessThan(BURST);
        goOn.countDown();
        drainAndBalance(BURST);
        assertThat(overloads()).isZero();
        assertThat(sum(counters -> counters.late().value())).isZero();
        assertThat(judged()).isEqualTo(BURST);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest(name = "{0} workers")
    @CsvSource({"0", "2"})
    void nothingPassesUnjudgedWhereOverloadDrops(int workers) throws Exception {
        toHang.set(workers == 0 ? 1 : 2);
        start(workers, Verdict.DROP);
        List<Arrival> arrivals = load().arrivals;
        drainAndBalance(PACKETS);
        assertThat(overloads()).isPositive();
        assertThat(judged()).isEqualTo(PACKETS - overloads());
        assertThat(arrivals).as("those judged but for flow 1").hasSize(judged() - judged(1));
        assertThat(arrivals).noneMatch(arrival -> arrival.flow() == 1);
        assertInOrder(arrivals);
    }
}
