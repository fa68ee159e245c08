package dev.gavel.cli;

/** A command that could not do its work, for a reason that its message says in full. */
final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1;

    CommandFailure(String message) {
        super(message);
    }
}
