package dev.gavel.capture;

/** A capture that cannot be read as one, or written. The message names the file and the offset in it. */
public final class CaptureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CaptureException(String message) {
        super(message);
    }
}
