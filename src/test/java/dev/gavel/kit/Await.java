package dev.gavel.kit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Polls for what shall come true soon. */
public final class Await {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private Await() {}

    /** Code that fails with an assertion error while things are not yet as they shall be. */
    public interface Assertion {
        void check() throws Exception;
    }

    /** Repeats {@code assertion} until it holds; fails as it does when it still does not after ten seconds. */
    public static void until(Assertion assertion) {
        within(LIMIT_NS, assertion);
    }

    /** As {@link #until}, with another limit. */
    public static void within(long limitNs, Assertion assertion) {
        long deadline = System.nanoTime() + limitNs;
        while (true) {
            try {
                assertion.check();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            LockSupport.parkNanos(INTERVAL_NS);
        }
    }
}
