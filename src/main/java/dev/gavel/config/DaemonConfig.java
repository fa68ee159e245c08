package dev.gavel.config;

import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceFile;
import dev.gavel.queue.EventType;
import dev.gavel.queue.Fragments;
import dev.gavel.queue.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What {@code gavel.yaml} says, with the contract's defaults filled in and every {@code auto} of a verdict resolved by
 * {@code fail}.
 *
 * @param queues at least one, in ascending order of number
 * @param workers empty: auto; 0: the reader threads judge
 * @param policies the directory of the policies
 * @param policiesPlace where that is said, or the start of the file
 * @param lists for the expressions of all policies
 */
public record DaemonConfig(
        Fail fail,
        List<QueueConfig> queues,
        OptionalInt workers,
        VerdictChoice defaultVerdict,
        Verdict malformed,
        Verdict truncated,
        Overload overload,
        Fragments fragments,
        Rejects rejects,
        Metrics metrics,
        Events events,
        Path policies,
        Place policiesPlace,
        List<NamedList> lists) {
    /** What {@code auto} means: open accepts, closed drops what could not be judged in full. */
    public enum Fail {
        OPEN,
        CLOSED
    }

    /** A packet that got no verdict within {@code deadlineNs} of its receipt gets {@code verdict}. */
    public record Overload(long deadlineNs, Verdict verdict) {}

    /** At most {@code rate} forged answers; they carry the bits {@code mark}. */
    public record Rejects(Rate rate, int mark) {}

    /** So many in so much time. */
    public record Rate(long count, long perNs) {
        static final Rate UNLIMITED = new Rate(Long.MAX_VALUE, 1);
    }

    /**
     * Where events are written, and which.
     *
     * @param file or {@link #STANDARD_OUTPUT}
     * @param place of its name, or of what is nearest to it
     */
    public record Events(Path file, Place place, Set<EventType> types) {
        public static final Path STANDARD_OUTPUT = Path.of("-");

        public Events {
            types = Set.copyOf(types);
        }
    }

    /** Address and port of the HTTP server; {@code maxRules}: rules with a series of their own. */
    public record Metrics(String host, int port, int maxRules) {}

    /** What an empty file says, for a program that has none; {@code policies} is relative to the working directory. */
    public static DaemonConfig defaults() {
        return DaemonReader.read(new SourceFile("gavel.yaml", ""), Path.of("gavel.yaml"), new Problems());
    }
}
