package dev.gavel.events;

import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.EventType;
import dev.gavel.queue.VerdictListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes records of the threads that judge, and writes them as lines on a thread of its own. What that thread cannot
 * take in time is lost and counted: no packet waits for it. Made and closed by the daemon's main thread.
 */
public final class Events {
    private static final System.Logger LOG = System.getLogger(Events.class.getName());
    /** Records that may wait for the writer, 0.7 MB for each thread that judges. */
    private static final int RING = 4096;

    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Between two events of one type that the daemon tells of itself. */
    private static final long OWN_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    /** Between two messages about a failure that is our bug. */
    private static final long QUIET_NS = TimeUnit.MINUTES.toNanos(1);

    private static final int BATCH_BYTES = 64 * 1024;
    private static final int MAX_LINE_BYTES = 16 * 1024;

    /**
     * What is written, and where.
     *
     * @param file {@code -}: standard output
     * @param types if empty nothing is written, and the file is not touched
     * @param host name of this machine
     */
    public record Settings(Path file, Set<EventType> types, String host) {
        public Settings {
            types = Set.copyOf(types);
        }
    }

    private final Settings settings;
    private final EventFile file;
    private final List<EventRing> rings = new CopyOnWriteArrayList<>();
    private final JsonWriter json = new JsonWriter(BATCH_BYTES);
    private final Timestamps times = new Timestamps();
    private final PacketLines packets;
    private final OwnLines own;
    private final AtomicReference<@Nullable Reload> reload = new AtomicReference<>();
    private final Thread writer = new Thread(this::run, "events");
    private long failedNs = System.nanoTime() - QUIET_NS; // the writer's
    private volatile boolean reopening;
    private volatile boolean stopping;

    /** How an attempt to load new policies went: when, the generation in force, and what was wrong, if anything was. */
    record Reload(long atNs, int generation, @Nullable String error) {}

    public Events(Settings settings) {
        this.settings = settings;
        file = new EventFile(settings.file(), System::nanoTime);
        packets = new PacketLines(json, times, settings.host());
        own = new OwnLines(json, times, settings);
        writer.setDaemon(true);
    }

    /**
     * Opens the file, to be created with mode 0640 in a directory that is there.
     *
     * @throws IOException whose message says what is wrong; it will be tried again once a minute
     */
    public void open() throws IOException {
        if (!settings.types().isEmpty()) {
            file.open();
        }
    }

    /**
     * Starts to write.
     *
     * @param devices for the writer's thread alone
     * @param overloads packets so far that got the verdict of an overload; a rise gives an event
     * @param losses packets so far for which the kernel had no room; a rise gives an event
     */
    public void start(DeviceNames devices, LongSupplier overloads, LongSupplier losses) {
        packets.use(devices);
        own.watch(EventType.OVERLOAD, overloads);
        own.watch(EventType.LOSS, losses);
        writer.start();
    }

    /** What hears of the verdicts of one thread. */
    public VerdictListener listener() {
        if (!settings.types().contains(EventType.ALERT) && !settings.types().contains(EventType.ANOMALY)) {
            return VerdictListener.NONE;
        }
        EventRing ring = new EventRing(RING);
        rings.add(ring);
        return new EventRecorder(ring, settings.types());
    }

    /** Policies were loaded: {@code generation} is in force. Of several in a second the last one gives an event. */
    public void reloaded(int generation) {
        reload.set(new Reload(System.nanoTime(), generation, null));
    }

    /** Policies could not be loaded: {@code generation} stays in force. */
    public void notReloaded(int generation, String error) {
        reload.set(new Reload(System.nanoTime(), generation, error));
    }

    /** Opens the file anew, soon: it was moved away. */
    public void reopen() {
        reopening = true;
    }

    private void run() {
        while (!stopping) {
            if (!survivedTurn()) {
                LockSupport.parkNanos(this, IDLE_NS);
            }
        }
        while (survivedTurn()) {
            Thread.onSpinWait();
        }
    }

    /** As {@link #turn}; whatever it throws, errors too, does not end the writer: the next turn writes the rest. */
    private boolean survivedTurn() {
        try {
            return turn();
        } catch (Throwable e) {
            failed(e);
            return stopping; // what is left in the rings is still to be written; otherwise a pause
        }
    }

    /** Our bug: it costs the line that it was in, and no other. */
    private void failed(Throwable e) {
        if (json.dropUnfinished()) {
            file.lost.increment();
        }
        long now = System.nanoTime();
        if (now - failedNs >= QUIET_NS) {
            failedNs = now;
            LOG.log(System.Logger.Level.ERROR, "an event could not be written", e);
        }
    }

    /** Writes what is there; whether there was anything. */
    private boolean turn() {
        flush(); // lines that a failed turn had finished
        times.synchronize();
        boolean any = false;
        for (EventRing ring : rings) {
            any |= drain(ring);
        }
        tellOwn();
        flush();
        if (reopening && !settings.types().isEmpty()) { // after the flush: no line is written twice or to nowhere
            reopening = false;
            file.reopen();
        }
        return any;
    }

    private void tellOwn() {
        try {
            own.write(reload, stopping ? 0 : OWN_INTERVAL_NS);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private boolean drain(EventRing ring) {
        int count = 0;
        PacketEvent event = ring.next();
        while (event != null && count++ < RING) { // the others shall have their turn
            try {
                packets.write(event);
            } catch (RuntimeException e) {
                failed(e);
            } finally {
                ring.release();
            }
            if (json.room() < MAX_LINE_BYTES) {
                flush();
            }
            event = ring.next();
        }
        return count > 0;
    }

    private void flush() {
        try {
            file.write(json.written());
        } finally {
            json.clear();
        }
    }

    /** {@code file} or {@code stdout}. */
    public String sink() {
        return file.sink();
    }

    /** Events that were written. */
    public long written() {
        return file.written.value();
    }

    /** Events that found no room, in a ring or on the disk. */
    public long lost() {
        return file.lost.value()
                + rings.stream().mapToLong(ring -> ring.lost.value()).sum();
    }

    /**
     * Writes what is left, waits {@code limit} at most for that, and closes the file. To be called when nobody judges
     * any more; also where {@link #start} was never called.
     */
    public void close(Duration limit) throws InterruptedException {
        stopping = true;
        LockSupport.unpark(writer);
        writer.join(Math.max(1, limit.toMillis()));
        if (writer.isAlive()) {
            LOG.log(System.Logger.Level.WARNING, "events were left when time was up: they are lost");
            return; // the writer still uses the file
        }
        try {
            file.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the event file was not closed: " + e.getMessage());
        }
    }
}
