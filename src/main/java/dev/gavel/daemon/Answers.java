package dev.gavel.daemon;

import dev.gavel.config.DaemonConfig;
import dev.gavel.metrics.RejectMetrics;
import dev.gavel.queue.Rejector;
import dev.gavel.reject.RawRejector;

/**
 * The component that sends answers (such as TCP resets) to the ends of rejected packets.
 *
 * @param rejector sends the answers; any thread may use it
 * @param metrics counts the answers
 * @param close closes the sockets; to be run once no thread rejects packets any more
 */
record Answers(Rejector rejector, RejectMetrics metrics, Runnable close) {
    /** Opens raw sockets in the calling thread's network namespace. */
    static Answers open(DaemonConfig.Rejects config) {
        RawRejector rejector = new RawRejector(
                config.mark(), config.rate().count(), config.rate().perNs());
        return new Answers(rejector, new RejectMetrics(rejector), rejector::close);
    }
}
