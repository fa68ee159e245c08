package dev.gavel.policy.program;

import dev.gavel.policy.condition.Condition;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.FieldName;
import dev.gavel.policy.facts.Truth;
import dev.gavel.policy.syntax.Address;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Repeats the evaluation of one packet and records the result of each test. */
final class Explainer {
    private final Facts facts;
    private final Findings judged;
    private final List<Visit> visits = new ArrayList<>();

    Explainer(Facts facts, Findings judged) {
        this.facts = facts;
        this.judged = judged;
    }

    List<Visit> visits() {
        return List.copyOf(visits);
    }

    /** Evaluates {@code policy} and returns whether one of its steps ended the evaluation. */
    boolean decides(Program.Policy policy) {
        List<Visit.Asked> asked = new ArrayList<>();
        Truth guard = value(policy.noted(), asked);
        if (policy.guard() != Condition.Constant.ALWAYS) {
            visits.add(new Visit(Visit.Kind.GUARD, policy.name(), null, null, Mode.ENFORCE, guard, asked));
        }
        for (Step step : policy.steps()) {
            if (guard != Truth.FALSE && decides(step, guard)) {
                return true;
            }
        }
        return false;
    }

    private boolean decides(Step step, Truth guard) {
        List<Visit.Asked> asked = new ArrayList<>();
        Truth value = step.comesBack(facts) ? Truth.FALSE : guard.and(value(step.noted(), asked));
        if (step.limit() != null && value == Truth.TRUE && !matched(step)) {
            value = Truth.FALSE;
            asked.add(new Visit.Asked("limit", value, Map.of("rate", "within the limit")));
        }
        Rule rule = step.rule();
        Visit.Kind kind = rule == null ? Visit.Kind.DEFAULT : Visit.Kind.RULE;
        Mode mode = step.shadow() == null ? Mode.ENFORCE : Mode.SHADOW;
        visits.add(new Visit(kind, step.policy(), rule, step.verdict(), mode, value, asked));
        return value == Truth.TRUE && step.verdict() != null && mode == Mode.ENFORCE;
    }

    /**
     * Whether the packet matched {@code step} when it was judged, or that judgement ended as pending. The limit itself
     * is not evaluated again, because that would take tokens.
     */
    private boolean matched(Step step) {
        boolean met = Objects.equals(judged.rule(), step.rule()) || judged.reason() == Reason.PENDING;
        for (int i = 0; i < judged.continuedCount(); i++) {
            met |= judged.continued(i).equals(step.rule());
        }
        for (int i = 0; i < judged.shadows().count(); i++) {
            met |= Objects.equals(judged.shadows().met(i).rule(), step.rule());
        }
        return met;
    }

    /** Evaluates {@code noted} and adds each test to {@code asked} when it is evaluated. */
    private Truth value(Condition noted, List<Visit.Asked> asked) {
        Condition watched = noted.replaceNoted(each -> new Condition.Watched(
                each, (test, value) -> asked.add(new Visit.Asked(test.text(), value, fields(test.field())))));
        return watched.value(facts);
    }

    private Map<String, String> fields(FieldName name) {
        Map<String, String> fields = new LinkedHashMap<>();
        Field only = name.only();
        if (only != null && facts.number(only) == 0) {
            fields.put(name.name(), "absent");
            return fields;
        }
        for (Field field : name.fields()) {
            String shown = name.fields().size() == 1 ? name.name() : field.word();
            fields.put(shown, shown(name, field));
        }
        return fields;
    }

    private String shown(FieldName name, Field field) {
        long number = facts.number(field);
        if (number < 0) {
            return number == Facts.OPEN ? "open" : "absent";
        }
        return switch (name.kind()) {
            case NUMBER -> field.shown(number);
            case BOOLEAN -> Boolean.toString((number & name.bits()) != 0);
            case WORD ->
                name.words().entrySet().stream()
                        .filter(word -> word.getValue() == number)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(Long.toString(number));
            case ADDRESS -> new Address((int) number, facts.addressHigh(field), facts.addressLow(field)).toString();
            case MAC ->
                HexFormat.ofDelimiter(":")
                        .formatHex(ByteBuffer.allocate(8).putLong(number).array(), 2, 8);
            case TEXT -> '"' + facts.text(field) + '"';
            case BYTES -> number + " bytes";
        };
    }
}
