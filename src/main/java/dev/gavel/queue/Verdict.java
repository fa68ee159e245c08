package dev.gavel.queue;

import java.util.Locale;

/** What the kernel should do with one queued packet. Instances are shared, so choosing a verdict never allocates. */
public sealed interface Verdict {
    Verdict ACCEPT = new Fixed(Kind.ACCEPT, 1);
    Verdict DROP = new Fixed(Kind.DROP, 0);
    /** Sent to the kernel as a drop; a {@link Rejector} then answers the endpoints. */
    Verdict REJECT = new Fixed(Kind.REJECT, 0);
    /** Sends the packet through its hook again. The sender must also set a mark that ends the loop. */
    Verdict REPEAT = new Fixed(Kind.REPEAT, 4);

    /** The value for {@code nfqnl_msg_verdict_hdr.verdict}, see linux/netfilter.h. */
    int code();

    Kind kind();

    /** Whether the packet is not let through: drop or reject. */
    boolean blocks();

    /** The kinds of verdict that metrics and replay distinguish. */
    enum Kind {
        ACCEPT,
        DROP,
        REJECT,
        REPEAT,
        QUEUE;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** The word used in policies, metrics and replay, such as {@code accept}. */
        public String word() {
            return word;
        }
    }

    /** A verdict without parameters. */
    record Fixed(Kind kind, int code) implements Verdict {
        @Override
        public boolean blocks() {
            return code == 0;
        }
    }

    /** Hands the packet to another queue; {@code noListener} decides what happens if nobody listens there. */
    record Requeue(int queueNumber, NoListener noListener) implements Verdict {
        private static final int NF_QUEUE = 3;
        private static final int BYPASS = 0x8000;

        public Requeue {
            if (queueNumber < 0 || queueNumber > 0xffff) {
                throw new IllegalArgumentException("queue number " + queueNumber + " (expected: 0 to 65535)");
            }
        }

        @Override
        public int code() {
            return queueNumber << 16 | (noListener == NoListener.ACCEPT ? BYPASS : 0) | NF_QUEUE;
        }

        @Override
        public Kind kind() {
            return Kind.QUEUE;
        }

        @Override
        public boolean blocks() {
            return false;
        }
    }

    /** What happens to a requeued packet if no program listens on its new queue. */
    enum NoListener {
        DROP,
        ACCEPT
    }
}
