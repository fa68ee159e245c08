package dev.gavel.imports;

import dev.gavel.imports.Ruleset.Chain;
import dev.gavel.imports.Ruleset.Line;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Flattens the chains of all tables into one list of rules: a jump puts the other chain's rules in its place, under the
 * jump's condition; after a RETURN, the packets that returned are excluded; an ACCEPT in any table but the hook's last
 * excludes the packets it accepted from the rest of that table only.
 */
final class Expansion {
    /** An untranslated rule with one of these leaves the mark alone. */
    private static final Set<String> MARKLESS =
            Set.of("ACCEPT", "DROP", "REJECT", "NFQUEUE", "RETURN", "LOG", "NFLOG", "TRACE", "AUDIT", "NOTRACK");

    private static final int MAX_STEPS = 200_000;
    private static final int MAX_RULES = 100_000;
    private static final int MAX_DEPTH = 256;

    private final Ruleset ruleset;
    private final IpVersion version;
    private final IpSets sets;
    private final PolicyText policy;
    private final Notes notes;
    private final Map<Integer, ParsedRule> parsed = new HashMap<>();
    private int steps;

    // of the current hook and table
    private Expr hook = Expr.ALWAYS;
    private Map<String, Chain> chains = Map.of();
    private boolean lastTable;
    private Chain base = new Chain("", 0);
    private Expr accepted = Expr.NEVER;
    private MarkState mark = new MarkState();
    private final List<String> path = new ArrayList<>();

    Expansion(Ruleset ruleset, IpVersion version, IpSets sets, PolicyText policy) {
        this.ruleset = ruleset;
        this.version = version;
        this.sets = sets;
        this.policy = policy;
        notes = ruleset.notes;
    }

    /** Writes the rules of the requested tables and built-in chains. */
    void run(Predicate<String> tables, Predicate<String> hooks) throws TooLarge {
        List<String> taken = IptablesImport.CHAINS.stream()
                .filter(hooks)
                .filter(name -> IptablesImport.TABLES.stream().filter(tables).anyMatch(table -> decides(table, name)))
                .toList();
        policy.guard(Expr.and(
                Expr.test("ip.version == " + version.number), taken.size() == 1 ? isHook(taken.get(0)) : Expr.ALWAYS));
        for (String name : taken) {
            hook = taken.size() == 1 ? Expr.ALWAYS : isHook(name);
            mark = new MarkState();
            List<String> with = IptablesImport.TABLES.stream()
                    .filter(tables)
                    .filter(table -> decides(table, name))
                    .toList();
            for (String table : with) {
                table(table, name, table.equals(with.get(with.size() - 1)));
            }
        }
        ruleset.tables.forEach((name, unknown) -> {
            if (!IptablesImport.TABLES.contains(name) && tables.test(name)) {
                unknown.values()
                        .forEach(chain -> chain.rules.forEach(line -> notes.add(
                                line.number(),
                                line.text(),
                                "table " + Notes.shown(name) + " has no counterpart in a policy")));
            }
        });
    }

    private boolean decides(String table, String chain) {
        Chain found = ruleset.chains(table).get(chain);
        return found != null && found.decidesAnything();
    }

    private static Expr isHook(String chain) {
        return Expr.test("hook == " + chain.toLowerCase(Locale.ROOT));
    }

    private void table(String table, String name, boolean last) throws TooLarge {
        chains = ruleset.chains(table);
        base = chains.getOrDefault(name, base);
        lastTable = last;
        accepted = Expr.NEVER;
        policy.heading("table " + table + ", chain " + name);
        walk(base, Expr.ALWAYS);
        if (last || base.policy.equals("DROP")) {
            String rule = (table + "-" + name).toLowerCase(Locale.ROOT);
            emit(rule, new Line(base.line, ":" + name + " " + base.policy), accepted.not(), verdict(base), "");
        }
    }

    private static Target.Verdict verdict(Chain base) {
        return new Target.Verdict(base.policy.equals("DROP") ? "drop" : "accept", null);
    }

