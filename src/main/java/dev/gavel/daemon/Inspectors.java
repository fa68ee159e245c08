package dev.gavel.daemon;

import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.InspectorCounters;
import dev.gavel.queue.DeviceNames;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Makes an inspector for each thread that judges, and keeps the counters of all inspectors for the metrics. Any thread
 * may ask for an inspector. Owns the inspectors until {@link #handOver} gives them to the pipeline.
 */
final class Inspectors implements Supplier<Inspector>, AutoCloseable {
    private final Supplier<Engine> engine;
    private final Supplier<DeviceNames> devices;
    private final List<InspectorCounters> counters = new CopyOnWriteArrayList<>();
    private final List<Inspector> owned = new ArrayList<>(); // guarded by this object's lock
    private boolean handedOver;

    /** Each inspector starts with the current value of {@code engine} and gets device names for its own thread. */
    Inspectors(Supplier<Engine> engine, Supplier<DeviceNames> devices) {
        this.engine = engine;
        this.devices = devices;
    }

    @Override
    public synchronized Inspector get() {
        Inspector inspector = new Inspector(engine.get(), devices.get());
        counters.add(inspector.counters());
        if (!handedOver) {
            owned.add(inspector);
        }
        return inspector;
    }

    /** The counters of every inspector ever made. The list grows when a thread dies and another takes its place. */
    List<InspectorCounters> counters() {
        return counters;
    }

    /**
     * Passes ownership: the pipeline closes every inspector that it has asked for, and those that it asks for later.
     */
    synchronized void handOver() {
        handedOver = true;
        owned.clear();
    }

    /** Closes the inspectors that were not handed over. */
    @Override
    public synchronized void close() {
        owned.forEach(Inspector::close);
        owned.clear();
    }
}
