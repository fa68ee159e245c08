package dev.gavel.policy.compile;

import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceText;
import dev.gavel.policy.condition.Condition;
import dev.gavel.policy.syntax.Expression;
import dev.gavel.policy.syntax.ExpressionMistake;
import dev.gavel.policy.syntax.Parser;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiles one expression to a condition. A grammar error ends compilation; otherwise all mistakes in the tests are
 * reported.
 */
final class ConditionCompiler {
    private static final String CUT = "string without its closing quote, because YAML takes \" #\" for the start of a"
            + " comment; expected when: '…' (a ' inside doubled) or when: >-";

    private final SourceText text;
    private final TestCompiler tests;
    private final Problems problems;

    private ConditionCompiler(SourceText text, Lists lists, Patterns patterns, Problems problems) {
        this.text = text;
        this.tests = new TestCompiler(text, lists, patterns);
        this.problems = problems;
    }

    /**
     * Compiles {@code text} and adds its patterns to {@code patterns}. After a mistake, the returned condition contains
     * placeholders.
     */
    static Condition compile(SourceText text, Lists lists, Patterns patterns, Problems problems) {
        return compile(text, lists, patterns, new HashMap<>(), problems);
    }

    /** As the method above; also adds the parsed expression to {@code parsed}. */
    static Condition compile(
            SourceText text, Lists lists, Patterns patterns, Map<SourceText, Expression> parsed, Problems problems) {
        ConditionCompiler compiler = new ConditionCompiler(text, lists, patterns, problems);
        try {
            Expression expression = Parser.parse(text.value());
            parsed.put(text, expression);
            return compiler.compile(expression);
        } catch (ExpressionMistake e) {
            compiler.report(e);
            return Condition.Constant.NEVER;
        }
    }

    private Condition compile(Expression expression) {
        if (expression instanceof Expression.And and) {
            return new Condition.And(compile(and.parts()));
        }
        if (expression instanceof Expression.Or or) {
            return new Condition.Or(compile(or.parts()));
        }
        if (expression instanceof Expression.Not not) {
            return new Condition.Not(compile(not.part()));
        }
        try {
            return tests.compile((Expression.Test) expression);
        } catch (ExpressionMistake e) {
            report(e);
            return Condition.Constant.NEVER;
        }
    }

    private Condition[] compile(List<Expression> parts) {
        Condition[] conditions = new Condition[parts.size()];
        for (int i = 0; i < conditions.length; i++) {
            conditions[i] = compile(parts.get(i));
        }
        return conditions;
    }

    private void report(ExpressionMistake mistake) {
        boolean cut = mistake.isUnclosed() && text.isCutByComment();
        problems.error(text.at(mistake.index()), cut ? CUT : mistake.message());
    }
}
