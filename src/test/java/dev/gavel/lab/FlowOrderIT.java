package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.Ruling;
import dev.gavel.engine.TestEngines;
import dev.gavel.kit.Await;
import dev.gavel.kit.Seeds;
import dev.gavel.lab.NumberedFlows.Packet;
import dev.gavel.lab.NumberedFlows.Treatment;
import dev.gavel.nfqueue.QueueCounters;
import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.nfqueue.QueueSocket;
import dev.gavel.pipeline.OverloadCause;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.pipeline.VerdictCounters;
import dev.gavel.queue.Decision;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictListener;
import dev.gavel.queue.VerdictSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What comes in order by four queues goes on in order, while inspectors hang again and again and the guardian answers
 * for them. The packets are queued within the send, and received by another queue at a later hook, within the verdict:
 * nobody but Gavel can change their order in between.
 */
@Timeout(60)
class FlowOrderIT {
    private static final int QUEUES = 4;
    private static final Set<Verdict.Kind> NOT_PASSED = Set.of(Verdict.Kind.DROP, Verdict.Kind.REJECT);
    private static final int RECEIVER = 9;
    private static final int ROUNDS = 200; // of a packet a flow
    private static final Duration DEADLINE = Duration.ofMillis(20);
    private static final int HANGS_EACH = 1000; // packets of one thread
    private static final long HANG_NS = Duration.ofMillis(60).toNanos();
    private static final int PAUSES_EACH = 90;
    private static final long PAUSE_NS = Duration.ofMillis(2).toNanos(); // lanes fill up, no deadline passes
    private static final String POLICY = """
            policy: p
            rules:
              - {name: drop, when: 'ip.ttl == %d', verdict: drop}
              - {name: mark, when: 'ip.ttl == %d', verdict: accept, mark: 0x2a/0xfe}
              - {name: again, when: 'ip.ttl == %d', verdict: repeat, mark: 0x1/0x1}
              - {name: elsewhere, when: 'ip.ttl == %d', verdict: queue %d}
              - {name: reject, when: 'ip.ttl == %d', verdict: reject}
            """.formatted(
                    Treatment.DROP.ttl,
                    Treatment.MARK.ttl,
                    Treatment.REPEAT.ttl,
                    Treatment.QUEUE.ttl,
                    RECEIVER,
                    Treatment.REJECT.ttl);

    private final long seed = Seeds.take();
    private final List<QueueSocket> sockets = new ArrayList<>();
    private final List<Verdicts> listeners = new CopyOnWriteArrayList<>();
    private Netns netns;
    private Pipeline pipeline;
    private volatile boolean sending = true;

    /** A packet that was judged, and its verdict. */
    private record Evaluation(Packet packet, Verdict.Kind verdict) {}

    /** A packet that was received behind Gavel. */
    private record Arrival(Packet packet, int mark) {}

    /** The verdicts that one thread has sent by its own judgement. */
    private static final class Verdicts implements VerdictListener {
        private final List<Evaluation> evaluations = new ArrayList<>();

        @Override
        public void judged(QueuedPacket packet, Decision outcome) {
            evaluations.add(new Evaluation(Packet.of(packet), outcome.verdict().kind()));
        }
    }

    /** Hangs beyond the deadline now and then, and waits a little more often. */
    private static final class Hanging extends Inspector {
        private int inspected;

        Hanging(Engine engine) {
            super(engine, DeviceNames.NONE);
        }

        @Override
        public void inspect(QueuedPacket packet, Ruling ruling) {
            inspected++;
            if (inspected % HANGS_EACH == 0) {
                LockSupport.parkNanos(HANG_NS);
            } else if (inspected % PAUSES_EACH == 0) {
                LockSupport.parkNanos(PAUSE_NS);
            }
            super.inspect(packet, ruling);
        }
    }

    @BeforeEach
    void build() {
        netns = new Netns("server");
        netns.ip("-6", "route", "add", "local", "fd00::/64", "dev", "lo");
        Iptables iptables = new Iptables(netns);
        iptables.add("queue", "-t mangle -A OUTPUT -m mark --mark 0 -j NFQUEUE --queue-balance 0:" + (QUEUES - 1));
        iptables.add("receive", "-A OUTPUT -j NFQUEUE --queue-num " + RECEIVER);
    }

    @AfterEach
    void close() {
        sending = false;
        netns.close();
    }

    private static QueueSocket bind(int queue) throws Exception {
        return QueueSocket.bind(new QueueSettings(queue, 65536, 65531, 64 << 20, Set.of(QueueFlag.GSO)));
    }

    private void start(int workers) throws Exception {
        Engine engine = TestEngines.of(POLICY);
        for (int queue = 0; queue < QUEUES; queue++) {
            sockets.add(bind(queue));
        }
        pipeline = new Pipeline(
                List.<PacketSource>copyOf(sockets),
                engine,
                new Pipeline.Settings(
                        workers, DEADLINE.toNanos(), Verdict.ACCEPT, () -> new Hanging(engine), Rejector.SILENT, () -> {
                            Verdicts listener = new Verdicts();
                            listeners.add(listener);
                            return listener;
                        }));
        pipeline.start();
    }

