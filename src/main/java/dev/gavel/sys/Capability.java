package dev.gavel.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Privileges of the calling thread, see capabilities(7). */
public enum Capability {
    NET_ADMIN(12),
    NET_RAW(13);

    private static final Path STATUS = Path.of("/proc/thread-self/status");
    private static final String EFFECTIVE = "CapEff:";

    private final int bit;

    Capability(int bit) {
        this.bit = bit;
    }

    /** Whether this capability is in the thread's effective set; false if that cannot be read. */
    public boolean isEffective() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(EFFECTIVE)) {
                    long set = Long.parseUnsignedLong(
                            line.substring(EFFECTIVE.length()).trim(), 16);
                    return (set >>> bit & 1) != 0;
                }
            }
        } catch (IOException e) {
            return false; // no procfs: the answer is only used for the wording of a message
        }
        return false;
    }
}
