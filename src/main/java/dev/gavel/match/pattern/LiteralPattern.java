package dev.gavel.match.pattern;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes to look for. A hit lies entirely within the slice {@code from} … {@code to - 1} of the searched range.
 * Immutable.
 */
public final class LiteralPattern implements Pattern {
    /** Where in its slice a hit may lie. */
    public enum Position {
        ANYWHERE,
        /** The hit's last byte is the last byte of the searched range. */
        AT_END
    }

    private final byte[] bytes;
    private final Case sensitivity;
    private final int from;
    private final int to;
    private final Position position;

    /** A literal that may occur anywhere in its slice. */
    public LiteralPattern(byte[] bytes, Case sensitivity, int from, int to) {
        this(bytes, sensitivity, from, to, Position.ANYWHERE);
    }

    /**
     * A literal that holds a copy of {@code bytes}.
     *
     * @param bytes at least one
     * @param from where a hit may begin at the earliest: index in the searched range, 0 or more
     * @param to where a hit must end (exclusive) at the latest; {@link Integer#MAX_VALUE}: unlimited
     * @throws IllegalArgumentException if {@code bytes} is empty or does not fit into the slice
     */
    public LiteralPattern(byte[] bytes, Case sensitivity, int from, int to, Position position) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("literal of 0 bytes (expected: at least 1)");
        }
        if (from < 0 || (long) to - from < bytes.length) {
            throw new IllegalArgumentException("slice [" + from + ":" + to + "] of a literal of " + bytes.length
                    + " bytes (expected: from 0 on, not shorter than the literal)");
        }
        this.bytes = bytes.clone();
        this.sensitivity = sensitivity;
        this.from = from;
        this.to = to;
        this.position = position;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** Length of the literal, in bytes. */
    public int length() {
        return bytes.length;
    }

    public Case sensitivity() {
        return sensitivity;
    }

    public int from() {
        return from;
    }

    @Override
    public int to() {
        return to;
    }

    public Position position() {
        return position;
    }

    @Override
    public boolean dependsOnEnd() {
        return position == Position.AT_END;
    }

    /** A copy of the bytes in lower case, as a caseless search compares them. */
    public byte[] folded() {
        byte[] folded = bytes.clone();
        for (int i = 0; i < folded.length; i++) {
            folded[i] = Case.fold(folded[i]);
        }
        return folded;
    }

    /** Whether a hit found in case-folded bytes, at {@code index} of {@code buffer}, also has the right case. */
    public boolean isConfirmed(ByteBuf buffer, int index) {
        if (sensitivity == Case.SENSITIVE) {
            for (int i = 0; i < bytes.length; i++) {
                if (buffer.getByte(index + i) != bytes[i]) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LiteralPattern that
                && Arrays.equals(bytes, that.bytes)
                && sensitivity == that.sensitivity
                && from == that.from
                && to == that.to
                && position == that.position;
    }

    @Override
    public int hashCode() {
        return (((Arrays.hashCode(bytes) * 31 + sensitivity.hashCode()) * 31 + from) * 31 + to) * 31
                + position.hashCode();
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes) + " " + sensitivity + " [" + from + ":" + to + "] " + position;
    }
}
