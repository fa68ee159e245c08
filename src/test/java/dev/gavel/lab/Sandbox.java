package dev.gavel.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the tests were given to live in, see {@code src/test/sandbox}. */
final class Sandbox {
    private static final String EVERY_USER = "4294967295";

    /**
     * Whether we are the machine's root. As root of a user namespace only, there is no other user to become, and
     * sockets get no larger receive buffer than the machine's limit.
     */
    static final boolean REAL_ROOT = read("/proc/self/uid_map").contains(EVERY_USER);

    private Sandbox() {}

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
