package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.assembly.Loaded;
import dev.gavel.kit.Await;
import dev.gavel.match.Matchers;
import dev.gavel.nfqueue.QueueBindException;
import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.nfqueue.QueueSocket;
import dev.gavel.sys.ServiceManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A start that fails, in this process, which goes on: the kernel has nothing of it any more. */
@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {0, 2})
class StartIT {
    private static final int METRICS_PORT = 19466;
    private static final int QUEUE_UNAVAILABLE = 69;
    /** Labels that cannot be read: found out when all else runs. */
    private static final Map<String, String> UNREADABLE = new AbstractMap<>() {
        @Override
        public Set<Entry<String, String>> entrySet() {
            throw new IllegalArgumentException("injected");
        }
    };

    @Parameter
    private int workers;

    private Netns netns;
    private Set<String> openBefore;

    @TempDir
    private Path folder;

    @BeforeEach
    void build() throws Exception {
        netns = new Netns("server");
        QueueSocket first = netns.call(() -> bind(9));
        first.close(); // what a JVM opens once with its first socket is open now
        openBefore = open();
    }

    @AfterEach
    void close() {
        netns.close();
    }

    private static QueueSocket bind(int queue) throws QueueBindException {
        return QueueSocket.bind(new QueueSettings(queue, 1024, 65531, 1 << 20, EnumSet.noneOf(QueueFlag.class)));
    }

    private Loaded load() throws Exception {
        Files.createDirectories(folder.resolve("policies.d"));
        Files.writeString(
                folder.resolve("policies.d/10-p.yaml"),
                "policy: p\nrules: [{name: r, when: 'payload contains \"x\"', verdict: drop, event: true}]\n");
        return Loaded.load(Files.writeString(
                folder.resolve("gavel.yaml"), """
                version: 1
                workers: %d
                metrics: {listen: 127.0.0.1:%d}
                events: {file: %s, types: [alert]}
                policies: policies.d
                queues: [{number: 0}, {number: 1}]
                """.formatted(workers, METRICS_PORT, folder.resolve("events.json"))));
    }

    private dev.gavel.daemon.Daemon start(Map<String, String> labels) throws Exception {
        Matchers matchers = Matchers.of(Matchers.Choice.AUTO, Path.of(System.getProperty("gavel.native")));
        try (ServiceManager manager = new ServiceManager(Map.of())) {
            return dev.gavel.daemon.Daemon.start(load(), matchers, manager, labels);
        }
    }

    private ThrowingCallable starting(Map<String, String> labels) {
        return () -> netns.call(() -> start(labels));
    }

    /** Sockets of this process, and the event file. */
    private Set<String> open() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .map(StartIT::target)
                    .filter(target -> target.startsWith("socket:") || target.startsWith(folder.toString()))
                    .collect(Collectors.toSet());
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    private void assertNothingIsLeft() {
        Await.until(() -> assertThat(open()).isSubsetOf(openBefore));
        Await.until(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.matches("(reader|worker)-\\d+|guardian|events|watchdog|HTTP-Dispatcher")));
    }

    @Test
    void bindsNothingWhereTheSecondQueueIsTaken() throws Exception {
        try (QueueSocket taken = netns.call(() -> bind(1))) {
            openBefore = open();
            assertThatThrownBy(starting(Map.of())).hasCauseInstanceOf(QueueBindException.class);
            assertThat(QueueRow.of(netns, 0)).isEmpty();
            assertThat(QueueRow.of(netns, taken.number())).isPresent();
            assertNothingIsLeft();
        }
        assertStartsAgain();
    }

    @Test
    void leavesNothingWhereTheLastStepsFail() throws Exception {
        assertThatThrownBy(starting(UNREADABLE)).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(QueueRow.of(netns, 0)).isEmpty();
        assertThat(QueueRow.of(netns, 1)).isEmpty();
        assertNothingIsLeft();
        assertStartsAgain();
    }

    /** At once: without a pause in which the kernel might give something back. */
    private void assertStartsAgain() throws Exception {
        dev.gavel.daemon.Daemon daemon = netns.call(() -> start(Map.of()));
        assertThat(QueueRow.of(netns, 0)).isPresent();
        assertThat(QueueRow.of(netns, 1)).isPresent();
        assertThat(netns.call(daemon::stop)).isTrue();
        assertNothingIsLeft();
    }

    /** A queue that is taken ends the process, which says which; a port that is taken does not. */
    @Test
    void exitsWhereAQueueIsTakenAndRunsWhereThePortIs() {
        Setup setup = new Setup(netns, workers).queue(0).queue(1).metricsPort(METRICS_PORT);
        netns.closing(netns.call(() -> new ServerSocket(METRICS_PORT, 1, InetAddress.getLoopbackAddress())));
        QueueSocket taken = netns.call(() -> bind(1));
        Daemon daemon = setup.launch();
        assertThat(daemon.awaitExit()).isEqualTo(QUEUE_UNAVAILABLE);
        assertThat(daemon.output()).anyMatch(line -> line.contains("queue 1"));
        assertThat(QueueRow.of(netns, 0)).isEmpty();
        taken.close();

        Daemon next = setup.launch();
        Await.until(() -> assertThat(next.output()).anyMatch(line -> line.contains("no metrics:")));
        Await.until(() -> assertThat(next.output()).anyMatch(line -> line.contains("judging 2 queue(s)")));
        next.stop();
    }
}
