package dev.gavel.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedsTest {
    /** A seed that is neither a constant nor the kit's, or a generator that has one of its own. */
    private static final Pattern OTHER_SEED = Pattern.compile("[sS]eed = (?!Seeds\\.take\\(\\))|Random\\(System\\."
            + "|new \\w*Random\\(\\)|ThreadLocalRandom|Math\\.random|\"gavel\\.\\w*\\.?seed\"");

    private ExtensionContext context;

    @RegisterExtension
    final BeforeEachCallback own = context -> this.context = context;

    @Test
    void isInPlaceForAllTests() {
        assertThat(ServiceLoader.load(Extension.class)).hasAtLeastOneElementOfType(Seeds.class);
    }

    @Test
    void takesTheSeedThatIsGivenBack() {
        assertThat(Seeds.seed("-17")).isEqualTo(-17);
        assertThat(Seeds.seed(null)).isNotEqualTo(Seeds.seed(null));
        assertThatThrownBy(() -> Seeds.seed("1e6")).isInstanceOf(NumberFormatException.class);
    }

    @Test
    void isTheSameForAllTestsOfARun() {
        assertThat(new Random(Seeds.take()).nextLong()).isEqualTo(new Random(Seeds.take()).nextLong());
    }

    @Test
    void addsTheSeedAndTheCommandToTheMessageOfAFailure() {
        long seed = Seeds.take();
        AssertionError failure = new AssertionError("1 is not 2");
        assertThatThrownBy(() -> new Seeds().handleTestExecutionException(context, failure))
                .isInstanceOf(AssertionError.class)
                .hasMessage(
                        "1 is not 2\nseed %d, this repeats it: mvn -Pquick test -Dtest=SeedsTest#"
                                + "addsTheSeedAndTheCommandToTheMessageOfAFailure -Dgavel.seed=%d",
                        seed, seed)
                .hasCause(failure);
    }

    @Test
    void leavesFailuresOfTestsWithoutSeedAlone() {
        AssertionError failure = new AssertionError("1 is not 2");
        assertThatThrownBy(() -> new Seeds().handleTestExecutionException(context, failure))
                .isSameAs(failure);
        Seeds.take();
        new Seeds().afterEach(context);
        assertThatThrownBy(() -> new Seeds().handleTestExecutionException(context, failure))
                .isSameAs(failure);
    }

    @Test
    void repeatsATestOfTheKernelByFailsafe() {
        assertThat(Seeds.command("SoakIT#runs"))
                .isEqualTo("mvn verify -Dtest=SeedsTest -Dit.test=SoakIT#runs -Dgavel.seed=" + Seeds.take());
    }

    @Test
    void noTestDrawsAtRandomFromAnotherSeed() throws IOException {
        List<String> found = new ArrayList<>();
        for (String root : List.of("src/test/java", "src/jmh/java")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                for (Path file : files.filter(SeedsTest::isSource).toList()) {
                    Files.readAllLines(file).stream()
                            .filter(line -> OTHER_SEED.matcher(line).find())
                            .forEach(line -> found.add(file + ": " + line));
                }
            }
        }
        assertThat(found).isEmpty();
    }

    private static boolean isSource(Path file) {
        return file.toString().endsWith(".java") && !file.endsWith("SeedsTest.java") && !file.endsWith("Seeds.java");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "long seed = System.nanoTime();",
                "int ruleSeed = random();",
                "new Random(System.nanoTime())",
                "new SplittableRandom()",
                "ThreadLocalRandom.current()",
                "Long.getLong(\"gavel.match.seed\", 1)"
            })
    void knowsAnotherSeed(String line) {
        assertThat(line).containsPattern(OTHER_SEED);
    }
}
