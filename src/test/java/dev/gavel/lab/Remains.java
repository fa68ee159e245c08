package dev.gavel.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a program could leave behind here: processes, network namespaces, mounts, names in /run, firewall rules. */
record Remains(Set<String> processes, Set<String> networks, String mounts, Set<String> names, String rules) {
    static Remains now() throws IOException {
        Set<String> processes = new TreeSet<>();
        Set<String> networks = new TreeSet<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path entry : (Iterable<Path>) entries.filter(Remains::isProcess)::iterator) {
                look(entry, processes, networks);
            }
        }
        return new Remains(
                processes, networks, Files.readString(Path.of("/proc/self/mountinfo")), listRun(), saveRules());
    }

    private static boolean isProcess(Path entry) {
        return Character.isDigit(entry.getFileName().toString().charAt(0));
    }

    /** A zombie is no process any more: as process 1 here we are given orphans, and no JVM asks how those ended. */
    private static void look(Path entry, Set<String> processes, Set<String> networks) {
        try {
            String status = Files.readString(entry.resolve("status"));
            if (!status.contains("\nState:\tZ")) {
                networks.add(Files.readSymbolicLink(entry.resolve("ns/net")).toString());
                processes.add(
                        entry.getFileName() + " " + status.lines().findFirst().orElse(""));
            }
        } catch (IOException e) {
            // it has ended meanwhile
        }
    }

    private static Set<String> listRun() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("/run"), 2)) {
            return files.map(Path::toString)
                    .filter(name -> !name.startsWith("/run/demo")) // a test's own files
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String saveRules() {
        return Shell.run(
                "sh",
                "-c",
                "for save in iptables-legacy-save iptables-nft-save; do"
                        + " command -v $save >/dev/null && $save | grep -v '^#' | sed 's/\\[.*]//'; done; true");
    }
}
