package dev.gavel.imports;

import org.jspecify.annotations.Nullable;

/** Reads the target of a rule and its options. */
final class TargetParser {
    /** The value of the option read last. */
    interface Value {
        String next() throws Untranslatable;
    }

    /** Bit of Gavel's own answers, which pass unjudged ({@code rejects.mark}). */
    private static final long OWN_MARK = 0x800000;

    private @Nullable Target target;
    private String name = "";
    private String rejectWith = "";
    private long queue;
    private boolean bypass;

    void jump(String to, boolean isChain) throws Untranslatable {
        name = to;
        target = isChain
                ? new Target.Jump(to)
                : switch (to) {
                    case "ACCEPT" -> new Target.Verdict("accept", null);
                    case "DROP" -> new Target.Verdict("drop", null);
                    case "RETURN" -> new Target.Return();
                    case "REJECT", "NFQUEUE", "MARK" -> null; // by their options
                    default ->
                        throw new Untranslatable("target " + Notes.shown(to) + " has no counterpart in a policy");
                };
    }

    void goTo(String chain) {
        name = "-g";
        target = new Target.Goto(chain);
    }

    boolean isOption(String option, Value value) throws Untranslatable {
        switch (name + " " + option) {
            case "REJECT --reject-with" -> rejectWith = value.next();
            case "NFQUEUE --queue-num" -> queue = Numbers.number(value.next(), 0xffff);
            case "NFQUEUE --queue-bypass" -> bypass = true;
            case "NFQUEUE --queue-balance", "NFQUEUE --queue-cpu-fanout" ->
                throw new Untranslatable("a policy names one queue, " + option + " spreads over several");
            case "MARK --set-xmark" -> mark(value.next(), true);
            case "MARK --set-mark" -> mark(value.next(), false);
            case "MARK --or-mark" -> {
                long bits = Numbers.number(value.next(), MarkState.ALL);
                set(bits, bits);
            }
            case "MARK --and-mark" -> set(0, MarkState.ALL & ~Numbers.number(value.next(), MarkState.ALL));
            case "MARK --xor-mark" -> toggle(Numbers.number(value.next(), MarkState.ALL), 0);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void mark(String text, boolean toggles) throws Untranslatable {
        int slash = text.indexOf('/');
        long value = Numbers.number(slash < 0 ? text : text.substring(0, slash), MarkState.ALL);
        long mask = slash < 0 ? MarkState.ALL : Numbers.number(text.substring(slash + 1), MarkState.ALL);
        if (toggles) {
            toggle(value, mask);
        } else {
            set(value, mask | value);
        }
    }

    private void toggle(long value, long mask) throws Untranslatable {
        if ((value & ~mask) != 0) {
            throw new Untranslatable("a policy sets or clears bits of the mark, but does not toggle them");
        }
        set(value, mask);
    }

    private void set(long value, long mask) throws Untranslatable {
        if ((value & OWN_MARK) != 0) {
            throw new Untranslatable("mark 0x800000 is that of Gavel's own answers");
        }
        target = new Target.Mark(value, mask);
    }

    Target target(Transport transport) throws Untranslatable {
        if (target != null) {
            return target;
        }
        return switch (name) {
            case "" -> new Target.Mark(0, 0);
            case "REJECT" -> new Target.Verdict("reject", remark(transport));
            case "NFQUEUE" -> new Target.Verdict("queue " + queue + (bypass ? " bypass" : ""), null);
            default -> throw new Untranslatable("target " + name + " without its options");
        };
    }

    /** Ours answers TCP with resets and anything else with port unreachable. */
    private @Nullable String remark(Transport transport) {
        boolean reset = rejectWith.equals("tcp-reset");
        boolean port =
                rejectWith.isEmpty() || rejectWith.endsWith("port-unreach") || rejectWith.endsWith("port-unreachable");
        if (transport.isOnly("tcp") ? reset : port && transport.excludes("tcp")) {
            return null;
        }
        return "translated, but reject answers TCP with resets and all else with port unreachable, not with "
                + (rejectWith.isEmpty() ? "port unreachable" : Notes.shown(rejectWith));
    }
}