    private void walk(Chain chain, Expr entered) throws TooLarge {
        if (path.size() >= MAX_DEPTH) {
            throw new TooLarge("jumps more than " + MAX_DEPTH + " chains deep, at chain " + chain.name);
        }
        path.add(chain.name);
        Expr here = entered;
        for (Line line : chain.rules) {
            if (++steps > MAX_STEPS) {
                throw new TooLarge("jumps that lead over more than " + MAX_STEPS + " rules, at line " + line.number());
            }
            try {
                ParsedRule rule = parse(line);
                List<Expr> own = new ArrayList<>(List.of(rule.when()));
                for (ParsedRule.MarkTest test : rule.marks()) {
                    own.add(mark.test(test));
                }
                here = step(chain, line, rule, Expr.and(own), here);
            } catch (Untranslatable e) {
                leaveOut(line, e.why());
            }
        }
        path.remove(path.size() - 1);
    }

    private ParsedRule parse(Line line) throws Untranslatable {
        ParsedRule known = parsed.get(line.number());
        if (known == null) {
            known = RuleParser.parse(line.text(), version, chains.keySet(), sets);
            parsed.put(line.number(), known);
        }
        return known;
    }

    private void leaveOut(Line line, String why) throws TooLarge {
        notes.add(line.number(), line.text(), why);
        policy.comment("line " + line.number() + " is not translated (" + why + "): " + Notes.shown(line.text()));
        if (maySetMark(line)) {
            mark.lose(line.number());
        }
        checkBounds(line);
    }

    private static boolean maySetMark(Line line) {
        try {
            List<String> words = SaveWords.of(line.text());
            int jump = Math.max(words.indexOf("-j"), words.indexOf("--jump"));
            return jump >= 0
                    ? jump + 1 < words.size() && !MARKLESS.contains(words.get(jump + 1))
                    : words.contains("-g") || words.contains("--goto");
        } catch (Untranslatable e) {
            return true; // where the words end, nobody knows
        }
    }

    /** @return the condition under which packets reach the next rule, leaving verdicts aside */
    private Expr step(Chain chain, Line line, ParsedRule rule, Expr own, Expr here) throws Untranslatable, TooLarge {
        Expr when = Expr.and(here, own);
        Expr met = Expr.and(when, accepted.not());
        if (met.equals(Expr.TOO_LONG)) {
            leaveOut(line, "with all that must hold to get here, the condition is longer than 64 KiB");
            boolean leaves = rule.target() instanceof Target.Return || rule.target() instanceof Target.Goto;
            return leaves ? Expr.TOO_LONG : here; // which packets are left after it cannot be said
        }
        if (met.equals(Expr.NEVER)) {
            return here;
        }
        Target target = rule.target();
        if (target instanceof Target.Return && chain == base && lastTable) {
            target = verdict(base);
        }
        if (target instanceof Target.Jump jump) {
            enter(jump.chain(), when);
        } else if (target instanceof Target.Goto jump) {
            enter(jump.chain(), when);
            return Expr.and(here, own.not());
        } else if (target instanceof Target.Return) {
            return Expr.and(here, own.not());
        } else if (!lastTable && target instanceof Target.Verdict verdict && isQueue(verdict)) {
            throw new Untranslatable("a queue in front of another table's rules, which a policy's queue would skip");
        } else if (!lastTable
                && target instanceof Target.Verdict verdict
                && verdict.words().equals("accept")) {
            accepted = Expr.or(accepted, when);
        } else {
            emit("line-" + line.number(), line, met, target, rule.comment());
            if (target instanceof Target.Mark change) {
                mark.change(met, change);
            }
        }
        return here;
    }

    private static boolean isQueue(Target.Verdict verdict) {
        return !List.of("accept", "drop", "reject").contains(verdict.words());
    }

    private void enter(String name, Expr when) throws Untranslatable, TooLarge {
        Chain chain = chains.get(name);
        if (chain == null) {
            throw new Untranslatable("there is no chain " + Notes.shown(name));
        }
        if (path.contains(name)) {
            throw new Untranslatable("the jump leads round in a circle");
        }
        walk(chain, when);
    }

    private void emit(String name, Line line, Expr when, Target target, String comment) throws TooLarge {
        if (target instanceof Target.Verdict verdict && verdict.remark() != null) {
            notes.add(line.number(), line.text(), verdict.remark());
        }
        Expr all = Expr.and(hook, when);
        if (all.equals(Expr.TOO_LONG)) {
            leaveOut(line, "the condition is longer than 64 KiB");
            return;
        }
        policy.rule(name, line, all, target, comment);
        checkBounds(line);
    }

    private void checkBounds(Line line) throws TooLarge {
        if (policy.rules() > MAX_RULES || policy.length() > IptablesImport.MAX_BYTES) {
            throw new TooLarge("more than " + MAX_RULES + " rules or 4 MiB of them, at line " + line.number());
        }
    }
}
