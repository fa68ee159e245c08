package dev.gavel.match;

import dev.gavel.match.pattern.Case;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The automaton of Aho and Corasick (CACM 18, 1975) over classes of bytes, for words that are folded. Immutable.
 *
 * <p>Nodes of the trie are numbered breadth first, so the children of a node are neighbours, and a node's suffix (the
 * longest proper suffix of its text that is in the trie) has a lower number. The first nodes, as many as the limit
 * allows, are <em>dense</em>: they have a row with the next state for each class. The others are <em>sparse</em>: they
 * know only their children, and otherwise go on as their suffix does. So memory is bounded whatever the words are (the
 * table, and 21 bytes a node), and time stays linear: a step to the suffix gives back depth that a byte has added.
 *
 * <p>A <em>state</em> is a node as the search wants it: of a dense node where its row begins in the table, of a sparse
 * one its distance from the first sparse one plus the table's length. It is negative, by the sign bit, if it is sparse
 * or a word ends there.
 */
final class Automaton {
    static final int ROOT = 0;
    private static final int SIGN = Integer.MIN_VALUE;

    /** Class of each byte, case folded; 0 for bytes in no word. */
    final byte[] classOf = new byte[256];
    /** Rows of the dense nodes: next state by class. */
    final int[] table;
    /** Bytes of the longest word. */
    final int longest;

    private final int classes;
    private final int dense; // nodes
    private final int[] words; // their numbers, sorted by text: words equal to a node's text are a range of this
    private final int[] wordsFrom;
    private final int[] wordsTo;
    private final byte[] classIn; // class of the byte that leads to a node
    private final int[] firstChild;
    private final int[] suffix;
    private final int[] ending; // node of the longest word that ends a node's text, itself included; ROOT: none

    /** An automaton for {@code folded} words whose table has at most {@code entries} numbers, but one row at least. */
    Automaton(byte[][] folded, int entries) {
        longest = Arrays.stream(folded).mapToInt(word -> word.length).max().orElse(0);
        classes = classify(folded);
        words = IntStream.range(0, folded.length)
                .boxed()
                .sorted(Comparator.comparing((Integer word) -> folded[word], Arrays::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
        Trie trie = new Trie(folded, words);
        wordsFrom = trie.wordsFrom();
        wordsTo = trie.wordsTo();
        classIn = trie.byteIn();
        for (int node = 0; node < classIn.length; node++) {
            classIn[node] = classOf[classIn[node] & 0xff];
        }
        firstChild = trie.firstChild();
        suffix = new int[trie.nodes()];
        ending = new int[trie.nodes()];
        dense = Math.min(trie.nodes(), Math.max(1, entries / classes));
        table = new int[dense * classes];
        for (int node = 0; node < trie.nodes(); node++) {
            connect(node);
        }
    }

    private int classify(byte[][] folded) {
        for (byte[] word : folded) {
            for (byte b : word) {
                classOf[b & 0xff] = 1;
            }
        }
        int count = 1;
        for (int b = 0; b < classOf.length; b++) {
            if (classOf[b] != 0) {
                classOf[b] = (byte) count++;
            }
        }
        for (int b = 0; b < classOf.length; b++) {
            classOf[b] = classOf[Case.fold((byte) b) & 0xff];
        }
        return count;
    }

    /** Fills the row of {@code node}, if it has one, and finds its children's suffixes; all lower nodes are done. */
    private void connect(int node) {
        int row = node * classes;
        boolean isDense = node < dense;
        if (isDense) {
            System.arraycopy(table, suffix[node] * classes, table, row, classes);
        }
        for (int child = firstChild[node]; child < firstChild[node + 1]; child++) {
            suffix[child] = node == ROOT ? ROOT : node(next(state(suffix[node]), classIn[child] & 0xff));
            ending[child] = wordsFrom[child] < wordsTo[child] ? child : ending[suffix[child]];
            if (isDense) {
                table[row + (classIn[child] & 0xff)] = state(child);
            }
        }
    }

    /** The state behind a byte of {@code byteClass} in {@code state}. */
    int next(int state, int byteClass) {
        int node = node(state);
        while (node >= dense) {
            for (int child = firstChild[node]; child < firstChild[node + 1]; child++) {
                if (classIn[child] == (byte) byteClass) {
                    return state(child);
                }
            }
            node = suffix[node];
        }
        return table[node * classes + byteClass];
    }

    private int state(int node) {
        if (node >= dense) {
            return node - dense + table.length | SIGN;
        }
        return ending[node] == ROOT ? node * classes : node * classes | SIGN;
    }

    private int node(int state) {
        int plain = state & ~SIGN;
        return plain < table.length ? plain / classes : plain - table.length + dense;
    }

    /** The same state as {@code state}, without a sign that only said that words end there. */
    int settled(int state) {
        int plain = state & ~SIGN;
        return plain < table.length ? plain : state;
    }

    /** The node of the longest word that ends in {@code state}; ROOT if none does. */
    int longestEnding(int state) {
        return ending[node(state)];
    }

    /** The node of the next shorter word that ends where {@code node}'s does; ROOT if none does. */
    int nextEnding(int node) {
        return ending[suffix[node]];
    }

    /** Words at {@code node} are {@link #word} of this … {@link #wordsTo} - 1. */
    int wordsFrom(int node) {
        return wordsFrom[node];
    }

    int wordsTo(int node) {
        return wordsTo[node];
    }

    /** The number of the word at {@code position} in the order of texts. */
    int word(int position) {
        return words[position];
    }
}
