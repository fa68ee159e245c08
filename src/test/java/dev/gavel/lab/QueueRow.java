package dev.gavel.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A queue as the kernel shows it in {@code /proc/net/netfilter/nfnetlink_queue}: whose it is, packets that wait for a
 * verdict, drops because the queue or the receive buffer was full, and the last packet id.
 */
record QueueRow(long portId, long waiting, long queueDropped, long userDropped, long lastId) {
    private static final Path FILE = Path.of("/proc/thread-self/net/netfilter/nfnetlink_queue");

    /** The row of a queue of {@code netns}; empty if it is not bound. */
    static Optional<QueueRow> of(Netns netns, int queue) {
        return netns.call(() -> Files.readAllLines(FILE)).stream()
                .map(line -> line.trim().split("\\s+"))
                .filter(row -> Integer.parseInt(row[0]) == queue)
                .map(row ->
                        new QueueRow(number(row[1]), number(row[2]), number(row[5]), number(row[6]), number(row[7])))
                .findFirst();
    }

    private static long number(String text) {
        return Long.parseLong(text);
    }
}
