package dev.gavel.queue;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The content and the rate limit of one rule's events. Shared by all judging threads. Packets beyond the rate give no
 * event and are only counted.
 *
 * <p>The rate is a token bucket that holds as many tokens as there are events in one period, stored in one word as its
 * theoretical arrival time (the generic cell rate algorithm, ITU-T I.371). A full bucket admits all events of a period
 * at once.
 */
public final class Alert {
    /** Result of {@link #admit} if the rate is used up. */
    public static final int WITHHELD = -1;

    /** The names that identify a rule: its policy, its own name, and its mode, {@code enforce} or {@code shadow}. */
    public record Source(String policy, String rule, String mode) {
        /** {@code policy/rule}. */
        public String path() {
            return policy + "/" + rule;
        }
    }

    private final Source source;
    private final @Nullable String message;
    private final int id;
    private final int severity;
    private final long spacingNs;
    private final long depthNs;
    private final AtomicLong arrivalNs;
    private final AtomicLong withheld = new AtomicLong();

    /**
     * Creates the alert of a rule that gives at most {@code count} events every {@code perNs} nanoseconds.
     *
     * @param message text for the events; null if the rule has none
     * @param id number for the events; 0 if the rule has none
     * @param severity from 1, the highest, to 4
     */
    public Alert(Source source, @Nullable String message, int id, int severity, long count, long perNs) {
        if (count < 1 || perNs < 1) {
            throw new IllegalArgumentException(
                    "rate of " + count + " each " + perNs + " ns (expected: both at least 1)");
        }
        this.source = source;
        this.message = message;
        this.id = id;
        this.severity = severity;
        spacingNs = perNs / count;
        depthNs = perNs - spacingNs;
        arrivalNs = new AtomicLong(System.nanoTime() - perNs);
    }

    /**
     * Asks for one event at {@code nowNs}, a time of {@link System#nanoTime}. Returns the number of events withheld
     * since the last admitted one, or {@link #WITHHELD} if the rate is used up. Any thread.
     */
    public long admit(long nowNs) {
        while (spacingNs > 0) {
            long arrival = arrivalNs.get();
            long due = arrival - nowNs > 0 ? arrival : nowNs;
            if (due - nowNs > depthNs) {
                withheld.incrementAndGet();
                return WITHHELD;
            }
            if (arrivalNs.compareAndSet(arrival, due + spacingNs)) {
                break;
            }
        }
        return withheld.get() == 0 ? 0 : withheld.getAndSet(0);
    }

    public Source source() {
        return source;
    }

    /** The message of the rule, or its path if it has none. */
    public String signature() {
        return message == null ? source.path() : message;
    }

    /** The number that the rule gives its events; 0 if it gives none. */
    public int id() {
        return id;
    }

    /** From 1, the highest, to 4. */
    public int severity() {
        return severity;
    }
}
