package dev.gavel.match;

import dev.gavel.match.pattern.Case;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The automaton of Aho and Corasick (CACM 18, 1975) over classes of bytes, for case-folded words. Immutable.
 *
 * <p>Nodes of the trie are numbered breadth first, so the children of a node are neighbours, and a node's suffix (the
 * longest proper suffix of its text that is in the trie) has a lower number. The first nodes, as many as the limit
 * allows, are <em>dense</em>: each has a table row with the next state for every class. The others are
 * <em>sparse</em>: they know only their children, and for any other byte continue as their suffix does. So memory is
 * bounded whatever the words are (the table, plus 21 bytes a node). Time stays linear: a byte adds at most one level of
 * depth, and each step to a suffix takes at least one away.
 *
 * <p>A <em>state</em> encodes a node for the search. For a dense node it is the index at which its row begins in the
 * table; for a sparse node, the table's length plus the node's distance from the first sparse node. The sign bit is set
 * if the node is sparse or a word ends there.
 */
final class Automaton {
    static final int ROOT = 0;
    private static final int SIGN = Integer.MIN_VALUE;

    /** Class of each byte, the same for both cases of a letter; 0 for bytes that occur in no word. */
    final byte[] classOf = new byte[256];
    /** The rows of the dense nodes: the next state for each class. */
    final int[] table;
    /** Length of the longest word, in bytes. */
    final int longest;

    private final int classes;
    private final int dense; // how many nodes are dense
    private final int[] words; // word numbers, sorted by text: the words equal to a node's text are adjacent
    private final int[] wordsFrom;
    private final int[] wordsTo;
    private final byte[] classIn; // class of the byte that leads to each node
    private final int[] firstChild;
    private final int[] suffix;
    private final int[] ending; // for each node, the node of the longest word that its text ends with; ROOT: none

    /** An automaton for case-folded words; its table has at most {@code entries} entries, but at least one row. */
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

    /**
     * Fills the table row of {@code node} if it is dense, and finds the suffixes of its children. Must be called for
     * all nodes in ascending order.
     */
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

    /** The state that follows {@code state} after a byte of class {@code byteClass}. */
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

    /**
     * The state to continue from after the hits of {@code state} were added. A dense node loses the sign bit, which
     * only marks that a word ends there.
     */
    int settled(int state) {
        int plain = state & ~SIGN;
        return plain < table.length ? plain : state;
    }

    /** The node of the longest word that ends in {@code state}; ROOT if no word ends there. */
    int longestEnding(int state) {
        return ending[node(state)];
    }

    /** The node of the next shorter word that the text of {@code node} ends with; ROOT if there is none. */
    int nextEnding(int node) {
        return ending[suffix[node]];
    }

    /**
     * First position, as {@link #word} takes it, of the words equal to the text of {@code node}; see {@link #wordsTo}.
     */
    int wordsFrom(int node) {
        return wordsFrom[node];
    }

    /** Position after the last word equal to the text of {@code node}. */
    int wordsTo(int node) {
        return wordsTo[node];
    }

    /** The number of the word at {@code position} in the list of words sorted by text. */
    int word(int position) {
        return words[position];
    }
}
