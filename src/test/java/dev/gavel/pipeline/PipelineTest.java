package dev.gavel.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.Ruling;
import dev.gavel.engine.TestEngines;
import dev.gavel.kit.Await;
import dev.gavel.kit.TestPipelines;
import dev.gavel.match.Matchers;
import dev.gavel.pipeline.Pipeline.Queue;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictListener;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Every packet gets exactly one verdict, whatever happens to the threads in between. */
@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {0, 1, 3})
class PipelineTest {
    private static final int PACKETS = 5000;
    private static final int FLOWS = 16 + 8; // every second source port meets both destination ports
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String POLICY = """
            policy: p
            rules:
              - {name: bad, when: udp.dst_port == 666, verdict: drop}
              - {name: rude, when: ip.ttl == 33, verdict: reject}
            """;

    private final int workers;
    private final FakeSource source = new FakeSource();
    private final Engine engine = TestEngines.of(POLICY);
    private Pipeline pipeline;

    PipelineTest(int workers) {
        this.workers = workers;
    }

    private void start(Supplier<Inspector> inspectors, Rejector rejector) {
        pipeline = new Pipeline(
                List.of(source), engine, TestPipelines.settings(workers, Verdict.DROP, inspectors, rejector));
        pipeline.start();
    }

    private void start(Supplier<Inspector> inspectors) {
        start(inspectors, Rejector.SILENT);
    }

    private Inspector inspector() {
        return new Inspector(engine, DeviceNames.NONE);
    }

    /** IPv4 UDP from port {@code from} to port {@code to}; its payload is {@code number}. */
    private static byte[] packet(int from, int to, int number) {
        byte[] packet = ByteBufUtil.decodeHexDump("450000200000000040110000" + "0a000001" + "0a000002" // IPv4
                + "00000000" + "000c" + "0000" // UDP, 12 bytes
                + "00000000");
        ByteBuffer.wrap(packet)
                .putShort(20, (short) from)
                .putShort(22, (short) to)
                .putInt(28, number);
        return packet;
    }

    /** Of the packet with {@code id}, as {@link #put} makes them: source port, and which of two destination ports. */
    private static int flow(int id) {
        return (id - 1) % 16 * 2 + ((id - 1) % 10 == 0 ? 1 : 0);
    }

    private void put(int count) {
        for (int i = 0; i < count; i++) {
            source.put(packet(1000 + i % 16, i % 10 == 0 ? 666 : 53, i));
        }
    }

    private List<FakeSource.Sent> drain() throws InterruptedException {
        assertThat(pipeline.drain(LIMIT)).isTrue();
        return source.sent();
    }

    private static void assertOneVerdictEach(List<FakeSource.Sent> sent, int packets) {
        assertThat(sent.stream().map(FakeSource.Sent::packetId).sorted().toList())
                .isEqualTo(IntStream.rangeClosed(1, packets).boxed().toList());
    }

    @AfterEach
    void closesItsSources() {
        assertThat(source.isClosed()).isTrue();
    }

    @Test
    void answersEveryPacketOnceByItsRule() throws InterruptedException {
        put(PACKETS);
        start(this::inspector);
        List<FakeSource.Sent> sent = drain();
        assertOneVerdictEach(sent, PACKETS);
        for (FakeSource.Sent verdict : sent) {
            Verdict expected = (verdict.packetId() - 1) % 10 == 0 ? Verdict.DROP : Verdict.ACCEPT;
            assertThat(verdict.verdict()).isEqualTo(expected);
        }
        assertThat(sum(VerdictCounters::verdicts)).isEqualTo(PACKETS);
        Map<String, Long> counts = new HashMap<>();
        pipeline.queues()
                .get(0)
                .counters()
                .forEach(counters -> counters.forEach(
                        (verdict, reason, count) -> counts.merge(verdict + " " + reason, count, Long::sum)));
        counts.values().removeIf(count -> count == 0);
        assertThat(counts).isEqualTo(Map.of("drop rule", 500L, "accept default", 4500L));
    }

