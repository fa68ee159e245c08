package dev.gavel.kit;

import dev.gavel.engine.Inspector;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictListener;
import java.time.Duration;
import java.util.function.Supplier;

/** Settings of pipelines for tests that are not about time. */
public final class TestPipelines {
    private TestPipelines() {}

    /** Nobody listens, and threads may take an hour. */
    public static Pipeline.Settings settings(
            int workers, Verdict onFailure, Supplier<Inspector> inspectors, Rejector rejector) {
        return new Pipeline.Settings(
                workers, Duration.ofHours(1).toNanos(), onFailure, inspectors, rejector, () -> VerdictListener.NONE);
    }
}
