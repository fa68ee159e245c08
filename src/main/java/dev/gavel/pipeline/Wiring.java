package dev.gavel.pipeline;

import dev.gavel.packet.FlowHash;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.VerdictListener;
import dev.gavel.queue.VerdictSink;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Creates the threads of a pipeline, not yet started, and the lanes between them. Unchanged after construction. */
final class Wiring {
    private static final int SLOTS = 256;
    private static final int MIN_LANE = 16;

    private final List<PacketSource> sources;
    private final PipelineState state;
    private final FlowHash flowHash = new FlowHash();
    private final List<List<Judge>> judgesOfSource = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<DutyCycle> dutyCycles = new ArrayList<>();
    private final Guardian guardian;

    Wiring(List<PacketSource> sources, PipelineState state) {
        this.sources = List.copyOf(sources);
        this.state = state;
        if (state.settings().workers() == 0) {
            judgeOnReaders();
        } else {
            judgeOnWorkers(state.settings().workers());
        }
        List<StandIn> standIns = judges().map(Judge::standIn).toList();
        guardian = new Guardian(state, state.settings().deadlineNs(), standIns, readers);
    }

    private void judgeOnReaders() {
        for (PacketSource source : sources) {
            Judge judge = judge(source, SLOTS, state.settings().listeners().get());
            judgesOfSource.add(List.of(judge));
            addReader(source, new Lanes(judge, dutyCycle(List.of(judge))), SLOTS);
        }
    }

    private void judgeOnWorkers(int count) {
        // The lanes of a reader together hold at most half of its slots, so that a stuck worker cannot take them all.
        int slots = Math.max(SLOTS, 2 * MIN_LANE * count);
        int laneCapacity = Integer.highestOneBit(slots / 2 / count);
        List<VerdictListener> listeners =
                Stream.generate(state.settings().listeners()).limit(count).toList();
        for (PacketSource source : sources) {
            judgesOfSource.add(listeners.stream()
                    .map(listener -> judge(source, laneCapacity, listener))
                    .toList());
        }
        for (int i = 0; i < count; i++) {
            int index = i;
            List<Judge> judges =
                    judgesOfSource.stream().map(ofSource -> ofSource.get(index)).toList();
            workers.add(new Worker("worker-" + i, state, dutyCycle(judges)));
        }
        for (int i = 0; i < sources.size(); i++) {
            addReader(sources.get(i), new Lanes(judgesOfSource.get(i), workers), slots);
        }
    }

    private Judge judge(PacketSource source, int laneCapacity, VerdictListener listener) {
        // a single judge answers all packets of its source; with several judges each answers only some
        VerdictSink sink = state.settings().workers() <= 1 ? source.allVerdicts() : source.verdicts();
        return new Judge(new Lane(laneCapacity), sink, source::devices, listener, state);
    }

    private DutyCycle dutyCycle(List<Judge> judges) {
        DutyCycle made = new DutyCycle(state, judges);
        dutyCycles.add(made);
        return made;
    }

    private void addReader(PacketSource source, Lanes lanes, int slots) {
        readers.add(new Reader("reader-" + readers.size(), state, source, lanes, new Batch(slots, flowHash)));
    }

    List<PacketSource> sources() {
        return sources;
    }

    /** The judges of the packets of source {@code index}. */
    List<Judge> judgesOf(int index) {
        return judgesOfSource.get(index);
    }

    /** The judges of all sources. */
    Stream<Judge> judges() {
        return judgesOfSource.stream().flatMap(List::stream);
    }

    /** The readers, one for each source. */
    List<Reader> readers() {
        return readers;
    }

    /** The workers; empty if the readers judge. */
    List<Worker> workers() {
        return workers;
    }

    /** The duty cycles, one for each judging thread. */
    List<DutyCycle> dutyCycles() {
        return dutyCycles;
    }

    Guardian guardian() {
        return guardian;
    }
}