    @Test
    void keepsTheOrderOfEachFlow() throws InterruptedException {
        put(PACKETS);
        start(this::inspector);
        Map<Integer, List<Integer>> byFlow =
                drain().stream().map(FakeSource.Sent::packetId).collect(Collectors.groupingBy(PipelineTest::flow));
        assertThat(byFlow).hasSize(FLOWS);
        byFlow.values().forEach(ids -> assertThat(ids).isSorted());
    }

    @Test
    void judgesAFlowOnOneThread() throws InterruptedException {
        put(PACKETS);
        start(this::inspector);
        Map<Integer, Long> threadsByFlow = drain().stream()
                .collect(Collectors.groupingBy(
                        sent -> flow(sent.packetId()),
                        Collectors.collectingAndThen(
                                Collectors.mapping(FakeSource.Sent::thread, Collectors.toSet()),
                                set -> (long) set.size())));
        assertThat(threadsByFlow.values()).containsOnly(1L);
    }

    @Test
    void answersAPacketWhoseJudgementThrows() throws InterruptedException {
        put(PACKETS);
        start(() -> new Inspector(engine, DeviceNames.NONE) {
            @Override
            public void inspect(QueuedPacket packet, Ruling ruling) {
                if (packet.packetId() % 7 == 0) {
                    throw new IllegalStateException("made to fail");
                }
                super.inspect(packet, ruling);
            }
        });
        List<FakeSource.Sent> sent = drain();
        assertOneVerdictEach(sent, PACKETS);
        assertThat(sent).filteredOn(s -> s.packetId() % 7 == 0).allMatch(s -> s.verdict() == Verdict.DROP);
        assertThat(sum(counters -> counters.overloads(OverloadCause.ERROR))).isEqualTo(PACKETS / 7);
        assertThat(sent)
                .filteredOn(s -> s.packetId() % 7 != 0 && s.packetId() % 10 != 1)
                .as("all others are judged as ever")
                .allMatch(s -> s.verdict() == Verdict.ACCEPT);
    }

    @Test
    void asksPoliciesWhatBecomesOfPacketsThatCannotBeJudged() throws InterruptedException {
        start(() -> new Inspector(engine, DeviceNames.NONE) {
            @Override
            public void inspect(QueuedPacket packet, Ruling ruling) {
                throw new IllegalStateException("made to fail");
            }
        });
        pipeline.use(TestEngines.of(2, "policy: own\nwhen: udp.dst_port == 666\noverload: accept", Matchers.java()));
        put(100);
        List<FakeSource.Sent> sent = drain();
        assertThat(sent)
                .hasSize(100)
                .allMatch(s -> s.verdict() == ((s.packetId() - 1) % 10 == 0 ? Verdict.ACCEPT : Verdict.DROP));
        assertThat(sum(counters -> counters.overloads("own", OverloadCause.ERROR)))
                .isEqualTo(10);
        assertThat(sum(counters -> counters.overloads("", OverloadCause.ERROR))).isEqualTo(90);
    }

    private long sum(ToLongFunction<VerdictCounters> what) {
        return pipeline.queues().get(0).counters().stream().mapToLong(what).sum();
    }

    @Test
    void replacesAThreadThatDiesAndAnswersWhatItHeld() throws InterruptedException {
        put(PACKETS);
        start(() -> new Inspector(engine, DeviceNames.NONE) {
            @Override
            public void inspect(QueuedPacket packet, Ruling ruling) {
                if (packet.packetId() == 100 || packet.packetId() == 2000) {
                    throw new StackOverflowError("made to fail");
                }
                super.inspect(packet, ruling);
            }
        });
        List<FakeSource.Sent> sent = drain();
        assertOneVerdictEach(sent, PACKETS);
        long orphans = sum(counters -> counters.overloads(OverloadCause.WORKER_DEAD));
        assertThat(orphans).isBetween(2L, 2L * 256);
        assertThat(sent).filteredOn(s -> s.verdict() == Verdict.DROP).hasSizeLessThanOrEqualTo((int) (500 + orphans));
    }

