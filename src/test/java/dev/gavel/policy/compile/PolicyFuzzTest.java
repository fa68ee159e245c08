package dev.gavel.policy.compile;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problem;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceText;
import dev.gavel.kit.TestPrograms;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whatever the files hold, loading them ends with a program or a {@link ConfigException}, with places in the files. */
class PolicyFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void neverFailsOtherwise(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        load(text, "policy: p\n");
        load("", text);
        Problems problems = new Problems();
        Lists lists = new Lists(List.of(), problems);
        ConditionCompiler.compile(SourceText.of("expression", text), lists, new Patterns(), problems);
    }

    private static void load(String daemon, String policy) {
        try {
            TestPrograms.programWith(daemon, policy);
        } catch (ConfigException e) {
            checkPlaces(e.problems(), daemon, policy);
        }
    }

    private static void checkPlaces(List<Problem> problems, String daemon, String policy) {
        for (Problem problem : problems) {
            String text = problem.file().equals("p.yaml") ? policy : daemon;
            boolean ofList = !problem.file().endsWith(".yaml");
            boolean inside =
                    problem.line() >= 1 && problem.column() >= 1 && (ofList || problem.line() <= text.length() + 1);
            if (!inside || problem.message().indexOf('\n') >= 0) {
                throw new AssertionError("bad problem: " + problem);
            }
        }
    }
}
