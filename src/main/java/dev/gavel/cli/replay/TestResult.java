package dev.gavel.cli.replay;

import java.nio.file.Path;
import java.util.List;

/**
 * How one policy test went.
 *
 * @param packets that were judged
 * @param failures what was expected and what came instead; empty: it passed
 */
record TestResult(Path file, String name, int packets, List<String> failures) {
    TestResult {
        failures = List.copyOf(failures);
    }

    boolean passed() {
        return failures.isEmpty();
    }
}
