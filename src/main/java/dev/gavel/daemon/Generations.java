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
 * Holds the generation of policies in force, and keeps each replaced generation until no thread uses it any more. Owns
 * their native memory. Any thread may ask for the generation in force, or reload; concurrent reloads run one after the
 * other.
 */
final class Generations implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Generations.class.getName());
    private static final Duration RETIRE_LIMIT = Duration.ofSeconds(1);
    private static final long RETIRE_POLL_MS = 5;

    private final DaemonConfig config;
    private final Matchers matchers;
    private final Reloads reloads = new Reloads();
    private final List<Engine> retired = new ArrayList<>(); // guarded by this object's lock
    private volatile Engine current;
    private boolean closed; // guarded by this object's lock

    /**
     * Compiles the first generation.
     *
     * @throws ConfigException if {@code matchers} reject a pattern
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

    /** Counts and outcomes of the reloads so far. */
    Reloads reloads() {
        return reloads;
    }

    /** One line for logs and systemd: the numbers of queues and rules, and the generation. */
    String summary() {
        Engine engine = current;
        return "judging " + config.queues().size() + " queue(s) with "
                + engine.program().rules().size() + " rule(s), generation " + engine.generation();
    }

    /**
     * Loads and compiles the policies again. Each thread of {@code pipeline} uses the new generation from its next
     * batch on. If the load fails, the old generation stays in force, and the failure is logged, counted and recorded
     * as an event. Then waits up to a second for threads to stop using old generations, and frees those that are
     * unused.
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
        } catch (RuntimeException | Error e) { // policies too large for the heap, or a bug: judging must go on
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

    /** Frees unused generations. A generation that a stuck thread still uses is tried again at the next reload. */
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

    /** Frees all generations. Call it only when no thread judges any more; a later reload throws. */
    @Override
    public synchronized void close() {
        if (!closed) { // freeing native memory twice would crash the process
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
