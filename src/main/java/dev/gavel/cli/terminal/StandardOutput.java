package dev.gavel.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Standard output for a {@code PrintWriter}, which swallows an {@code IOException}: here it comes out unchecked, so
 * that a command ends when nobody reads on ({@code | head}), and says so when the disk is full.
 */
public final class StandardOutput extends FileOutputStream {
    /** Output was lost. */
    public static final class Failure extends UncheckedIOException {
        private static final long serialVersionUID = 1;

        Failure(IOException cause) {
            super("standard output cannot be written: " + cause.getMessage(), cause);
        }

        /** Whether the other end of a pipe was closed, which is no trouble. */
        public boolean readerHasGone() {
            return String.valueOf(getMessage()).endsWith("Broken pipe"); // strerror(3) of EPIPE
        }
    }

    public StandardOutput() {
        super(FileDescriptor.out);
    }

    @Override
    public void write(byte[] bytes, int start, int length) {
        try {
            super.write(bytes, start, length);
        } catch (IOException e) {
            throw new Failure(e);
        }
    }
}
