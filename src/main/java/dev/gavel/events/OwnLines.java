package dev.gavel.events;

import dev.gavel.events.Events.Reload;
import dev.gavel.queue.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes lines of what the daemon tells of itself, of each type one an interval at most. The writer thread's. */
final class OwnLines {
    private final JsonWriter json;
    private final Timestamps times;
    private final Events.Settings settings;
    private final List<Watched> watched = new ArrayList<>();
    private long reloadedNs = System.nanoTime() - TimeUnit.HOURS.toNanos(1);

    /** A count whose rise gives an event. */
    private static final class Watched {
        private final EventType type;
        private final LongSupplier count;
        private long told;
        private long toldNs = System.nanoTime();

        Watched(EventType type, LongSupplier count) {
            this.type = type;
            this.count = count;
            told = count.getAsLong();
        }
    }

    OwnLines(JsonWriter json, Timestamps times, Events.Settings settings) {
        this.json = json;
        this.times = times;
        this.settings = settings;
    }

    /** Tells how {@code count} rises, if events of {@code type} are asked for. Before the writer runs. */
    void watch(EventType type, LongSupplier count) {
        if (settings.types().contains(type)) {
            watched.add(new Watched(type, count));
        }
    }

    /**
     * Writes what has happened since the last time; a reload that comes too soon after another waits in
     * {@code reload}.
     */
    void write(AtomicReference<@Nullable Reload> reload, long intervalNs) {
        long nowNs = System.nanoTime();
        if (nowNs - reloadedNs >= intervalNs) {
            Reload last = reload.getAndSet(null);
            if (last != null && settings.types().contains(EventType.RELOAD)) {
                reloadedNs = nowNs;
                write(last);
            }
        }
        for (Watched one : watched) {
            if (nowNs - one.toldNs >= intervalNs) {
                look(one, nowNs);
            }
        }
    }

    private void look(Watched one, long nowNs) {
        one.toldNs = nowNs; // first: a count that fails is asked again an interval later, not each turn
        long count = one.count.getAsLong();
        long more = count - one.told;
        one.told = count;
        if (more > 0) {
            begin(one.type, nowNs)
                    .begin(one.type.word())
                    .number("packets", more)
                    .end();
            json.endLine();
        }
    }

    private void write(Reload reload) {
        begin(EventType.RELOAD, reload.atNs())
                .begin(EventType.RELOAD.word())
                .string("result", reload.error() == null ? "success" : "failure")
                .string("error", reload.error())
                .end()
                .begin("gavel")
                .number("generation", reload.generation())
                .end();
        json.endLine();
    }

    private JsonWriter begin(EventType type, long atNs) {
        return json.beginLine()
                .string("timestamp", times.of(atNs))
                .string("event_type", type.word())
                .string("host", settings.host());
    }
}