    @Test
    @Timeout(20)
    void failsWhenADeadThreadCannotBeReplaced() throws InterruptedException {
        AtomicInteger threads = new AtomicInteger(Math.max(1, workers));
        put(20);
        start(() -> {
            if (threads.getAndDecrement() == 0) {
                throw new OutOfMemoryError("made to fail");
            }
            return new Inspector(engine, DeviceNames.NONE) {
                @Override
                public void inspect(QueuedPacket packet, Ruling ruling) {
                    if (packet.packetId() == 10) {
                        throw new StackOverflowError("made to fail");
                    }
                    super.inspect(packet, ruling);
                }
            };
        });
        assertThat(pipeline.awaitFailure()).hasMessageContaining("cannot be replaced");
        assertThat(pipeline.drain(Duration.ofSeconds(5))).isFalse();
    }

    @Test
    void waitsForAStuckThreadAndLosesNothing() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        put(PACKETS);
        start(stuckAt(50, stuck, release));
        assertThat(stuck.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(source.notReceived()).as("the source is the buffer, not we").isGreaterThan(PACKETS - 600);
        release.countDown();
        List<FakeSource.Sent> sent = drain();
        assertOneVerdictEach(sent, PACKETS);
        assertThat(sent.stream().filter(s -> s.verdict() == Verdict.DROP)).hasSize(PACKETS / 10);
    }

    /** Holds packet {@code id} until {@code release}, then judges it. */
    private Supplier<Inspector> stuckAt(int id, CountDownLatch stuck, CountDownLatch release) {
        return () -> new Inspector(engine, DeviceNames.NONE) {
            @Override
            public void inspect(QueuedPacket packet, Ruling ruling) {
                if (packet.packetId() == id) {
                    stuck.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                super.inspect(packet, ruling);
            }
        };
    }

    /** Also what comes meanwhile, and also where the stuck thread is the reader. */
    @Test
    void answersForAStuckThreadUntilItIsBack() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        put(PACKETS);
        pipeline = new Pipeline(
                List.of(source),
                engine,
                new Pipeline.Settings(
                        workers,
                        Duration.ofMillis(50).toNanos(),
                        Verdict.REPEAT,
                        stuckAt(50, stuck, release),
                        Rejector.SILENT,
                        () -> VerdictListener.NONE));
        pipeline.start();
        awaitSent(PACKETS);
        assertThat(stuck.getCount()).isZero();
        Queue queue = pipeline.queues().get(0);
        assertThat(queue.oldestAgeNs()).as("unhealthy until it is back").isGreaterThan(50_000_000);
        release.countDown();
        awaitHealthy(queue);
        put(100);
        awaitSent(PACKETS + 100);
        List<FakeSource.Sent> sent = drain();
        assertOneVerdictEach(sent, PACKETS + 100);
        sent.stream()
                .collect(Collectors.groupingBy(
                        s -> flow(s.packetId()), Collectors.mapping(FakeSource.Sent::packetId, Collectors.toList())))
                .values()
                .forEach(ids -> assertThat(ids).isSorted());
        long unjudged = sent.stream().filter(s -> s.verdict() == Verdict.REPEAT).count();
        assertThat(unjudged)
                .isEqualTo(sum(counters -> counters.overloads(OverloadCause.DEADLINE)
                        + counters.overloads(OverloadCause.WORKER_QUEUE_FULL)));
        assertThat(sum(counters -> counters.late.value())).isPositive();
        assertThat(sent).filteredOn(s -> s.packetId() > PACKETS).allMatch(s -> s.verdict() != Verdict.REPEAT);
        assertThat(sent).filteredOn(s -> s.packetId() == 50).allMatch(s -> s.verdict() == Verdict.REPEAT);
        if (workers > 1) {
            assertThat(unjudged).as("the flows of other workers are judged").isLessThan(PACKETS);
        }
    }

    private static void awaitHealthy(Queue queue) {
        Await.until(() -> assertThat(queue.oldestAgeNs()).isZero());
    }

    @Test
    void judgesWithTheNewGenerationFromTheNextBatchOn() throws InterruptedException {
        put(100);
        start(this::inspector);
        awaitSent(100);
        pipeline.use(TestEngines.of(2, "policy: p\ndefault: drop", Matchers.java()));
        put(100);
        List<FakeSource.Sent> sent = drain();
        assertOneVerdictEach(sent, 200);
        assertThat(sent).filteredOn(s -> s.packetId() > 100).allMatch(s -> s.verdict() == Verdict.DROP);
    }

