package dev.gavel.policy.compile;

import dev.gavel.config.LimitEntry;
import dev.gavel.config.LimitEntry.Measure;
import dev.gavel.config.MarkChange;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.RuleEntry;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceText;
import dev.gavel.config.source.Words;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.FieldName;
import dev.gavel.policy.facts.Kind;
import dev.gavel.policy.program.Buckets;
import dev.gavel.policy.program.Limit;
import dev.gavel.policy.program.Limit.Amount;
import dev.gavel.policy.program.Limit.Per;
import dev.gavel.policy.program.LimitedRule;
import dev.gavel.policy.program.Rule;
import dev.gavel.policy.syntax.ExpressionMistake;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Compiles the limits of a program's rules. A rule that has not changed since the last program keeps its buckets. */
final class LimitCompiler {
    private static final String EXPECTED = "a field with one value, such as ip.src or dst_port";

    private final Problems problems;
    private final Map<String, LimitedRule> before = new HashMap<>();
    private final List<LimitedRule> limited = new ArrayList<>();
    private long tableBytes;

    LimitCompiler(List<LimitedRule> before, Problems problems) {
        before.forEach(rule -> this.before.put(rule.rule().path(), rule));
        this.problems = problems;
    }

    /**
     * Compiles the limit of {@code rule}, which was read from {@code entry} of {@code file}; null if the rule has no
     * limit. {@code lists} are the lists that the rule's expressions can name. An invalid field is reported and
     * replaced by a placeholder.
     */
    @Nullable
    Limit compile(Rule rule, PolicyFile file, RuleEntry entry, Lists lists) {
        LimitEntry limit = entry.limit();
        if (limit == null) {
            return null;
        }
        Per[] per = limit.per().stream().map(this::per).toArray(Per[]::new);
        boolean fits = per.length == 0 || addTable(rule);
        String text = text(file, entry, limit, lists);
        LimitedRule known = before.get(rule.path());
        Buckets buckets = known != null && known.text().equals(text)
                ? known.buckets()
                : new Buckets(
                        limit.over().count(),
                        limit.over().perNs(),
                        limit.burst(),
                        per.length == 0 || !fits ? 1 : Buckets.KEYS,
                        known == null ? new AtomicLong() : known.buckets().evicted(),
                        new SecureRandom());
        limited.add(new LimitedRule(rule, text, buckets));
        return new Limit(limit.measure() == Measure.PACKETS ? Amount.ONE : Amount.ITS_LENGTH, buckets, per);
    }

    /** All rules with a limit that have been compiled so far, in order. */
    List<LimitedRule> limited() {
        return limited;
    }

    private Per per(SourceText name) {
        try {
            return per(FieldLookup.of(name.value(), 0));
        } catch (ExpressionMistake e) {
            problems.error(name.at(e.index()), e.message());
            return new Per(Field.LENGTH, null, -1);
        }
    }

    private static Per per(FieldName name) throws ExpressionMistake {
        if (name.fields().size() > 1) {
            throw new ExpressionMistake(0, Words.quoted(name.name()) + " has two values", EXPECTED);
        }
        if (name.kind() == Kind.TEXT || name.kind() == Kind.BYTES) {
            throw new ExpressionMistake(
                    0, Words.quoted(name.name()) + " is " + name.kind().description(), EXPECTED);
        }
        return new Per(name.fields().get(0), name.only(), name.bits());
    }

    /**
     * Counts one more table. Returns false, and reports an error the first time, if all tables together take more than
     * a quarter of the heap. Tables are allocated when policies are loaded, never while a packet is judged.
     */
    private boolean addTable(Rule rule) {
        long quarter = Runtime.getRuntime().maxMemory() / 4;
        boolean fitted = tableBytes <= quarter;
        tableBytes += Buckets.BYTES;
        if (fitted && tableBytes > quarter) {
            problems.error(
                    rule.place(),
                    "the limits up to this rule take " + (tableBytes >> 20) + " MiB (1 MiB each that has per:), more"
                            + " than a quarter of the Java heap; expected fewer of them, or a larger heap (-Xmx)");
        }
        return tableBytes <= quarter;
    }

    private static String text(PolicyFile file, RuleEntry entry, LimitEntry limit, Lists lists) {
        MarkChange mark = entry.mark();
        List<Object> parts = new ArrayList<>();
        parts.add(text(file.when()));
        parts.add(text(entry.when()));
        parts.add(lists.contents(text(file.when()) + " " + text(entry.when())));
        parts.add(entry.mode());
        parts.add(String.valueOf(entry.verdict().verdict()));
        parts.add(mark == null ? "" : mark.value() + "/" + mark.mask());
        parts.add(limit.over());
        parts.add(limit.measure());
        parts.add(limit.burst());
        limit.per().forEach(name -> parts.add(name.value()));
        return parts.toString();
    }

    private static String text(@Nullable SourceText when) {
        return when == null ? "" : when.value();
    }
}
