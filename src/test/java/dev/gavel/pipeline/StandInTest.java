package dev.gavel.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.Ruling;
import dev.gavel.engine.TestEngines;
import dev.gavel.kit.Seeds;
import dev.gavel.packet.FlowHash;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictSink;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reader, judge and guardian on one thread, by a clock of ours: while the judge inspects a packet, or tells of one, the
 * others go on at random, and the clock too. Whatever they do, each packet gets one verdict, in their order, by rule or
 * by overload and counted so, and no slot is filled while its packet is in use.
 */
class StandInTest {
    private static final int STEPS = 20_000;
    private static final long DEADLINE_NS = 100;
    private static final int LANE = 64;
    private static final int SLOTS = 128;

    private final long seed = Seeds.take();
    private final Random random = new Random(seed);
    private final Engine engine = TestEngines.of("policy: p");
    private final Source source = new Source();
    private final Set<Integer> judged = new HashSet<>();
    private final IdentityHashMap<QueuedPacket, Integer> inUse = new IdentityHashMap<>();
    private long now;

    private final Pipeline.Settings settings = new Pipeline.Settings(
            1,
            DEADLINE_NS,
            Verdict.REPEAT, // as no rule says
            HangingInspector::new,
            packet -> {},
            () -> (packet, judgedNow) -> whileInUse(packet));
    private final PipelineState state = new PipelineState(engine, settings);
    private final Judge judge = new Judge(
            new Lane(LANE),
            source.verdicts(),
            source::devices,
            settings.listeners().get(),
            state);
    private final DutyCycle judging = new DutyCycle(state, List.of(judge));
    private boolean isInline;
    private Batch batch;
    private Reader reader;

    /** Takes its time: others act meanwhile. */
    private final class HangingInspector extends Inspector {
        HangingInspector() {
            super(engine, DeviceNames.NONE);
        }

        @Override
        public void inspect(QueuedPacket packet, Ruling ruling) {
            assertThat(judged.add(packet.packetId()))
                    .as(context("judged twice"))
                    .isTrue();
            whileInUse(packet);
            super.inspect(packet, ruling);
        }
    }

    private void whileInUse(QueuedPacket packet) {
        inUse.put(packet, packet.packetId());
        int id = packet.packetId();
        while (random.nextInt(3) == 0) {
            others();
        }
        assertThat(packet.packetId()).as(context("a slot in use was filled")).isEqualTo(id);
        inUse.remove(packet);
    }

    private void others() {
        now += random.nextInt(30);
        judge.standIn().answerOverdue(now);
        if (random.nextBoolean()) {
            read();
        }
    }

    /** Brings packets with the time of our clock, and takes verdicts. */
    private final class Source implements PacketSource, VerdictSink {
        private int toBring;
        private int lastId;
        private final List<Integer> added = new ArrayList<>();
        private final List<Integer> answered = new ArrayList<>();
        private final Set<Integer> overruled = new HashSet<>();

        @Override
        public int receive(QueuedPacket[] slots, int count) {
            assertThat(isInline && judge.lane().held() > 0)
                    .as(context("waits, and lets others wait"))
                    .isFalse();
            return poll(slots, count);
        }

        @Override
        public int poll(QueuedPacket[] slots, int count) {
            int received = Math.min(count, toBring);
            toBring -= received;
            for (int i = 0; i < received; i++) {
                assertThat(inUse).as(context("refilled")).doesNotContainKey(slots[i]);
                slots[i].reset(0, ++lastId, now);
            }
            return received;
        }

        @Override
        public int size() {
            return added.size();
        }

        @Override
        public void add(int packetId, Verdict verdict) {
            assertThat(added.size()).isLessThan(CAPACITY);
            added.add(packetId);
            if (verdict == Verdict.REPEAT) {
                overruled.add(packetId);
            }
        }

        @Override
        public void add(int packetId, Verdict verdict, int mark) {
            throw new AssertionError();
        }

        @Override
        public void clear() {
            assertThat(added).isEmpty();
        }

        @Override
        public void flush() {
            judge.standIn().answerOverdue(now + 10 * DEADLINE_NS); // must leave alone who is sending
            answered.addAll(added);
            added.clear();
        }

        @Override
        public VerdictSink verdicts() {
            return this;
        }

        @Override
        public DeviceNames devices() {
            return DeviceNames.NONE;
        }

