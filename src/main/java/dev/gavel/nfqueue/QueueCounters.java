package dev.gavel.nfqueue;

import dev.gavel.counters.Counter;
import dev.gavel.counters.Histogram;
import dev.gavel.sys.Errno;
import java.util.Arrays;
import java.util.Locale;

/** What the reader of one queue has seen. Written by its thread, read by any. */
public final class QueueCounters {
    /** Errors that are counted under their own name; all others are {@link #otherErrors}. */
    private static final int[] ERRNOS = {Errno.ENOBUFS, Errno.EPERM, Errno.ENOENT, Errno.EINVAL, Errno.ENODEV};

    /** Packets received. */
    public final Counter packets = new Counter();
    /** Their bytes, as long as they are, copied or not. */
    public final Counter bytes = new Counter();
    /** Ids that never reached us: lost or failed open. */
    public final Counter gaps = new Counter();
    /** Packets of which only a part was copied to us. */
    public final Counter truncated = new Counter();
    /** Messages without a packet id, or of an unknown kind: nothing to answer. */
    public final Counter unreadable = new Counter();
    /** Errors other than those of {@link #errorNames}. */
    public final Counter otherErrors = new Counter();
    /** Nanoseconds from the kernel's stamp to receive, of packets that it has stamped. */
    public final Histogram waitNs = Histogram.ofTimes();
    /** Packets per receive. */
    public final Histogram batch = new Histogram(1, 2, 4, 8, 16, 32, 64);

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
