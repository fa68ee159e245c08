package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;

/**
 * Every packet is accounted for: what the daemon counts agrees with itself, with the kernel's count of packet ids and,
 * where one rule feeds one queue and nothing comes twice, with the rule's counter.
 */
final class Ledger {
    private Ledger() {}

    /** Checks all queues of a daemon, as soon as traffic rests. */
    static void check(Daemon daemon) {
        for (int queue : daemon.queues()) {
            Await.until(() -> sent(daemon, queue));
        }
    }

    /** As {@link #check(Daemon)}, and that the packets met by {@code rule} are those that came or were lost. */
    static void check(Daemon daemon, Iptables iptables, String rule) {
        check(daemon);
        Await.until(() -> {
            long sent = 0;
            for (int queue : daemon.queues()) {
                sent += sent(daemon, queue);
            }
            assertThat(iptables.packets(rule))
                    .as("packets that met rule %s", rule)
                    .isEqualTo(sent);
        });
    }

    /** Checks one queue now, and returns the packets that the kernel meant for it. */
    private static long sent(Daemon daemon, int queue) {
        Metrics metrics = daemon.metrics();
        long received = metrics.sum("gavel_packets_total", "queue", queue);
        long sent = received + metrics.sum("gavel_packet_id_gaps_total", "queue", queue);
        assertThat(metrics.sum("gavel_verdicts_total", "queue", queue)
                        + metrics.sum("gavel_packets_in_flight", "queue", queue))
                .as("verdicts and packets in flight of queue %d", queue)
                .isEqualTo(received);
        QueueRow row = QueueRow.of(daemon.netns(), queue).orElseThrow();
        assertThat(row.waiting()).as("packets that wait in queue %d", queue).isZero();
        assertThat(row.lastId()).as("packet ids of queue %d", queue).isEqualTo(sent);
        // A full queue gives no id to what it refuses.
        return sent + row.queueDropped();
    }
}
