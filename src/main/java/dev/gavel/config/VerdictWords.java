package dev.gavel.config;

import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.Words;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.Verdict.NoListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads verdicts: {@code drop}, {@code queue 4 bypass}. */
final class VerdictWords {
    private static final String QUEUE_FORM = "queue N or queue N bypass, N from 0 to 65535";
    private static final List<String> WORDS = List.of("accept", "drop", "reject", "repeat", "queue", "continue");
    private static final Map<String, Verdict> FIXED =
            Map.of("accept", Verdict.ACCEPT, "drop", Verdict.DROP, "reject", Verdict.REJECT, "repeat", Verdict.REPEAT);
    private static final Choice OF_RULES = Choice.of(WORDS);
    private static final Choice OF_DEFAULTS = Choice.of(WORDS.subList(0, WORDS.indexOf("continue")));

    private static final Choice OF_TROUBLE = Choice.of(WORDS.subList(0, WORDS.indexOf("reject")));

    private VerdictWords() {}

    /** The words that may stand somewhere, and how messages show them. */
    private record Choice(List<String> words, String shown) {
        static Choice of(List<String> words) {
            List<String> shown = new ArrayList<>(words);
            shown.replaceAll(word -> word.equals("queue") ? "queue N" : word);
            return new Choice(words, Words.either(shown));
        }
    }

    /** Any verdict of a rule. */
    static VerdictChoice ofRule(Node node) throws Mistake {
        return read(node, OF_RULES);
    }

    /** What may decide in the end: any but {@code continue}. */
    static VerdictChoice ofDefault(Node node) throws Mistake {
        return read(node, OF_DEFAULTS);
    }

    /** What becomes of packets that could not be judged: accept or drop. */
    static Verdict ofTrouble(Node node) throws Mistake {
        return read(node, OF_TROUBLE).verdict() == Verdict.ACCEPT ? Verdict.ACCEPT : Verdict.DROP;
    }

    private static VerdictChoice read(Node node, Choice choice) throws Mistake {
        ValueText text = new ValueText(node, choice.shown);
        if (choice.words.contains("queue")
                && (text.whole().equals("queue") || text.whole().startsWith("queue "))) {
            return queue(node);
        }
        if (!choice.words.contains(text.whole())) {
            throw Values.unknown(text, "verdict", choice.shown, choice.words);
        }
        return new VerdictChoice(FIXED.get(text.whole()), node.place()); // no verdict: continue
    }

    private static VerdictChoice queue(Node node) throws Mistake {
        ValueText text = new ValueText(node, QUEUE_FORM);
        if (!text.take("queue ")) {
            throw text.mistake(text.whole().length(), "queue without a number");
        }
        int number = (int) text.number(0xffff);
        boolean bypass = text.take(" ") && text.take("bypass");
        text.end();
        return new VerdictChoice(
                new Verdict.Requeue(number, bypass ? NoListener.ACCEPT : NoListener.DROP), node.place());
    }
}
