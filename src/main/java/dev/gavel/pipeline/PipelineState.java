package dev.gavel.pipeline;

import dev.gavel.engine.Engine;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * State shared by all threads of one pipeline: settings, the engine in force, failures. Any thread may read or change
 * it.
 */
final class PipelineState {
    private final Pipeline.Settings settings;
    private final FailureLog failures = new FailureLog();
    private final CountDownLatch failure = new CountDownLatch(1);
    private volatile @Nullable RuntimeException cause;
    private volatile Engine engine;

    PipelineState(Engine engine, Pipeline.Settings settings) {
        this.engine = engine;
        this.settings = settings;
    }

    Pipeline.Settings settings() {
        return settings;
    }

    /** The engine in force; each thread switches to it with its next batch. */
    Engine engine() {
        return engine;
    }

    void use(Engine next) {
        engine = next;
    }

    /** The log for failures that do not stop the pipeline. */
    FailureLog failures() {
        return failures;
    }

    /**
     * Records {@code e} as the failure that ends the pipeline: the kernel has taken a queue away, or we have a bug
     * outside the judgement of a single packet.
     */
    void failed(RuntimeException e) {
        cause = e;
        failure.countDown();
    }

    boolean hasFailed() {
        return cause != null;
    }

    /** Waits until a thread has failed, and returns the cause. */
    RuntimeException awaitFailure() throws InterruptedException {
        failure.await();
        return Objects.requireNonNull(cause);
    }
}
