package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What systemd hears from the daemon as {@code Type=notify}. */
@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {0, 2})
class SystemdIT {
    private static final long WATCHDOG_US = TimeUnit.SECONDS.toMicros(1);
    private static final int PINGS = 5;

    @Parameter
    private int workers;

    private Lab lab;
    private NotifySocket systemd;

    @BeforeEach
    void build() {
        lab = new Lab(Lab.Place.INPUT);
        systemd = new NotifySocket(Path.of("/run/notify-" + System.nanoTime()));
    }

    @AfterEach
    void close() {
        lab.close();
        systemd.close();
    }

    private Setup setup() {
        return new Setup(lab.gate(), workers)
                .queue(0)
                .queue(1)
                .environment("NOTIFY_SOCKET", systemd.path().toString());
    }

    @Test
    void isReadyWhenItsQueuesAreBound() throws Exception {
        Daemon daemon = setup().launch();
        systemd.await("READY=1");
        for (int queue : daemon.queues()) {
            assertThat(QueueRow.of(lab.gate(), queue)).as("queue %d", queue).isPresent();
        }
        assertThat(systemd.has("STOPPING=1")).isFalse();
        daemon.stop();
        systemd.await("STOPPING=1");
    }

    @Test
    void isNeverReadyWhenAQueueIsTaken() {
        new Setup(lab.gate(), workers).queue(1).start();
        Daemon daemon = setup().metricsPort(19465).launch();
        assertThat(daemon.awaitExit()).isNotZero();
        assertThat(systemd.has("READY=1")).isFalse();
    }

    @Test
    void feedsTheWatchdogAtHalfItsTime() throws Exception {
        Daemon daemon = setup().environment("WATCHDOG_USEC", String.valueOf(WATCHDOG_US))
                .launch();
        systemd.await("READY=1");
        List<Long> gapsUs = new ArrayList<>();
        long last = systemd.await("WATCHDOG=1").receivedNs();
        for (int i = 0; i < PINGS; i++) {
            long next = systemd.await("WATCHDOG=1").receivedNs();
            gapsUs.add(TimeUnit.NANOSECONDS.toMicros(next - last));
            last = next;
        }
        // The median: a single ping may be late on a busy machine.
        Collections.sort(gapsUs);
        assertThat(gapsUs.get(PINGS / 2)).isBetween(WATCHDOG_US / 4, WATCHDOG_US * 3 / 4);
        daemon.stop();
    }
}