    @Test
    void keepsTheGenerationsThatAThreadMayBeAboutToTake() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        put(1);
        start(stuckAt(1, stuck, release));
        assertThat(stuck.await(20, TimeUnit.SECONDS)).isTrue();
        Engine second = TestEngines.of(2, POLICY, Matchers.java());
        Engine third = TestEngines.of(3, POLICY, Matchers.java());
        pipeline.use(second);
        pipeline.use(third);
        assertThat(pipeline.isUnused(second)).isFalse();
        release.countDown();
        Await.until(() -> assertThat(pipeline.isUnused(second)).isTrue());
        assertThat(pipeline.isUnused(engine)).isTrue();
        assertThat(pipeline.isUnused(third)).isFalse();
        assertOneVerdictEach(drain(), 1);
    }

    private void awaitSent(int count) {
        Await.until(() -> assertThat(source.sent()).hasSizeGreaterThanOrEqualTo(count));
    }

    @Test
    void answersTheEndsOnlyAfterTheVerdictsOfEarlierPackets() throws InterruptedException {
        List<String> early = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] packet = packet(1000, 53, i); // all of one flow
            packet[8] = (byte) (i % 3 == 2 ? 33 : 64);
            source.put(packet);
        }
        start(this::inspector, packet -> {
            int id = packet.packetId();
            long answered =
                    source.sent().stream().filter(s -> s.packetId() <= id).count();
            if (answered < id) {
                early.add("the answer to " + id + " after " + answered + " verdicts");
            }
        });
        assertOneVerdictEach(drain(), 200);
        assertThat(early).isEmpty();
    }

    @Test
    void givesSlotsBackThoughAnsweringTheEndsFails() throws InterruptedException {
        byte[] packet = packet(1000, 53, 0);
        packet[8] = 33;
        source.put(packet);
        start(this::inspector, rejected -> {
            throw new StackOverflowError("made to fail");
        });
        awaitSent(1);
        assertOneVerdictEach(drain(), 1);
    }

    @Test
    void saysWhatHasFailedAndTellsTheEndsThoughTheListenerFails() throws InterruptedException {
        byte[] packet = packet(1000, 53, 0);
        packet[8] = 33;
        source.put(packet);
        AtomicInteger told = new AtomicInteger();
        pipeline = new Pipeline(
                List.of(source),
                engine,
                new Pipeline.Settings(
                        workers,
                        Duration.ofHours(1).toNanos(),
                        Verdict.DROP,
                        this::inspector,
                        rejected -> {
                            told.incrementAndGet();
                            throw new IllegalStateException("rejector, made to fail");
                        },
                        () -> (judged, decision) -> {
                            throw new IllegalStateException("listener, made to fail");
                        }));
        try (CapturedLog log = CapturedLog.of(FailureLog.class)) {
            pipeline.start();
            assertOneVerdictEach(drain(), 1);
            assertThat(log.lines())
                    .containsExactly(
                            "what hears of verdicts, such as events, has failed; the packet's verdict was sent before:"
                                    + " listener, made to fail",
                            "the ends of a rejected packet could not be told; it was dropped before:"
                                    + " rejector, made to fail");
        }
        assertThat(told).hasValue(1);
    }

    @Test
    void failsWhenVerdictsCannotBeSent() throws InterruptedException {
        source.breakSends();
        put(10);
        start(this::inspector);
        assertThat(pipeline.awaitFailure()).hasMessageContaining("EPERM");
        assertThat(pipeline.drain(Duration.ofSeconds(5)))
                .as("nothing was answered")
                .isFalse();
    }

    @Test
    void turnsAlsoWhenThereIsNothingToDo() throws InterruptedException {
        start(this::inspector);
        Map<String, Long> before = progress();
        Await.until(() ->
                progress().forEach((name, turns) -> assertThat(turns).as(name).isGreaterThan(before.get(name))));
        assertThat(before).as("reader, workers and guardian").hasSize(2 + workers);
        drain();
    }

    private Map<String, Long> progress() {
        return pipeline.progress().stream()
                .collect(Collectors.toMap(Pipeline.Progress::name, Pipeline.Progress::turns));
    }
}
