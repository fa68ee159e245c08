package dev.gavel.imports;

/** Thrown for a rule, or a part of one, that no policy can express; the message says why. */
final class Untranslatable extends Exception {
    private static final long serialVersionUID = 1;

    Untranslatable(String why) {
        super(why);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
