package dev.gavel.policy.compile;

import dev.gavel.config.source.Words;
import dev.gavel.policy.facts.FieldName;
import dev.gavel.policy.facts.FieldNames;
import dev.gavel.policy.syntax.ExpressionMistake;
import java.util.List;
import java.util.stream.Stream;

/** Looks up fields by the names used in expressions. */
final class FieldLookup {
    private FieldLookup() {}

    /**
     * Looks up {@code name}, which stands at {@code index} of its expression; throws if this version has no such field.
     */
    static FieldName of(String name, int index) throws ExpressionMistake {
        FieldName found = FieldNames.find(name);
        if (found != null) {
            return found;
        }
        if (FieldNames.later().contains(name)) {
            throw ExpressionMistake.notYet(index, "field " + Words.quoted(name));
        }
        throw new ExpressionMistake(
                index,
                "unknown field " + Words.quoted(name),
                "a field such as ip.src or tcp.dst_port" + Words.didYouMean(name, known()));
    }

    private static List<String> known() {
        return Stream.concat(FieldNames.all().stream().map(FieldName::name), FieldNames.later().stream())
                .toList();
    }
}
