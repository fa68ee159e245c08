package dev.gavel.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import dev.gavel.sys.NativeSocket;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The whole process stands still under load, with the default configuration. A stall lasts until as many packets have
 * come as the rate brings in its time, so that a slow machine tests the same.
 */
class StallIT {
    /** Packets a second. */
    private static final int RATE = 50_000;
    /**
     * Where we get only the small receive buffer of a stock kernel, which holds 256 packets: what loses none, and some.
     */
    private static final int LOW_RATE = 500;

    private static final int MIDDLE_RATE = 10_000;

    private static final int COLLECTIONS = 10;
    /** Whole collections: only jcmd has any, as the launcher sets MetaspaceSize. */
    private static final Object[] COLLECTED = {"gc", "MarkSweepCompact"};

    private static final int QUEUE = 3;
    private static final int SO_TIMESTAMP = 29;

    private Netns netns;
    private Iptables iptables;
    private Daemon daemon;
    private NativeSocket stamping;

    @BeforeEach
    void build() {
        stamping = NativeSocket.open(NativeSocket.AF_INET, NativeSocket.SOCK_DGRAM, 0);
        stamping.option(NativeSocket.SOL_SOCKET, SO_TIMESTAMP, 1); // who asks for stamps has all packets stamped
        netns = new Netns("server");
        iptables = new Iptables(netns);
        Feed.intoQueue(iptables, QUEUE);
        daemon = new Setup(netns)
                .queue(QUEUE)
                .events("{file: /run/stall-events.json}")
                .start();
    }

    @AfterEach
    void close() {
        stamping.close();
        netns.close();
    }

    private static byte[] datagram() {
        ByteBuffer packet =
                ByteBuffer.allocate(60).putLong(0x4500003c_00004000L).putInt(0x4011_23b0);
        packet.putInt(0x0a00_0101).putInt(0x0a00_0201); // 10.0.1.1 to 10.0.2.1
        packet.putShort((short) 1000).putShort((short) 9).putShort((short) 40).putShort((short) 0);
        return packet.put("a stall loses nothing it hides".getBytes(US_ASCII)).array();
    }

    /** Returns how many packets were sent in all. */
    private long stall(int rate, int milliseconds) {
        Feed feed = new Feed(netns, List.of(datagram()), rate);
        feed.awaitMore(2L * rate); // what is not compiled yet has no room for more than the load
        int packets = rate * milliseconds / 1000;
        long before = held();
        daemon.signal(Signal.STOP);
        feed.awaitMore(packets);
        long meanwhile = held() - before;
        daemon.signal(Signal.CONT);
        assertThat(meanwhile).as("packets that came to the stalled queue").isGreaterThan(packets / 2);
        feed.awaitMore(rate / 2);
        return feed.stop();
    }

    private QueueRow row() {
        return QueueRow.of(netns, QUEUE).orElseThrow();
    }

    /** Packets that wait or were lost. */
    private long held() {
        QueueRow row = row();
        return row.waiting() + row.queueDropped() + row.userDropped();
    }

    /** That the kernel and the daemon say the same of all that was sent, and returns how many were lost. */
    private long lost(long sent) {
        assertThat(iptables.packets("queue")).as("packets at the queue's rule").isEqualTo(sent);
        Ledger.check(daemon, iptables, "queue");
        QueueRow row = row();
        long lost = row.queueDropped() + row.userDropped();
        System.out.println("StallIT: " + sent + " packets, lost " + lost + ", " + row);
        assertThat(daemon.metric("gavel_packet_id_gaps_total")).isEqualTo(row.userDropped());
        Await.until(() ->
                assertThat(daemon.metric("gavel_kernel_packets_dropped_total")).isEqualTo(lost));
        assertThat(daemon.metric("gavel_packets_total")).isEqualTo(sent - lost);
        assertThat(daemon.metric("gavel_verdicts_total", "verdict", "accept")).isEqualTo(sent - lost);
        assertThat(iptables.packets("passed")).as("packets behind the queue").isEqualTo(sent - lost);
        assertThat(daemon.metric("gavel_overload_verdicts_total")).isZero();
        assertThat(daemon.metric("gavel_late_verdicts_total")).isZero();
        assertThat(daemon.metric("gavel_netlink_errors_total")).isZero();
        return lost;
    }

    @Test
    void aQuarterOfASecondLosesNothing() {
        int rate = Sandbox.REAL_ROOT ? RATE : LOW_RATE;
        long sent = stall(rate, 250);
        assertThat(lost(sent)).isZero();
        assertThat(daemon.metric("gavel_queue_wait_seconds_count")).isEqualTo(sent);
        long longest = sent - daemon.metric("gavel_queue_wait_seconds_bucket", "le", "0.1");
        assertThat(longest).as("packets that waited out most of the stall").isGreaterThan(rate / 20);
        daemon.stop();
    }

    /**
     * As many packets have waited for long as come while the JVM stands still, besides those that jcmd keeps waiting.
     */
    @Test
    void collectionsShowInTheWaitingTimes() {
        int rate = Sandbox.REAL_ROOT ? RATE : LOW_RATE;
        Feed feed = new Feed(netns, List.of(datagram()), rate);
        feed.awaitMore(2L * rate);
        long waited = waitedForLong();
        ask("VM.version");
        long besides = waitedForLong() - waited;
        ask("GC.run");
        Await.until(() -> assertThat(daemon.metrics().sum("jvm_gc_pause_seconds_count", COLLECTED))
                .isEqualTo(COLLECTIONS));
        double collected = daemon.metrics().exactSum("jvm_gc_pause_seconds_sum", COLLECTED);
        waited = waitedForLong() - waited - besides;
        assertThat(lost(feed.stop())).isZero();
        System.out.printf(
                "StallIT: %.3f s of collections, %d packets waited for 2 ms, and %d besides%n",
                collected, waited, besides);
        assertThat(waited)
                .isGreaterThan((long) (rate * (collected - COLLECTIONS * 0.002) / 2))
                .isPositive();
        daemon.stop();
    }

    private void ask(String diagnostics) {
        for (int i = 0; i < COLLECTIONS; i++) {
            daemon.jcmd(diagnostics);
        }
    }

    private long waitedForLong() {
        Metrics metrics = daemon.metrics();
        return metrics.sum("gavel_queue_wait_seconds_count")
                - metrics.sum("gavel_queue_wait_seconds_bucket", "le", "0.002");
    }

    @Test
    void twoSecondsLoseWhatTheCountersSay() {
        long sent = stall(Sandbox.REAL_ROOT ? RATE : MIDDLE_RATE, 2000);
        assertThat(lost(sent)).as("more came than the queue holds").isPositive();
        daemon.stop();
    }
}
