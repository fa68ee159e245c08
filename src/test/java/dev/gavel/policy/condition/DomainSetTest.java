package dev.gavel.policy.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.gavel.kit.Seeds;
import dev.gavel.policy.syntax.ExpressionMistake;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DomainSetTest {
    @Test
    void tellsANameFromThoseBelowIt() throws ExpressionMistake {
        DomainSet set = set("itself.example", "*.below.example", ".both.example", "com");
        assertThat(contains(set, "itself.example")).isTrue();
        assertThat(contains(set, "a.itself.example")).isFalse();
        assertThat(contains(set, "below.example")).isFalse();
        assertThat(contains(set, "a.below.example")).isTrue();
        assertThat(contains(set, "a.b.below.example")).isTrue();
        assertThat(contains(set, "both.example")).isTrue();
        assertThat(contains(set, "a.both.example")).isTrue();
        assertThat(contains(set, "aboth.example")).isFalse();
        assertThat(contains(set, "example")).isFalse();
        assertThat(contains(set, "com")).isTrue();
        assertThat(contains(set, "both.example.com")).isFalse();
    }

    @Test
    void addsUpWhatEntriesOfTheSameNameSay() throws ExpressionMistake {
        DomainSet set = set("x.example", "*.x.example", "x.example");
        assertThat(contains(set, "x.example")).isTrue();
        assertThat(contains(set, "y.x.example")).isTrue();
    }

    @Test
    void ignoresCaseAndADotAtTheEnd() throws ExpressionMistake {
        DomainSet set = set("WWW.Example.COM.", "bücher.example");
        assertThat(contains(set, "www.example.com")).isTrue();
        assertThat(contains(set, "WwW.eXample.com.")).isTrue();
        assertThat(contains(set, "www.example.com..")).isFalse();
        assertThat(contains(set, "BüCHER.example")).isTrue();
        assertThat(contains(set, "BÜCHER.example")).as("only A-Z have a case").isFalse();
    }

    @Test
    void survivesNamesThatAreNone() throws ExpressionMistake {
        DomainSet set = set(".example", "*.x.example");
        for (String name : List.of("", ".", "..", "...", "x", ".x.example", "x.example.", "-", "\0", "a".repeat(255))) {
            assertThat(contains(set, name)).as(name).isEqualTo(name.endsWith("example") || name.endsWith("example."));
        }
        assertThat(contains(set("*.example"), ".example")).isFalse();
        assertThat(contains(set(".b.example"), "a.".repeat(40_000) + "b.example"))
                .isTrue();
        assertThat(contains(set(), "a.example")).isFalse();
    }

    @Test
    void refusesWhatIsNoHostName() {
        for (String entry : List.of("", ".", "*", "*.", "..", "*.*.example", "a..example", "a b", "http://a", "a:80")) {
            assertThatThrownBy(() -> set(entry)).as(entry).isInstanceOf(ExpressionMistake.class);
        }
        assertThatThrownBy(() -> set("a.".repeat(126) + "bc")).hasMessageStartingWith("host name of 254 bytes");
    }

    @Test
    void agreesWithALookAtEachEntry() throws ExpressionMistake {
        long seed = Seeds.take();
        Random random = new Random(seed);
        int inside = 0;
        for (int i = 0; i < 500; i++) {
            List<String> entries = new ArrayList<>();
            for (int j = random.nextInt(1 << random.nextInt(9)); j > 0; j--) {
                entries.add(List.of("", "*.", ".").get(random.nextInt(3)) + name(random));
            }
            DomainSet set = set(entries.toArray(String[]::new));
            for (int j = 0; j < 100; j++) {
                String name = name(random);
                boolean expected = entries.stream().anyMatch(entry -> isIn(name, entry));
                assertThat(contains(set, name))
                        .as("seed %d: %s in %s", seed, name, entries)
                        .isEqualTo(expected);
                inside += expected ? 1 : 0;
            }
        }
        assertThat(inside).as("seed %d: names inside", seed).isBetween(5_000, 45_000);
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            name.append(List.of("a", "B", "ab", "Example", "x-1").get(random.nextInt(5)));
            name.append(i == 0 ? "" : ".");
        }
        return name.toString();
    }

    private static boolean isIn(String name, String entry) {
        String small = name.toLowerCase(Locale.ROOT);
        String wanted = entry.toLowerCase(Locale.ROOT);
        return wanted.startsWith("*.")
                ? small.endsWith(wanted.substring(1))
                : wanted.startsWith(".") ? ("." + small).endsWith(wanted) : small.equals(wanted);
    }

    @Test
    void allocatesNothingWhenAsked() throws ExpressionMistake {
        DomainSet set = set("www.example.com", "*.x.example");
        byte[] name = "a.b.c.d.e.x.exampl".getBytes(StandardCharsets.US_ASCII);
        count(set, name, 20_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(count(set, name, 100_000)).isZero();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
    }

    private static int count(DomainSet set, byte[] name, int times) {
        int inside = 0;
        for (int i = 0; i < times; i++) {
            inside += set.contains(name, 0, name.length) ? 1 : 0;
        }
        return inside;
    }

    /** Asks in the middle of other bytes. */
    private static boolean contains(DomainSet set, String name) {
        byte[] bytes = ("x." + name + ".x").getBytes(StandardCharsets.UTF_8);
        return set.contains(bytes, 2, bytes.length - 2);
    }

    private static DomainSet set(String... entries) throws ExpressionMistake {
        DomainSet.Builder builder = new DomainSet.Builder();
        for (String entry : entries) {
            builder.add(entry);
        }
        return builder.build();
    }
}
