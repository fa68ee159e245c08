package dev.gavel.lab;

/** How an exchange ended for one of its ends; {@code text} is what it got to read, empty if nothing. */
record Outcome(Kind kind, String text) {
    /** No answer in time. */
    static final Outcome TIMEOUT = new Outcome(Kind.TIMEOUT, "");
    /** A TCP reset or an ICMP port unreachable. */
    static final Outcome RESET = new Outcome(Kind.RESET, "");

    enum Kind {
        ANSWER,
        TIMEOUT,
        RESET
    }

    static Outcome answer(String text) {
        return new Outcome(Kind.ANSWER, text);
    }
}
