package dev.gavel.counters;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A count that one thread at a time raises, without a lock; readers see a recent value, never a torn one. The owner
 * keeps the counter private and exposes it as a {@link Count}.
 */
public final class Counter implements Count {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // accessed through VALUE
    private long value;

    /** Adds one. Owner thread only. */
    public void increment() {
        add(1);
    }

    /** Adds {@code amount}, which is not negative. Owner thread only. */
    public void add(long amount) {
        VALUE.setOpaque(this, (long) VALUE.getOpaque(this) + amount);
    }

    @Override
    public long value() {
        return (long) VALUE.getOpaque(this);
    }
}
