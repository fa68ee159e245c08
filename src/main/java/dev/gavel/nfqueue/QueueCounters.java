package dev.gavel.nfqueue;

import dev.gavel.counters.Count;
import dev.gavel.counters.Counter;
import dev.gavel.counters.Distribution;
import dev.gavel.counters.Histogram;
import dev.gavel.sys.Errno;
import java.util.Arrays;
import java.util.Locale;

/** What the reader of one queue has seen. Written by its thread, read by any. */
public final class QueueCounters {
    /** Errors that are counted under their own name; all others are {@link #otherErrors}. */
    private static final int[] ERRNOS = {Errno.ENOBUFS, Errno.EPERM, Errno.ENOENT, Errno.EINVAL, Errno.ENODEV};

    final Counter packets = new Counter();
    final Counter bytes = new Counter();
    final Counter gaps = new Counter();
    final Counter truncated = new Counter();
    final Counter unreadable = new Counter();
    final Counter otherErrors = new Counter();
    final Histogram waitNs = Histogram.ofTimes();
    final Histogram batch = new Histogram(1, 2, 4, 8, 16, 32, 64);

    private final Counter[] errors = new Counter[ERRNOS.length];

    QueueCounters() {
        Arrays.setAll(errors, i -> new Counter());
    }

    /** Names of the errors counted one by one, as metrics write them: {@code enobufs}. */
    public static String[] errorNames() {
        return Arrays.stream(ERRNOS)
                .mapToObj(errno -> Errno.name(errno).toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
    }

    /** Count of the error {@code index} of {@link #errorNames}. */
    public long errors(int index) {
        return errors[index].value();
    }

    /** Packets received. */
    public Count packets() {
        return packets;
    }

    /** Bytes of the packets received, as long as they are, copied to us or not. */
    public Count bytes() {
        return bytes;
    }

    /** Packet ids that never reached us: the packets were lost or failed open. */
    public Count gaps() {
        return gaps;
    }

    /** Packets of which only a part was copied to us. */
    public Count truncated() {
        return truncated;
    }

    /** Messages without a packet id, or of an unknown kind: there is nothing to answer. */
    public Count unreadable() {
        return unreadable;
    }

    /** Errors other than those of {@link #errorNames}. */
    public Count otherErrors() {
        return otherErrors;
    }

    /** Nanoseconds from the kernel's time stamp to receive, of packets that carry a stamp. */
    public Distribution waitNs() {
        return waitNs;
    }

    /** Packets per receive. */
    public Distribution batch() {
        return batch;
    }

    void error(int errno) {
        for (int i = 0; i < ERRNOS.length; i++) {
            if (ERRNOS[i] == errno) {
                errors[i].increment();
                return;
            }
        }
        otherErrors.increment();
    }
}
