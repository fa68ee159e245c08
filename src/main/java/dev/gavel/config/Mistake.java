package dev.gavel.config;

/** Ends the reading of one value; whoever asked for the value reports it and goes on with the next key. */
final class Mistake extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Place place;

    Mistake(Place place, String message) {
        super(message, null, false, false);
        this.place = place;
    }

    Mistake(Place place, String wrong, String expected) {
        this(place, wrong + "; expected " + expected);
    }

    /** {@code node} is not what its key takes; nothing is told if the reader has refused it already. */
    static Mistake wrongKind(Node node, String expected) {
        return node instanceof Node.Refused
                ? new Mistake(node.place(), "")
                : new Mistake(node.place(), "found " + node.kind(), expected);
    }

    void reportTo(Problems problems) {
        String message = getMessage();
        if (message != null && !message.isEmpty()) {
            problems.error(place, message);
        }
    }
}
