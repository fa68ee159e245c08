package dev.gavel.assembly;

import dev.gavel.config.DaemonConfig;
import dev.gavel.events.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where events go and which, from the configuration. */
public final class EventSetup {
    private EventSetup() {}

    public static Events.Settings settings(DaemonConfig config) {
        return new Events.Settings(config.events().file(), config.events().types(), hostName());
    }

    /** As the kernel says it: a resolver might ask the network. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost"; // a name for events only: no reason not to judge
        }
    }
}
