package dev.gavel.nfqueue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code /proc/net/netfilter/nfnetlink_queue}, which only root and group root may read.
 *
 * @param number the queue's number
 * @param portId netlink address of the socket that owns it
 * @param waiting packets that await a verdict, received or not
 * @param fullDrops packets dropped because the queue was full
 * @param userDrops packets dropped because the socket's buffer was full
 * @param lastId id of the packet that came last, unsigned
 */
public record KernelQueue(int number, long portId, int waiting, long fullDrops, long userDrops, long lastId) {
    private static final Path FILE = Path.of("/proc/thread-self/net/netfilter/nfnetlink_queue");
    private static final int COLUMNS = 9;

    /**
     * Queue {@code number} of the calling thread's network namespace; null if nobody has bound it or we may not see it.
     */
    public static @Nullable KernelQueue read(int number) {
        List<String> lines;
        try {
            lines = Files.readAllLines(FILE);
        } catch (IOException e) {
            return null; // no privilege, or no such kernel: absent is the answer, there is nothing to repair
        }
        for (String line : lines) {
            String[] columns = line.trim().split("\\s+", -1);
            if (columns.length >= COLUMNS && Integer.parseInt(columns[0]) == number) {
                return new KernelQueue(
                        number,
                        Integer.toUnsignedLong((int) Long.parseLong(columns[1])), // old kernels print it signed
                        Integer.parseInt(columns[2]),
                        Long.parseLong(columns[5]),
                        Long.parseLong(columns[6]),
                        Long.parseLong(columns[7]));
            }
        }
        return null;
    }
}
