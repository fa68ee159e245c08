package dev.gavel.counters;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A count that only its owner thread raises; readers see a recent value, never a torn one. */
public final class Counter {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through VALUE
    private long value;

    /** Adds one. Owner thread only. */
    public void increment() {
        add(1);
    }

    /** Adds {@code amount}, which is not negative. Owner thread only. */
    public void add(long amount) {
        VALUE.setOpaque(this, (long) VALUE.getOpaque(this) + amount);
    }

    /** The count so far. Any thread. */
    public long value() {
        return (long) VALUE.getOpaque(this);
    }
}
