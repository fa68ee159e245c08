package dev.gavel.nfqueue;

/** Thrown when a queue could not be bound: states which of the three usual causes it was, and the cure. */
public final class QueueBindException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why the queue could not be bound. */
    public enum Cause {
        /** CAP_NET_ADMIN is missing. */
        NO_PRIVILEGE,
        /** Another process, or another socket of this one, owns the queue. */
        HELD,
        /** The kernel has no NFQUEUE. */
        UNSUPPORTED
    }

    private final Cause reason;

    QueueBindException(Cause reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Cause reason() {
        return reason;
    }
}
