package dev.gavel.pipeline;

import java.util.Locale;

/** Why a packet was answered without being judged: the {@code cause} of {@code gavel_overload_verdicts_total}. */
public enum OverloadCause {
    /** The packet was past its deadline. */
    DEADLINE,
    /** The packet came after another one, in the same lane, that was past its deadline. */
    WORKER_QUEUE_FULL,
    /** The thread that held the packet died. */
    WORKER_DEAD,
    /** Judging the packet ended in an exception. */
    ERROR;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The name used in metrics, such as {@code worker_dead}. */
    public String word() {
        return word;
    }
}
