package dev.gavel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.config.ConfigLoader;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problem;
import dev.gavel.config.source.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds the whole output for bad inputs to {@code bad-inputs.txt}. There, {@code === TITLE} begins a case, {@code ---
 * FILE} a file of it (gavel.yaml, or a policy), and {@code >>>} what must be said. With {@code
 * -Dgavel.golden.renew=true} the file is written anew.
 */
class BadInputsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/dev/gavel/policy/bad-inputs.txt");

    @TestFactory
    Stream<DynamicTest> saysExactlyWhatIsWrong() throws IOException {
        if (Boolean.getBoolean("gavel.golden.renew")) {
            renew();
        }
        List<String> cases = cases();
        assertThat(cases).hasSizeGreaterThanOrEqualTo(70);
        return cases.stream().map(text -> {
            String title = text.lines().findFirst().orElseThrow();
            String[] inputAndOutput = text.substring(title.length() + 1).split(">>>\n", 2);
            return DynamicTest.dynamicTest(
                    title,
                    () -> assertThat(problemsOf(inputAndOutput[0])).isEqualTo(inputAndOutput[1].stripTrailing()));
        });
    }

    /** Writes what is said now: read the difference before it is committed. */
    private static void renew() throws IOException {
        StringBuilder renewed = new StringBuilder();
        for (String text : cases()) {
            String title = text.lines().findFirst().orElseThrow();
            String input = text.substring(title.length() + 1).split(">>>\n", 2)[0];
            renewed.append(renewed.length() == 0 ? "" : "\n")
                    .append("=== ")
                    .append(title)
                    .append('\n');
            renewed.append(input).append(">>>\n").append(problemsOf(input)).append('\n');
        }
        Files.writeString(GOLDEN, renewed);
    }

    private static List<String> cases() throws IOException {
        String all = Files.readString(GOLDEN);
        return Stream.of(all.split("(?m)^=== ", -1)).skip(1).toList();
    }

    private static String problemsOf(String input) {
        Problems problems = new Problems();
        ConfigLoader loader = new ConfigLoader(problems);
        DaemonConfig config = DaemonConfig.defaults();
        List<PolicyFile> policies = new ArrayList<>();
        for (String file : input.split("(?m)^--- ", -1)) {
            if (file.isEmpty()) {
                continue;
            }
            String name = file.lines().findFirst().orElseThrow();
            String text = file.substring(name.length() + 1);
            if (name.equals("gavel.yaml")) {
                config = loader.daemon(name, text);
            } else {
                policies.add(loader.policy(name, text));
            }
        }
        try {
            List<Problem> warnings =
                    Policies.compile(config, policies, problems).warnings();
            return warnings.stream().map(Problem::toString).collect(Collectors.joining("\n"));
        } catch (ConfigException e) {
            return e.getMessage();
        }
    }
}
