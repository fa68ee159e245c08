package dev.gavel.config;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

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
        Outcome malformed,
        Outcome truncated,
        Overload overload,
        Fragments fragments,
        Rejects rejects,
        Metrics metrics,
        Path policies,
        Place policiesPlace,
        List<NamedList> lists) {
    /** What {@code auto} means: open accepts, closed drops what could not be judged in full. */
    public enum Fail {
        OPEN,
        CLOSED
    }

    /** What happens to IP fragments that the kernel did not reassemble. */
    public enum Fragments {
        HEADERS_ONLY,
        DROP
    }

    /** A packet that got no verdict within {@code deadlineNs} of its receipt gets {@code verdict}. */
    public record Overload(long deadlineNs, Outcome verdict) {}

    /** At most {@code rate} forged answers; they carry the bits {@code mark}. */
    public record Rejects(Rate rate, int mark) {}

    /** So many in so much time. */
    public record Rate(long count, long perNs) {}

    /** Address and port of the HTTP server; {@code maxRules}: rules with a series of their own. */
    public record Metrics(String host, int port, int maxRules) {}

    /** What an empty file says, for a program that has none; {@code policies} is relative to the working directory. */
    public static DaemonConfig defaults() {
        return DaemonReader.read(new SourceFile("gavel.yaml", ""), Path.of("gavel.yaml"), new Problems());
    }
}
