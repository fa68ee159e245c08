package dev.gavel.policy.compile;

import dev.gavel.config.NamedList;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.Words;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.FieldName;
import dev.gavel.policy.syntax.ExpressionMistake;
import dev.gavel.policy.syntax.Literal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lists that a policy's expressions can name: the policy's own and the global ones. Used by one thread, for one
 * load.
 */
final class Lists {
    /** A compiled list. {@code digest} changes whenever the entries do. */
    record Known(NamedList list, EntryList entries, String digest) {}

    private final @Nullable Lists ofAllPolicies;
    private final Map<String, Known> known = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();

    /** Compiles the global lists. */
    Lists(List<NamedList> lists, Problems problems) {
        this(lists, null, problems);
    }

    /** Compiles the lists of one policy; {@code ofAllPolicies} are the global lists. */
    Lists(List<NamedList> lists, @Nullable Lists ofAllPolicies, Problems problems) {
        this.ofAllPolicies = ofAllPolicies;
        for (NamedList list : lists) {
            Known other = ofAllPolicies == null ? null : ofAllPolicies.known.get(list.name());
            if (other != null) {
                problems.error(
                        list.place(),
                        "duplicate list " + Words.quoted(list.name()) + "; expected another name, the first is at "
                                + other.list().place());
            }
            known.put(list.name(), ListCompiler.compile(list, problems));
        }
    }

    /**
     * The entries of the list that {@code literal} names. Throws if there is no such list or its type does not suit
     * {@code field}.
     */
    EntryList entries(Literal.ListName literal, FieldName field) throws ExpressionMistake {
        Known found = find(literal.written().substring(1));
        if (found == null) {
            throw unknown(literal);
        }
        NamedList.Type fitting = fitting(field);
        if (found.list().type() != fitting) {
            throw new ExpressionMistake(
                    literal.at(),
                    "list " + Words.quoted(literal.written()) + " is of type "
                            + found.list().type().word() + ", but " + field.name() + " is "
                            + field.kind().description(),
                    fitting == null ? "values in {…}, as no list goes with it" : "a list of type " + fitting.word());
        }
        return found.entries();
    }

    private @Nullable Known find(String name) {
        if (known.containsKey(name) || ofAllPolicies == null) {
            used.add(name);
            return known.get(name);
        }
        return ofAllPolicies.find(name);
    }

    private ExpressionMistake unknown(Literal.ListName literal) {
        List<String> names = new ArrayList<>(known.keySet());
        if (ofAllPolicies != null) {
            names.addAll(ofAllPolicies.known.keySet());
        }
        names.replaceAll(name -> "$" + name);
        return new ExpressionMistake(
                literal.at(),
                "unknown list " + Words.quoted(literal.written()),
                "a list of lists: in this file or in gavel.yaml" + Words.didYouMean(literal.written(), names));
    }

    private static NamedList.@Nullable Type fitting(FieldName field) {
        return switch (field.kind()) {
            case ADDRESS -> NamedList.Type.NET;
            case NUMBER -> field.fields().stream().allMatch(Field::isPort) ? NamedList.Type.PORT : null;
            case TEXT, BYTES -> NamedList.Type.STRING;
            case BOOLEAN, WORD, MAC -> null;
        };
    }

    /**
     * Names and digests of the lists that {@code expression} may use. May include too many: every list whose name
     * appears anywhere in the text is included.
     */
    String contents(String expression) {
        StringBuilder contents = new StringBuilder(ofAllPolicies == null ? "" : ofAllPolicies.contents(expression));
        known.forEach((name, list) -> {
            if (expression.contains("$" + name)) {
                contents.append(' ').append(name).append('=').append(list.digest());
            }
        });
        return contents.toString();
    }

    /**
     * Warns of lists that no expression names. Does nothing if there are errors: a faulty expression may be the one
     * that uses the list.
     */
    void warnOfUnused(Problems problems) {
        if (problems.hasErrors()) {
            return;
        }
        for (Known entry : known.values()) {
            NamedList list = entry.list();
            if (!used.contains(list.name())) {
                problems.warning(list.place(), "list " + Words.quoted(list.name()) + " is not used; remove it");
            }
        }
    }
}
