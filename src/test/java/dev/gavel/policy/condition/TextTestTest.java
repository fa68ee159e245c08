package dev.gavel.policy.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Seeds;
import dev.gavel.policy.syntax.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextTestTest {
    @Test
    void agreesWithALookAtEachOperand() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            List<String> operands = new ArrayList<>();
            for (int j = random.nextInt(1 << random.nextInt(5)); j >= 0; j--) {
                operands.add(text(random, 1));
            }
            List<Relation> relations = List.of(Relation.values());
            Relation relation = relations.get(random.nextInt(relations.size()));
            boolean ignoresCase = random.nextBoolean();
            int from = random.nextInt(3);
            int to = random.nextBoolean() ? Integer.MAX_VALUE : from + 1 + random.nextInt(5);
            String text = text(random, 0);
            String seen = text.substring(Math.min(from, text.length()), Math.min(to, text.length()));
            boolean expected = operands.stream().anyMatch(operand -> holds(relation, ignoresCase, seen, operand));
            assertThat(new TextTest(relation, ignoresCase, from, to, operands).matches(text))
                    .as("seed %d: %s[%d:%d] %s %s", seed, text, from, to, relation, operands)
                    .isEqualTo(expected);
            found += expected ? 1 : 0;
        }
        assertThat(found).as("seed %d: found", seed).isBetween(1_000, 19_000);
    }

    private static String text(Random random, int shortest) {
        StringBuilder text = new StringBuilder();
        for (int i = shortest + random.nextInt(5); i > 0; i--) {
            text.append("abAB0".charAt(random.nextInt(5)));
        }
        return text.toString();
    }

    private static boolean holds(Relation relation, boolean ignoresCase, String text, String operand) {
        String a = ignoresCase ? text.toLowerCase(Locale.ROOT) : text;
        String b = ignoresCase ? operand.toLowerCase(Locale.ROOT) : operand;
        return switch (relation) {
            case EQUAL -> a.equals(b);
            case CONTAINS -> a.contains(b);
            case STARTS_WITH -> a.startsWith(b);
            case ENDS_WITH -> a.endsWith(b);
            case NOT_EMPTY -> !a.isEmpty();
        };
    }
}
