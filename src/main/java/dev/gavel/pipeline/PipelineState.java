package dev.gavel.pipeline;

import dev.gavel.engine.Engine;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** What all threads of one pipeline share: settings, the generation in force, failures. Any thread may ask and tell. */
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

    /** The generation in force: each thread takes it up with its next batch. */
    Engine engine() {
        return engine;
    }

    void use(Engine next) {
        engine = next;
    }

    /** Where threads report what does not stop the pipeline. */
    FailureLog failures() {
        return failures;
    }

    /** A thread cannot go on: the kernel has taken the queue away, or we have a bug outside any one judgement. */
    void failed(RuntimeException e) {
        cause = e;
        failure.countDown();
    }

    boolean hasFailed() {
        return cause != null;
    }

    /** Waits until a thread cannot go on, and returns why. */
    RuntimeException awaitFailure() throws InterruptedException {
        failure.await();
        return Objects.requireNonNull(cause);
    }
}
