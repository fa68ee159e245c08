package dev.gavel.nfqueue;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a queue can be asked to do (NFQA_CFG_F_…); an old kernel may refuse any of them. */
public enum QueueFlag {
    /** Accept what does not fit into the queue. */
    FAIL_OPEN(1),
    /** Hand super-packets over whole, with unfinished checksums. */
    GSO(4),
    /** Tell the owner of a local packet's socket. */
    UID_GID(8);

    private final int bit;

    QueueFlag(int bit) {
        this.bit = bit;
    }

    static int bits(Collection<QueueFlag> flags) {
        return flags.stream().mapToInt(flag -> flag.bit).reduce(0, (a, b) -> a | b);
    }

    /** As metrics and messages write them: {@code gso,uid_gid}; in the enum's order. */
    public static String words(Collection<QueueFlag> flags) {
        return flags.stream()
                .sorted()
                .map(flag -> flag.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
    }
}
