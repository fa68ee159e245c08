package dev.gavel.queue;

import java.util.Locale;

/** What shall happen to one queued packet. Instances are shared: choosing one never allocates. */
public sealed interface Verdict {
    Verdict ACCEPT = new Fixed(Kind.ACCEPT, 1);
    Verdict DROP = new Fixed(Kind.DROP, 0);
    /** For the kernel a drop; a {@link Rejector} answers the ends. */
    Verdict REJECT = new Fixed(Kind.REJECT, 0);
    /** The hook starts again: whoever sends this sets a mark that ends the loop. */
    Verdict REPEAT = new Fixed(Kind.REPEAT, 4);

    /** The value for {@code nfqnl_msg_verdict_hdr.verdict}, see linux/netfilter.h. */
    int code();

    Kind kind();

    /** Whether the packet ends here: drop or reject. */
    boolean blocks();

    /** What metrics and replay tell apart. */
    enum Kind {
        ACCEPT,
        DROP,
        REJECT,
        REPEAT,
        QUEUE;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** As policies, metrics and replay write it: {@code accept}. */
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

    /** Hands the packet to another queue; {@code noListener} says what happens if nobody listens there. */
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

    /** The fate of a requeued packet when no program listens at its new queue. */
    enum NoListener {
        DROP,
        ACCEPT
    }
}
