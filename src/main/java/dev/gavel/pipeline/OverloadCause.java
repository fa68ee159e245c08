package dev.gavel.pipeline;

import java.util.Locale;

/** Why a packet was answered without being judged: the {@code cause} of {@code gavel_overload_verdicts_total}. */
public enum OverloadCause {
    /** It was past its deadline. */
    DEADLINE,
    /** In its lane it came after a packet that was past its deadline. */
    WORKER_QUEUE_FULL,
    /** The thread that held it died. */
    WORKER_DEAD,
    /** Its judgement ended in an exception. */
    ERROR;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As metrics write it: {@code worker_dead}. */
    public String word() {
        return word;
    }
}
