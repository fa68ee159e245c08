package dev.gavel.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.Ruling;
import dev.gavel.engine.TestEngines;
import dev.gavel.kit.Await;
import dev.gavel.kit.TestPipelines;
import dev.gavel.lab.NotifySocket;
import dev.gavel.pipeline.FakeSource;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import dev.gavel.sys.ServiceManager;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Systemd is told that the daemon lives only while every one of its threads turns. */
@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {0, 2})
class WatchdogTest {
    private static final String LIFE_SIGN = "WATCHDOG=1";
    private static final long WATCHDOG_MICROS = 600_000;

    private final int workers;
    private final FakeSource source = new FakeSource();
    private final CountDownLatch release = new CountDownLatch(1);

    @TempDir
    private Path folder;

    WatchdogTest(int workers) {
        this.workers = workers;
    }

    private Pipeline pipeline() throws Exception {
        Engine engine = TestEngines.of("policy: p");
        return new Pipeline(
                List.of(source),
                engine,
                TestPipelines.settings(workers, Verdict.DROP, () -> hanging(engine), Rejector.SILENT));
    }

    private Inspector hanging(Engine engine) {
        return new Inspector(engine, DeviceNames.NONE) {
            @Override
            public void inspect(QueuedPacket packet, Ruling ruling) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                super.inspect(packet, ruling);
            }
        };
    }

    @Test
    void fallsSilentWhileAThreadHangsAndSpeaksAgainAfterwards() throws Exception {
        try (NotifySocket systemd = new NotifySocket(folder.resolve("notify"));
                ServiceManager manager = new ServiceManager(Map.of(
                        "NOTIFY_SOCKET", systemd.path().toString(),
                        "WATCHDOG_USEC", Long.toString(WATCHDOG_MICROS),
                        "WATCHDOG_PID", Long.toString(ProcessHandle.current().pid())))) {
            Pipeline pipeline = pipeline();
            pipeline.start();
            try (Watchdog watchdog = new Watchdog(pipeline, manager)) {
                watchdog.start();
                systemd.await(LIFE_SIGN);
                systemd.await(LIFE_SIGN);
                assertThat(watchdog.hanging()).isEmpty();

                source.put(new byte[] {0x45});
                Await.until(() -> assertThat(watchdog.hanging())
                        .hasValueSatisfying(text -> assertThat(text).contains(workers == 0 ? "reader-0" : "worker-")));
                while (systemd.has(LIFE_SIGN)) {
                    systemd.await(LIFE_SIGN); // sent before it was noticed
                }
                Thread.sleep(2 * WATCHDOG_MICROS / 1000);
                assertThat(systemd.has(LIFE_SIGN)).isFalse();

                release.countDown();
                systemd.await(LIFE_SIGN);
                assertThat(watchdog.hanging()).isEmpty();
            } finally {
                release.countDown();
                assertThat(pipeline.drain(Duration.ofSeconds(10))).isTrue();
            }
        }
    }

    @Test
    void saysNothingWhereNobodyAsksForIt() throws Exception {
        try (NotifySocket systemd = new NotifySocket(folder.resolve("notify"));
                ServiceManager manager = new ServiceManager(
                        Map.of("NOTIFY_SOCKET", systemd.path().toString()))) {
            Pipeline pipeline = pipeline();
            pipeline.start();
            try (Watchdog watchdog = new Watchdog(pipeline, manager)) {
                watchdog.start();
                manager.notify("STATUS=end");
                systemd.await("STATUS=end");
                assertThat(systemd.has(LIFE_SIGN)).isFalse();
            } finally {
                pipeline.drain(Duration.ofSeconds(10));
            }
        }
    }
}