        @Override
        public void stopQueueing() {
            throw new AssertionError();
        }

        @Override
        public int waiting() {
            throw new AssertionError();
        }

        @Override
        public void close() {
            throw new AssertionError();
        }
    }

    private String context(String what) {
        return what + ", seed " + seed + ", packet " + source.lastId;
    }

    /** What the reader's thread does, but for judging, or the guardian in its place. */
    private void read() {
        Lane lane = judge.lane();
        int room = lane.isOverruled() ? 100 : LANE - lane.held();
        source.toBring = random.nextInt(room + 1);
        if (isInline) {
            reader.relieve();
        } else {
            reader.turn();
        }
        source.toBring = 0;
    }

    @ParameterizedTest(name = "inline: {0}")
    @ValueSource(booleans = {false, true})
    void answersEachPacketOnceInOrderAndGivesEverySlotBack(boolean inline) {
        isInline = inline;
        reader = reader(inline ? new Lanes(judge, judging) : new Lanes(List.of(judge), List.of(worker())));
        for (int step = 0; step < STEPS; step++) {
            now += random.nextInt(10);
            if (inline) {
                source.toBring = random.nextInt(LANE);
                reader.turn();
            } else if (random.nextBoolean()) {
                judging.judge();
            } else {
                read();
            }
        }
        while (judging.isBusy()) {
            judging.judge();
        }
        assertAllAnswered();
        assertEverySlotIsFree();
        reader.release();
        judging.close();
    }

    private Worker worker() {
        return new Worker("worker", state, judging);
    }

    private Reader reader(Lanes lanes) {
        batch = new Batch(SLOTS, new FlowHash());
        return new Reader("reader", state, source, lanes, batch);
    }

    private void assertAllAnswered() {
        assertThat(source.lastId).isGreaterThan(STEPS);
        assertThat(source.answered)
                .as(context("all, in order"))
                .isEqualTo(IntStream.rangeClosed(1, source.lastId).boxed().toList());
        VerdictCounters ours = judge.counters().get(0);
        VerdictCounters others = judge.standIn().counters();
        assertThat(others.verdicts()).as(context("overruled")).isEqualTo(source.overruled.size());
        assertThat(ours.verdicts() + others.verdicts()).isEqualTo(source.lastId);
        assertThat(others.overloads(OverloadCause.DEADLINE)).isPositive();
        assertThat(others.overloads(OverloadCause.WORKER_QUEUE_FULL)).isPositive();
        long late = judged.stream().filter(source.overruled::contains).count();
        assertThat(ours.late.value()).as(context("late")).isEqualTo(late).isPositive();
    }

    private void assertEverySlotIsFree() {
        source.toBring = 0;
        reader.turn(); // reclaims
        assertThat(batch.free())
                .as(context("free slots"))
                .doesNotHaveDuplicates()
                .hasSize(SLOTS);
    }

    @Test
    void leavesAloneWhatIsInTime() {
        reader = reader(new Lanes(List.of(judge), List.of(worker())));
        source.toBring = 3;
        reader.turn();
        judge.standIn().answerOverdue(now + DEADLINE_NS);
        assertThat(source.answered).isEmpty();
        assertThat(judge.lane().isOverruled()).isFalse();
        judge.standIn().answerOverdue(now + DEADLINE_NS + 1);
        assertThat(source.answered).containsExactly(1, 2, 3);
        assertThat(source.overruled).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(judging.judge()).as("answered packets are not judged").isZero();
        assertThat(judge.lane().isOverruled()).isFalse();
        reader.release();
        judging.close();
    }

    /** The judge is overruled while its reader lays a batch into the lane. */
    @Test
    void answersWhatIsInTheLaneBeforeWhatComesBehind() {
        Lane lane = judge.lane();
        lane.offer(packet(1));
        lane.publish();
        judge.standIn().answerOverdue(now + DEADLINE_NS + 1);
        lane.offer(packet(2)); // the reader has not seen it yet
        lane.publish();
        assertThat(judge.standIn().answerAfterHeld(new QueuedPacket[] {packet(3)}, 0, 1))
                .isTrue();
        assertThat(source.answered).containsExactly(1, 2, 3);
        judging.close();
    }

    private QueuedPacket packet(int id) {
        return new QueuedPacket(Unpooled.EMPTY_BUFFER, 0, 0).reset(0, id, now);
    }
}
