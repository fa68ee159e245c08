package dev.gavel.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the tests were given to live in, see {@code src/test/sandbox}. */
final class Sandbox {
    private static final String EVERY_USER = "4294967295";
    private static final String NOBODY = "65534";
    private static final Path FILES = Path.of("/media/lab");

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

    /** A command that leaves only these capabilities, and root too where there is another user to become. */
    static List<String> only(String... capabilities) {
        List<String> command = new ArrayList<>(List.of("setpriv"));
        String sets = "-all" + (capabilities.length == 0 ? "" : ",+" + String.join(",+", capabilities));
        command.add("--bounding-set=" + sets);
        command.add("--inh-caps=" + sets);
        // The root of a user namespace is alone there; but there, too, the bounding set holds.
        if (REAL_ROOT) {
            command.addAll(List.of("--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--ambient-caps=" + sets));
        }
        return command;
    }

    /**
     * A command that makes an ordinary user: no root, no capabilities. As root of a user namespace only, we get another
     * user by a namespace in the namespace.
     */
    static List<String> ordinaryUser() {
        return REAL_ROOT
                ? List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups")
                : List.of("unshare", "--user", "--map-user=" + NOBODY, "--map-group=" + NOBODY);
    }

    /** The built program where any user can read it and nobody can write: the build's own place may be private. */
    static Path readOnlyInstallation() throws IOException {
        return mount("installation", "--bind", "-o", "ro", System.getProperty("gavel.installation"));
    }

    /** A folder, which may be there already, that is gone with the sandbox; not in /run, which the demo hides. */
    static Path folder(String name) throws IOException {
        if (!Files.exists(FILES)) {
            Shell.run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/media");
        }
        return Files.createDirectories(FILES.resolve(name));
    }

    /** Mounts {@code what}, arguments of mount(8), on a folder of this name. */
    static Path mount(String name, String... what) throws IOException {
        Path at = folder(name);
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(what));
        command.add(at.toString());
        Shell.run(command.toArray(String[]::new));
        return at;
    }
}
