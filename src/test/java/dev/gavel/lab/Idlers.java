package dev.gavel.lab;

import static dev.gavel.lab.Libc.LIBC;

import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Threads that have nothing to do with what is tested and want nothing but to wake each millisecond, one on each CPU.
 * While one of them is late, this machine, or the whole JVM, stands still.
 */
final class Idlers implements AutoCloseable {
    private static final long MS = 1_000_000;
    private static final long LATE_NS = 2 * MS; // less is a timer's slack

    private final long startNs = System.nanoTime();
    private final BitSet late = new BitSet(); // milliseconds since the start
    private final List<Thread> threads;
    private volatile boolean ends;

    Idlers() {
        int cpus = Runtime.getRuntime().availableProcessors();
        threads = IntStream.range(0, cpus)
                .mapToObj(cpu -> new Thread(() -> idle(cpu), "idle-" + cpu))
                .toList();
        threads.forEach(thread -> thread.setDaemon(true));
        threads.forEach(Thread::start);
    }

    /** Where this CPU is not ours the thread is anywhere, and idles all the same. */
    private void idle(int cpu) {
        LIBC.sched_setaffinity(0, Long.BYTES, new long[] {1L << cpu});
        long due = System.nanoTime() + MS;
        while (!ends) {
            LockSupport.parkNanos(due - System.nanoTime());
            long now = System.nanoTime();
            if (now - due > LATE_NS) {
                synchronized (late) {
                    late.set(milliseconds(due), milliseconds(now) + 1);
                }
            }
            due = now + MS;
        }
    }

    private int milliseconds(long nanoTime) {
        return (int) ((nanoTime - startNs) / MS);
    }

    /** How much of that time a thread of ours was late, in nanoseconds; to be asked after {@link #close}. */
    long lateNs(long fromNs, long toNs) {
        return MS * late.get(milliseconds(fromNs), milliseconds(toNs) + 1).cardinality();
    }

    /** Ends the threads and waits for them. */
    @Override
    public void close() {
        ends = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
