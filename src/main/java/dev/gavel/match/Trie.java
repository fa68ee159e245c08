package dev.gavel.match;

import java.util.Arrays;

/**
 * A trie of sorted words, used only while an {@link Automaton} is built. Nodes are numbered breadth first, so the
 * children of a node are adjacent. Words with a common prefix are adjacent too, so each node stands for a range of
 * words.
 */
final class Trie {
    private final int nodes;
    private final byte[] byteIn;
    private final int[] firstChild;
    private final int[] from;
    private final int[] to;

    /** The trie of {@code words}; {@code sorted} holds their indices, ordered by unsigned bytes. */
    Trie(byte[][] words, int[] sorted) {
        long most = 1;
        for (byte[] word : words) {
            most += word.length;
        }
        int capacity = Math.toIntExact(most);
        byteIn = new byte[capacity];
        firstChild = new int[capacity + 1];
        from = new int[capacity];
        to = new int[capacity];
        to[0] = sorted.length;
        int count = 1;
        int depth = 0;
        int levelEnd = 1;
        for (int node = 0; node < count; node++) {
            if (node == levelEnd) {
                depth++;
                levelEnd = count;
            }
            firstChild[node] = count;
            count = branch(words, sorted, node, depth, count);
        }
        firstChild[count] = count;
        nodes = count;
    }

    /**
     * Makes the children of {@code node}, numbered from {@code count}, and returns the number of nodes after that. The
     * node's own range shrinks to the words that end at it.
     */
    private int branch(byte[][] words, int[] sorted, int node, int depth, int count) {
        int last = to[node];
        int at = from[node];
        while (at < last && words[sorted[at]].length == depth) {
            at++;
        }
        to[node] = at;
        int children = count;
        while (at < last) {
            byte next = words[sorted[at]][depth];
            byteIn[children] = next;
            from[children] = at;
            while (at < last && words[sorted[at]][depth] == next) {
                at++;
            }
            to[children++] = at;
        }
        return children;
    }

    int nodes() {
        return nodes;
    }

    /** For each node, the byte that leads to it from its parent. */
    byte[] byteIn() {
        return Arrays.copyOf(byteIn, nodes);
    }

    /**
     * The number of the first child of each node. A node's children end where those of the next node begin; an extra
     * entry at the end closes the last node's children.
     */
    int[] firstChild() {
        return Arrays.copyOf(firstChild, nodes + 1);
    }

    /** For each node, the position in sorted order of the first word that equals its text. */
    int[] wordsFrom() {
        return Arrays.copyOf(from, nodes);
    }

    /** For each node, the position after the last word that equals its text. */
    int[] wordsTo() {
        return Arrays.copyOf(to, nodes);
    }
}
