package dev.gavel.policy.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.MadeUpFacts;
import dev.gavel.policy.facts.Truth;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TruthTest {
    @ParameterizedTest
    @CsvSource({
        "FALSE, FALSE, FALSE, FALSE",
        "FALSE, OPEN,  FALSE, OPEN",
        "FALSE, TRUE,  FALSE, TRUE",
        "OPEN,  OPEN,  OPEN,  OPEN",
        "OPEN,  TRUE,  OPEN,  TRUE",
        "TRUE,  TRUE,  TRUE,  TRUE",
    })
    void followsKleenesTables(Truth a, Truth b, Truth and, Truth or) {
        assertThat(a.and(b)).isEqualTo(and);
        assertThat(b.and(a)).isEqualTo(and);
        assertThat(a.or(b)).isEqualTo(or);
        assertThat(b.or(a)).isEqualTo(or);
        assertThat(new Condition.And(constant(a), constant(b)).value(new MadeUpFacts()))
                .isEqualTo(and);
        assertThat(new Condition.Or(constant(a), constant(b)).value(new MadeUpFacts()))
                .isEqualTo(or);
    }

    @ParameterizedTest
    @CsvSource({"FALSE, TRUE", "OPEN, OPEN", "TRUE, FALSE"})
    void keepsOpenWhenNegated(Truth value, Truth negated) {
        assertThat(value.not()).isEqualTo(negated);
        assertThat(new Condition.Not(constant(value)).value(new MadeUpFacts())).isEqualTo(negated);
    }

    private static Condition constant(Truth value) {
        return new Condition.Constant(value);
    }
}
