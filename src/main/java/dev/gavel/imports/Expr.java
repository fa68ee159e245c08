package dev.gavel.imports;

import java.util.Arrays;
import java.util.List;

/**
 * An expression of the policy language, as text that only grows: constants vanish, and what would pass the language's
 * bounds becomes {@link #TOO_LONG}, which stays so.
 *
 * @param depth of the parentheses
 */
record Expr(Shape shape, String text, int depth) {
    /** How tightly the outermost part binds. */
    enum Shape {
        OR,
        AND,
        TEST,
        CONSTANT
    }

    static final Expr ALWAYS = new Expr(Shape.CONSTANT, "always", 0);
    static final Expr NEVER = new Expr(Shape.CONSTANT, "never", 0);
    /** Longer or deeper than the language allows (64 KiB, 64 parentheses). */
    static final Expr TOO_LONG = new Expr(Shape.CONSTANT, "too long", 0);

    private static final int MAX_LENGTH = 60_000;
    private static final int MAX_DEPTH = 60;

    static Expr test(String text) {
        return bounded(Shape.TEST, text, 0);
    }

    /** One test of a field against one value, or against a set of them. */
    static Expr oneOf(String field, List<String> values) {
        return values.size() == 1 && !values.get(0).contains("..")
                ? test(field + " == " + values.get(0))
                : test(field + " in {" + String.join(", ", values) + "}");
    }

    private static Expr bounded(Shape shape, String text, int depth) {
        return text.length() > MAX_LENGTH || depth > MAX_DEPTH ? TOO_LONG : new Expr(shape, text, depth);
    }

    static Expr and(Expr... parts) {
        return join(Shape.AND, " and ", ALWAYS, NEVER, Arrays.asList(parts));
    }

    static Expr and(List<Expr> parts) {
        return join(Shape.AND, " and ", ALWAYS, NEVER, parts);
    }

    static Expr or(Expr... parts) {
        return join(Shape.OR, " or ", NEVER, ALWAYS, Arrays.asList(parts));
    }

    /** {@code unit} adds nothing to the others, {@code ruling} makes them void. */
    private static Expr join(Shape shape, String word, Expr unit, Expr ruling, List<Expr> parts) {
        List<Expr> kept =
                parts.stream().filter(part -> !part.equals(unit)).distinct().toList();
        if (kept.contains(ruling)) {
            return ruling;
        }
        if (kept.contains(TOO_LONG)) {
            return TOO_LONG;
        }
        if (kept.size() < 2) {
            return kept.isEmpty() ? unit : kept.get(0);
        }
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (Expr part : kept) {
            boolean bare = part.shape == Shape.TEST || part.shape == shape;
            text.append(text.length() == 0 ? "" : word).append(bare ? part.text : "(" + part.text + ")");
            depth = Math.max(depth, part.depth + (bare ? 0 : 1));
            if (text.length() > MAX_LENGTH) {
                return TOO_LONG;
            }
        }
        return bounded(shape, text.toString(), depth);
    }

    Expr not() {
        if (shape == Shape.CONSTANT) {
            return equals(ALWAYS) ? NEVER : equals(NEVER) ? ALWAYS : TOO_LONG;
        }
        if (shape == Shape.TEST) {
            return text.startsWith("not ") ? test(text.substring(4)) : test("not " + text);
        }
        return bounded(Shape.TEST, "not (" + text + ")", depth + 1);
    }

    Expr notIf(boolean inverted) {
        return inverted ? not() : this;
    }
}
