package dev.gavel.engine;

import dev.gavel.engine.EngineSettings.AcceptAs;
import dev.gavel.match.Matcher;
import dev.gavel.match.Matchers;
import dev.gavel.match.PatternRefusal;
import dev.gavel.policy.facts.Search;
import dev.gavel.policy.program.Program;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One generation of policies: the compiled program, a matcher for each of its searches, and the settings. Immutable,
 * shared by all threads. {@link #close} frees it; call that only when no inspector uses it any more.
 */
public final class Engine implements AutoCloseable {
    private final int generation;
    private final Program program;
    private final EngineSettings settings;
    private final List<Matcher> matchers;
    private final @Nullable AcceptAs[] acceptAs;

    /**
     * Creates generation number {@code generation}, counted from 1, which judges by {@code program}.
     *
     * @throws PatternRefusal if {@code matchers} cannot compile a pattern
     */
    public Engine(int generation, Program program, EngineSettings settings, Matchers matchers) {
        this.generation = generation;
        this.program = program;
        this.settings = settings;
        this.matchers = compile(program.searches(), matchers);
        int queues = settings.accepts().isEmpty()
                ? 0
                : Collections.max(settings.accepts().keySet()) + 1;
        acceptAs = new @Nullable AcceptAs[queues];
        settings.accepts().forEach((queue, accept) -> acceptAs[queue] = accept);
    }

    private static List<Matcher> compile(List<Search> searches, Matchers matchers) {
        List<Matcher> compiled = new ArrayList<>();
        try {
            searches.forEach(search -> compiled.add(matchers.compile(search.patterns())));
            return List.copyOf(compiled);
        } catch (RuntimeException | Error e) {
            compiled.forEach(Matcher::close);
            throw e;
        }
    }

    public int generation() {
        return generation;
    }

    public Program program() {
        return program;
    }

    public EngineSettings settings() {
        return settings;
    }

    /** A matcher for each search, in the order of {@link Program#searches}. */
    List<Matcher> matchers() {
        return matchers;
    }

    /** How an accept is sent in queue {@code number}; null if it is sent unchanged. */
    @Nullable
    AcceptAs acceptAs(int number) {
        return number >= 0 && number < acceptAs.length ? acceptAs[number] : null;
    }

    /**
     * Whether {@code packet} is our own forged answer, or an accepted packet that has come back; both pass unjudged.
     */
    boolean isOwn(QueuedPacket packet) {
        int ownMark = settings.ownMark();
        AcceptAs as = acceptAs(packet.queueNumber());
        return (ownMark != 0 && (packet.mark() & ownMark) == ownMark) || (as != null && as.comesBack(packet.mark()));
    }

    /**
     * If {@code ruling} accepts {@code packet}, replaces the accept with what its queue is configured to send, such as
     * a repeat.
     */
    void sendAccept(QueuedPacket packet, Ruling ruling) {
        AcceptAs as = acceptAs(packet.queueNumber());
        if (as != null && ruling.verdict() == Verdict.ACCEPT) {
            ruling.acceptAs(as.verdict(), as.markValue(), as.markMask(), packet.mark());
        }
    }

    @Override
    public void close() {
        matchers.forEach(Matcher::close);
    }
}
