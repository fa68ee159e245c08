package dev.gavel.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.match.pattern.Case;
import dev.gavel.match.pattern.LiteralPattern;
import dev.gavel.match.pattern.LiteralPattern.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random patterns that overlap, and random buffers that hold some of them, over one alphabet; with a naive search. */
final class RandomSearch {
    private static final String[] ALPHABETS = {"a", "ab", "aAbB", "abc\0", "aAzZ@[`{", "\0\u00ff"};

    private Random random;
    private final int alphabet;

    RandomSearch(Random random) {
        this.random = random;
        alphabet = random.nextInt(ALPHABETS.length + 1);
    }

    /** Draws from {@code other} from now on. */
    void random(Random other) {
        random = other;
    }

    List<LiteralPattern> patterns(int count) {
        List<LiteralPattern> patterns = new ArrayList<>();
        while (patterns.size() < count) {
            byte[] bytes = bytes(1 + random.nextInt(random.nextBoolean() ? 3 : 12));
            if (!patterns.isEmpty() && random.nextInt(3) == 0) {
                bytes = relative(patterns.get(random.nextInt(patterns.size())).bytes(), bytes);
            }
            int from = random.nextInt(3) == 0 ? random.nextInt(20) : 0;
            int to = random.nextInt(3) == 0 ? from + bytes.length + random.nextInt(30) : Integer.MAX_VALUE;
            Case sensitivity = random.nextBoolean() ? Case.SENSITIVE : Case.INSENSITIVE;
            Position position = random.nextInt(4) == 0 ? Position.AT_END : Position.ANYWHERE;
            patterns.add(new LiteralPattern(bytes, sensitivity, from, to, position));
        }
        return patterns;
    }

    /** A part of {@code parent}, all of it, or its end with {@code more} behind. */
    private byte[] relative(byte[] parent, byte[] more) {
        int from = random.nextInt(parent.length);
        int to = from + 1 + random.nextInt(parent.length - from);
        return switch (random.nextInt(4)) {
            case 0 -> parent;
            case 1 -> Arrays.copyOfRange(parent, 0, to);
            case 2 -> Arrays.copyOfRange(parent, from, to);
            default -> concat(Arrays.copyOfRange(parent, from, parent.length), more);
        };
    }

    /** Scans a random buffer of {@code length} bytes; fails with {@code description} unless the naive search agrees. */
    void check(Matcher matcher, List<LiteralPattern> patterns, int length, String description) {
        byte[] text = bytes(length);
        for (int i = random.nextInt(3); i > 0 && !patterns.isEmpty(); i--) {
            plant(patterns.get(random.nextInt(patterns.size())).bytes(), text);
        }
        int before = random.nextInt(9);
        byte[] all = concat(concat(bytes(before), text), bytes(random.nextInt(129))); // from 64 on not copied
        Hits hits = new Hits(matcher.patterns());
        try (Scanner scanner = matcher.scanner()) {
            scanner.scan(random.nextBoolean() ? heap(all) : direct(all), before, length, hits);
        }
        assertThat(AhoCorasickTest.numbers(hits)).as(description).isEqualTo(expected(patterns, text));
    }

    /** The numbers of those that occur in {@code text}. */
    static List<Integer> expected(List<LiteralPattern> patterns, byte[] text) {
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < patterns.size(); i++) {
            if (occurs(patterns.get(i), text)) {
                expected.add(i);
            }
        }
        return expected;
    }

    /** Overwrites a part of {@code text}, often one of its ends. */
    private void plant(byte[] bytes, byte[] text) {
        int room = text.length - bytes.length;
        if (room >= 0) {
            int at = random.nextInt(3) == 0 ? room : random.nextInt(Math.min(room, 40) + 1);
            System.arraycopy(bytes, 0, text, at, bytes.length);
        }
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        if (alphabet < ALPHABETS.length) {
            String letters = ALPHABETS[alphabet];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) letters.charAt((bytes[i] & 0xff) % letters.length());
            }
        }
        return bytes;
    }

    private static boolean occurs(LiteralPattern pattern, byte[] text) {
        byte[] bytes = pattern.bytes();
        int last = Math.min(text.length, pattern.to()) - bytes.length;
        for (int at = pattern.from(); at <= last; at++) {
            int i = 0;
            while (i < bytes.length && same(pattern.sensitivity(), bytes[i], text[at + i])) {
                i++;
            }
            if (i == bytes.length && (pattern.position() == Position.ANYWHERE || at + i == text.length)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(Case sensitivity, byte one, byte other) {
        return one == other
                || (sensitivity == Case.INSENSITIVE
                        && (one ^ other) == 0x20
                        && "abcdefghijklmnopqrstuvwxyz".indexOf(one | 0x20) >= 0);
    }

    private static ByteBuf heap(byte[] bytes) {
        return Unpooled.wrappedBuffer(bytes);
    }

    private static ByteBuf direct(byte[] bytes) {
        return Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(bytes.length).put(0, bytes));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
