package dev.gavel.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.assembly.Loaded;
import dev.gavel.assembly.QueueSetup;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.QueueConfig;
import dev.gavel.config.source.ConfigException;
import dev.gavel.events.Events;
import dev.gavel.match.Matchers;
import dev.gavel.metrics.BoundQueue;
import dev.gavel.metrics.Collector;
import dev.gavel.metrics.RejectMetrics;
import dev.gavel.nfqueue.QueueBindException;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.nfqueue.TestCounters;
import dev.gavel.pipeline.FakeSource;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.queue.Rejector;
import dev.gavel.sys.ServiceManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stops a start, and when: nothing stays bound, open or running. Only queues and raw sockets are not real. */
@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {0, 2})
@Timeout(60)
class StartupTest {
    /** Before which step the start is stopped; everything before it has been done. */
    private enum Point {
        POLICIES,
        EVENT_FILE,
        FIRST_QUEUE,
        SECOND_QUEUE,
        RAW_SOCKETS,
        PIPELINE,
        EVENTS,
        THREADS,
        WATCHDOG,
        METRICS,
        READY,
        /** After the last step. */
        END
    }

    private static final class Injected extends Error {
        private static final long serialVersionUID = 1;
    }

    private final int workers;
    private final Matchers matchers = Matchers.of(Matchers.Choice.NATIVE, Path.of(System.getProperty("gavel.native")));
    private final List<FakeSource> sources = new ArrayList<>();
    private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();
    private Rejector rejector = Rejector.SILENT;
    private byte[] packet = {0x45};
    private int rejectorsOpen;
    private @Nullable Generations generations;
    private @Nullable Pipeline pipeline;
    private int port;

    @TempDir
    private Path folder;

    StartupTest(int workers) {
        this.workers = workers;
    }

    /** A start that stops before {@code point}; null: it goes on to its end. */
    private final class Start extends Startup {
        private final @Nullable Point point;

        Start(@Nullable Point point, Loaded loaded, ServiceManager manager) {
            super(loaded, matchers, manager, Map.of("version", "0"));
            this.point = point;
        }

        private void pass(Point here) {
            if (here == point) {
                throw new Injected();
            }
        }

        @Override
        Generations loadPolicies() throws ConfigException {
            pass(Point.POLICIES);
            generations = super.loadPolicies();
            return generations;
        }

        @Override
        Events openEvents() throws ConfigException {
            pass(Point.EVENT_FILE);
            return super.openEvents();
        }

        @Override
        OpenQueue bind(QueueConfig queue) throws QueueBindException {
            pass(sources.isEmpty() ? Point.FIRST_QUEUE : Point.SECOND_QUEUE);
            FakeSource source = new FakeSource();
            source.put(packet);
            sources.add(source);
            QueueSettings settings = QueueSetup.settings(queue);
            return new OpenQueue(source, new BoundQueue(settings, settings.flags(), TestCounters.of()));
        }

        @Override
        Answers openAnswers(DaemonConfig.Rejects rejects) {
            pass(Point.RAW_SOCKETS);
            rejectorsOpen++;
            return new Answers(rejector, new RejectMetrics(() -> 0, () -> 0, () -> 0), () -> rejectorsOpen--);
        }

        @Override
        Pipeline createPipeline(
                List<OpenQueue> queues, Generations policies, Inspectors inspectors, Answers answers, Events events) {
            pass(Point.PIPELINE);
            pipeline = super.createPipeline(queues, policies, inspectors, answers, events);
            return pipeline;
        }

        @Override
        void startEvents(Events events, Pipeline pipeline, List<OpenQueue> queues) {
            pass(Point.EVENTS);
            super.startEvents(events, pipeline, queues);
        }

        @Override
        void startPipeline(Pipeline pipeline) {
            pass(Point.THREADS);
            super.startPipeline(pipeline);
        }

        @Override
        Watchdog startWatchdog(Pipeline pipeline) {
            pass(Point.WATCHDOG);
            return super.startWatchdog(pipeline);
        }

        @Override
        MetricsEndpoint serve(List<Collector> collectors, DaemonHealth health) {
            pass(Point.METRICS);
            return super.serve(collectors, health);
        }

        @Override
        void announce(String summary) {
            pass(Point.READY);
            super.announce(summary);
            pass(Point.END);
        }
    }

    @BeforeEach
    void choosePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    private Path eventFile() {
        return folder.resolve("events.json");
    }

