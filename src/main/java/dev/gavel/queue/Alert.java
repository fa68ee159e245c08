package dev.gavel.queue;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one rule say of it, and how many there may be. Shared by all threads that judge; of their packets
 * at most the rule's rate give an event, the others are counted.
 *
 * <p>The rate is a bucket of as many tokens as it has events a unit, kept in one word as its theoretical arrival time
 * (the generic cell rate algorithm, ITU-T I.371): full, it gives all of them at once.
 */
public final class Alert {
    /** What {@link #admit} says where the rate is used up. */
    public static final int WITHHELD = -1;

    /** Names of a rule: of its policy, its own, and {@code enforce} or {@code shadow}. */
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
     * Of a rule that gives at most {@code count} events each {@code perNs} nanoseconds.
     *
     * @param message null if none is given
     * @param id 0 if none is given
     * @param severity 1, highest, to 4
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
     * Takes one event at {@code nowNs} of {@link System#nanoTime}: how many were withheld since the last one, or {@link
     * #WITHHELD} if the rate is used up. Any thread.
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

    /** As the rule words it, or its path. */
    public String signature() {
        return message == null ? source.path() : message;
    }

    /** As the rule numbers itself; 0 if it does not. */
    public int id() {
        return id;
    }

    /** 1, highest, to 4. */
    public int severity() {
        return severity;
    }
}
