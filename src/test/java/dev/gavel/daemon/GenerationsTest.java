package dev.gavel.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.assembly.Loaded;
import dev.gavel.events.Events;
import dev.gavel.kit.TestPipelines;
import dev.gavel.match.Matchers;
import dev.gavel.pipeline.FakeSource;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import dev.gavel.sys.ServiceManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Policies are replaced while packets are judged, by whichever thread asks for it. */
@Timeout(60)
class GenerationsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Events events = new Events(new Events.Settings(Path.of("-"), Set.of(), "here"));
    private final Notices notices = new Notices(new ServiceManager(Map.of()));
    private Generations generations;
    private Pipeline pipeline;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(folder.resolve("policies.d"));
        writePolicy("payload contains \"forbidden\"");
        Loaded loaded = Loaded.load(Files.writeString(
                folder.resolve("gavel.yaml"), "version: 1\npolicies: policies.d\nqueues: [{number: 0}]\n"));
        generations = new Generations(
                loaded, Matchers.of(Matchers.Choice.NATIVE, Path.of(System.getProperty("gavel.native"))));
        Inspectors inspectors = new Inspectors(generations::current, () -> DeviceNames.NONE);
        pipeline = new Pipeline(
                List.of(new FakeSource()),
                generations.current(),
                TestPipelines.settings(2, Verdict.DROP, inspectors, Rejector.SILENT));
        inspectors.handOver();
        pipeline.start();
    }

    @AfterEach
    void close() throws Exception {
        assertThat(pipeline.drain(LIMIT)).isTrue();
        generations.close();
    }

    private void writePolicy(String condition) throws Exception {
        Files.writeString(
                folder.resolve("policies.d/10-p.yaml"),
                "policy: p\nrules: [{name: r, when: '" + condition + "', verdict: drop}]\n");
    }

    private void reload() throws InterruptedException {
        generations.reload(pipeline, events, notices);
    }

    @Test
    void reloadsOfSeveralThreadsWaitForEachOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> reloads = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            reloads.add(threads.submit(() -> {
                reload();
                return null;
            }));
        }
        for (Future<?> reload : reloads) {
            reload.get();
        }
        threads.shutdown();
        assertThat(generations.current().generation()).isEqualTo(13);
        assertThat(generations.reloads().successes().value()).isEqualTo(12);
    }

    @Test
    void keepsTheOldPoliciesWhereTheNewHoldAnError() throws Exception {
        writePolicy("payload contians \"forbidden\"");
        reload();
        assertThat(generations.current().generation()).isEqualTo(1);
        assertThat(generations.reloads().failures().value()).isEqualTo(1);
        assertThat(generations.reloads().wasLastSuccessful()).isFalse();
    }

    @Test
    void isFreedOnceAndNotReloadedAfterwards() throws Exception {
        assertThat(pipeline.drain(LIMIT)).isTrue();
        generations.close();
        generations.close();
        assertThatThrownBy(this::reload).isInstanceOf(IllegalStateException.class);
        start(); // what the end of the test drains
    }
}
