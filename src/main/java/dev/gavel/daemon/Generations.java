package dev.gavel.daemon;

import dev.gavel.assembly.Loaded;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problem;
import dev.gavel.engine.Engine;
import dev.gavel.events.Events;
import dev.gavel.match.Matchers;
import dev.gavel.pipeline.Pipeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The generation of policies in force, and the replaced ones until no thread uses them any more. Owns their native
 * memory. Any thread may ask for the generation in force, or reload: reloads wait for each other.
 */
final class Generations implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Generations.class.getName());
    private static final Duration RETIRE_LIMIT = Duration.ofSeconds(1);
    private static final long RETIRE_POLL_MS = 5;

    private final DaemonConfig config;
    private final Matchers matchers;
    private final Reloads reloads = new Reloads();
    private final List<Engine> retired = new ArrayList<>(); // with this object's lock
    private volatile Engine current;
    private boolean closed; // with this object's lock

    /**
     * Compiles the first generation.
     *
     * @throws ConfigException if {@code matchers} refuse a pattern
     */
    Generations(Loaded loaded, Matchers matchers) throws ConfigException {
        config = loaded.config();
        this.matchers = matchers;
        warn(loaded);
        current = loaded.engine(1, matchers);
    }

    private static void warn(Loaded loaded) {
        for (Problem warning : loaded.program().warnings()) {
            LOG.log(System.Logger.Level.WARNING, warning.toString());
        }
    }

    /** The generation in force. */
    Engine current() {
        return current;
    }

    /** How reloads went. */
    Reloads reloads() {
        return reloads;
    }

    /** What is judged by what, in a line. */
    String summary() {
        Engine engine = current;
        return "judging " + config.queues().size() + " queue(s) with "
                + engine.program().rules().size() + " rule(s), generation " + engine.generation();
    }

    /**
     * Compiles the policies anew; from its next batch on every thread of {@code pipeline} judges by them. If they hold
     * an error, the old ones stay in force, and log, events and metrics say so. Then waits up to a second for the
     * threads, to free the generations that none uses any more.
     *
     * @throws IllegalStateException after {@link #close}
     */
    synchronized void reload(Pipeline pipeline, Events events, Notices notices) throws InterruptedException {
        if (closed) {
            throw new IllegalStateException("the policies are freed");
        }
        notices.tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
        try {
            replace(pipeline);
            reloads.succeeded();
            events.reloaded(current.generation());
            LOG.log(System.Logger.Level.INFO, "reloaded: " + summary());
        } catch (ConfigException e) {
            keepOld(events, e.getMessage());
        } catch (RuntimeException | Error e) { // policies too large for the heap, or our bug: judging must go on
            keepOld(events, e.toString());
        }
        notices.tell("READY=1\nSTATUS=" + summary());
        freeRetired(pipeline);
    }

    private void replace(Pipeline pipeline) throws ConfigException {
        Engine old = current;
        Loaded loaded = Loaded.reload(config, old.program());
        warn(loaded);
        Engine next = loaded.engine(old.generation() + 1, matchers);
        current = next;
        pipeline.use(next);
        retired.add(old);
    }

    private void keepOld(Events events, @Nullable String why) {
        reloads.failed();
        events.notReloaded(current.generation(), String.valueOf(why));
        LOG.log(System.Logger.Level.ERROR, "not reloaded, generation " + current.generation() + " stays:\n" + why);
    }

    /** A generation that a stuck thread still uses waits for the next reload. */
    private void freeRetired(Pipeline pipeline) throws InterruptedException {
        long deadline = System.nanoTime() + RETIRE_LIMIT.toNanos();
        while (!retired.isEmpty() && System.nanoTime() - deadline < 0) {
            retired.removeIf(old -> {
                boolean unused = pipeline.isUnused(old);
                if (unused) {
                    old.close();
                }
                return unused;
            });
            Thread.sleep(RETIRE_POLL_MS);
        }
    }

    /** Frees all generations. To be called when no thread judges any more; there is no reload afterwards. */
    @Override
    public synchronized void close() {
        if (!closed) { // native memory freed twice would be the end of the process
            closed = true;
            retired.forEach(Engine::close);
            current.close();
        }
    }

    /** Whether all generations are freed. */
    synchronized boolean isClosed() {
        return closed;
    }
}