    private Loaded load(Path events) throws Exception {
        Files.createDirectories(folder.resolve("policies.d"));
        Files.writeString(folder.resolve("policies.d/10-p.yaml"), """
                policy: p
                rules:
                  - {name: r, when: 'payload contains "forbidden"', verdict: drop, event: true}
                """);
        return Loaded.load(Files.writeString(folder.resolve("gavel.yaml"), """
                version: 1
                default: reject
                workers: %d
                metrics: {listen: 127.0.0.1:%d}
                events: {file: %s, types: [alert]}
                policies: policies.d
                queues: [{number: 0}, {number: 1}]
                """.formatted(workers, port, events)));
    }

    private Daemon start(@Nullable Point point, Path events) throws Exception {
        try (ServiceManager manager = new ServiceManager(Map.of())) {
            return new Start(point, load(events), manager).start();
        }
    }

    private Set<String> newThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threadsBefore.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.matches("(reader|worker)-\\d+|guardian|events|watchdog|metrics-bind|http|HTTP-.*"))
                .collect(Collectors.toSet());
    }

    private boolean isEventFileOpen() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.map(StartupTest::target).anyMatch(eventFile().toString()::equals);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // that of the listing itself is gone
        }
    }

    private void assertNothingIsLeft() throws Exception {
        assertThat(sources).allMatch(FakeSource::isClosed);
        assertThat(rejectorsOpen).as("raw sockets").isZero();
        assertThat(isEventFileOpen()).as("the event file is open").isFalse();
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        long end = System.nanoTime() + 5_000_000_000L; // timers that were told to end need a moment
        while (!newThreads().isEmpty() && System.nanoTime() - end < 0) {
            Thread.sleep(5);
        }
        assertThat(newThreads()).isEmpty();
    }

    /** Its packets are answered, and yet it may still read what the daemon owns. */
    @Test
    void closesNothingThatAThreadLeftBehindMayUse() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        Set<Thread> hanging = ConcurrentHashMap.newKeySet();
        rejector = rejected -> {
            hanging.add(Thread.currentThread());
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        packet = HexFormat.of().parseHex("450000140001000040fd00007f0000017f000001"); // of no protocol we know
        assertThatThrownBy(() -> start(Point.END, eventFile())).isInstanceOf(Injected.class);
        assertThat(generations.isClosed())
                .as("native memory that a scan may use")
                .isFalse();
        assertThat(sources).noneMatch(FakeSource::isClosed);
        released.countDown();
        for (Thread thread : hanging) {
            thread.join();
        }
        pipeline.drain(Duration.ofSeconds(1)); // what was left open
        generations.close();
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingWhereverItIsStopped(Point point) throws Exception {
        assertThatThrownBy(() -> start(point, eventFile())).isInstanceOf(Injected.class);
        assertNothingIsLeft();
        if (point == Point.POLICIES) {
            assertThat(generations).isNull();
        } else {
            assertThat(generations.isClosed()).as("native memory is freed").isTrue();
        }
        assertThat(sources).hasSize(point.compareTo(Point.SECOND_QUEUE) < 0 ? 0 : point == Point.SECOND_QUEUE ? 1 : 2);
    }

    @Test
    void runsWhereNothingStopsIt() throws Exception {
        Daemon daemon = start(null, eventFile());
        assertThat(newThreads()).contains("reader-0", "reader-1", "guardian", "events", "watchdog", "HTTP-Dispatcher");
        assertThat(isEventFileOpen()).isTrue();
        assertThat(sources).hasSize(2).noneMatch(FakeSource::isClosed);
        assertThat(daemon.stop()).isTrue();
        assertNothingIsLeft();
    }

    @Test
    void refusesToStartWithoutAPlaceForEventsThatAreWanted() {
        Path nowhere = folder.resolve("missing/events.json");
        assertThatThrownBy(() -> start(null, nowhere))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no such directory");
        assertThat(generations.isClosed()).isTrue();
        assertThat(sources).isEmpty();
    }

    @Test
    void startsWithoutMetricsWhereTheirPortIsTaken() throws Exception {
        Daemon daemon;
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            daemon = start(null, eventFile());
            assertThat(newThreads()).contains("reader-0").doesNotContain("HTTP-Dispatcher");
            assertThat(taken.isClosed()).isFalse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(daemon.stop()).isTrue();
        assertNothingIsLeft();
    }
}
