package dev.gavel.config.source;

/** Ends the reading of one value; whoever asked for the value reports it and goes on with the next key. */
public final class Mistake extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Place place;

    public Mistake(Place place, String message) {
        super(message, null, false, false);
        this.place = place;
    }

    public Mistake(Place place, String wrong, String expected) {
        this(place, wrong + "; expected " + expected);
    }

    public void reportTo(Problems problems) {
        String message = getMessage();
        if (message != null && !message.isEmpty()) {
            problems.error(place, message);
        }
    }
}