    private List<Arrival> receive(QueueSocket receiver) {
        List<Arrival> arrivals = new ArrayList<>();
        ByteBuf memory = Unpooled.directBuffer(VerdictSink.CAPACITY * 4096);
        VerdictSink sink = receiver.verdicts();
        QueuedPacket[] slots = new QueuedPacket[VerdictSink.CAPACITY];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new QueuedPacket(memory, i * 4096, 4096);
        }
        boolean last;
        int count;
        do {
            last = !sending;
            count = receiver.receive(slots, slots.length);
            for (int i = 0; i < count; i++) {
                arrivals.add(new Arrival(Packet.of(slots[i]), slots[i].mark()));
                sink.add(slots[i].packetId(), Verdict.DROP);
            }
            sink.flush();
        } while (!last || count > 0);
        memory.release();
        return arrivals;
    }

    private long sum(ToLongFunction<VerdictCounters> what) {
        return pipeline.queues().stream()
                .flatMap(queue -> queue.counters().stream())
                .mapToLong(what)
                .sum();
    }

    private static long errors(QueueSocket socket) {
        return IntStream.range(0, QueueCounters.errorNames().length)
                .mapToLong(socket.counters()::errors)
                .sum();
    }

    private List<Packet> send() throws Exception {
        try (NumberedFlows flows = new NumberedFlows(new Random(seed))) {
            for (int i = 0; i < ROUNDS; i++) {
                flows.sendRound();
            }
            return flows.sent();
        }
    }

    @ParameterizedTest(name = "{0} workers")
    @ValueSource(ints = {0, 1, 4})
    void eachFlowArrivesInTheOrderInWhichItWasSent(int workers) throws Exception {
        QueueSocket receiver = netns.call(() -> bind(RECEIVER));
        Future<List<Arrival>> receiving = netns.start(() -> receive(receiver));
        List<Packet> sent = netns.call(() -> {
            start(workers);
            return send();
        });
        Await.until(() -> assertThat(sum(VerdictCounters::verdicts)).isEqualTo(sent.size()));
        assertThat(netns.call(() -> pipeline.drain(Duration.ofSeconds(10)))).isTrue();
        sending = false;
        List<Arrival> arrivals = receiving.get();
        assertThat(receiver.counters().gaps().value()).isZero();
        netns.call(() -> {
            receiver.close();
            return null;
        });
        List<Evaluation> evaluations = listeners.stream()
                .flatMap(listener -> listener.evaluations.stream())
                .toList();
        assertAllTookPart(sent.size(), evaluations);
        assertJudgedOnceAsThePolicySays(evaluations);
        assertInOrder(sent, evaluations, arrivals);
        assertMarked(evaluations, arrivals);
    }

    private void assertAllTookPart(int sent, List<Evaluation> evaluations) {
        assertThat(listeners).noneMatch(listener -> listener.evaluations.isEmpty());
        assertThat(sockets)
                .allMatch(socket -> socket.counters().packets().value() > 0)
                .allMatch(socket -> socket.counters().gaps().value() == 0)
                .allMatch(socket -> errors(socket) == 0, "the kernel knows each id that is answered, so none twice");
        assertThat(evaluations.stream().map(evaluation -> evaluation.packet().treatment()))
                .contains(Treatment.values());
        long overloads = sum(counters ->
                counters.overloads(OverloadCause.DEADLINE) + counters.overloads(OverloadCause.WORKER_QUEUE_FULL));
        assertThat(overloads).isPositive().isEqualTo(sent - evaluations.size());
        assertThat(sum(counters -> counters.late().value()))
                .as("hung, and came back")
                .isPositive();
    }

    private void assertJudgedOnceAsThePolicySays(List<Evaluation> evaluations) {
        assertThat(evaluations)
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .allMatch(evaluation ->
                        evaluation.verdict() == evaluation.packet().treatment().verdict);
    }

    /** All but those that were judged and dropped or rejected: a packet that the guardian has answered is accepted. */
    private void assertInOrder(List<Packet> sent, List<Evaluation> evaluations, List<Arrival> arrivals) {
        Set<Packet> expected = new HashSet<>(sent);
        evaluations.stream()
                .filter(evaluation -> NOT_PASSED.contains(evaluation.verdict()))
                .forEach(evaluation -> expected.remove(evaluation.packet()));
        Map<Integer, List<Integer>> left = byFlow(sent.stream().filter(expected::contains));
        Map<Integer, List<Integer>> arrived = byFlow(arrivals.stream().map(Arrival::packet));
        for (int flow = 0; flow < NumberedFlows.FLOWS; flow++) {
            assertThat(firstDifference(arrived.getOrDefault(flow, List.of()), left.getOrDefault(flow, List.of())))
                    .as("flow %d, seed %d", flow, seed)
                    .isEmpty();
        }
    }

    private static Map<Integer, List<Integer>> byFlow(Stream<Packet> packets) {
        return packets.collect(
                Collectors.groupingBy(Packet::flow, Collectors.mapping(Packet::number, Collectors.toList())));
    }

    /** Hundreds of numbers twice would tell nobody anything. */
    private static String firstDifference(List<Integer> numbers, List<Integer> expected) {
        int at = 0;
        while (at < numbers.size() && at < expected.size() && numbers.get(at).equals(expected.get(at))) {
            at++;
        }
        if (at == numbers.size() && at == expected.size()) {
            return "";
        }
        return numbers.subList(at, Math.min(at + 5, numbers.size())) + " instead of "
                + expected.subList(at, Math.min(at + 5, expected.size()));
    }

    private void assertMarked(List<Evaluation> evaluations, List<Arrival> arrivals) {
        Set<Packet> judged = new HashSet<>();
        evaluations.forEach(evaluation -> judged.add(evaluation.packet()));
        assertThat(arrivals)
                .as("seed %d", seed)
                .allMatch(arrival -> arrival.mark()
                        == (judged.contains(arrival.packet()) ? arrival.packet().treatment().mark : 0));
    }
}
