package dev.gavel.events;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes JSON (RFC 8259) as UTF-8, one object a line, into a fixed buffer. The writer thread's. */
final class JsonWriter {
    /** No string becomes longer, so that a line stays within its 16 KiB; what is cut is cut between characters. */
    static final int MAX_STRING_BYTES = 8 * 1024;

    private static final int LONGEST_CHARACTER = 6;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private final byte[] bytes;
    private int length;
    private int finished; // length up to the last line that has an end

    /** A writer with room for {@code capacity} bytes; its user takes care that they suffice. */
    JsonWriter(int capacity) {
        bytes = new byte[capacity];
    }

    /** Room left, in bytes. */
    int room() {
        return bytes.length - length;
    }

    /** What was written since the last {@link #clear}. */
    ByteBuffer written() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    void clear() {
        length = 0;
        finished = 0;
    }

    /** Takes back a line that was begun and not ended; whether there was one. */
    boolean dropUnfinished() {
        boolean unfinished = length != finished;
        length = finished;
        return unfinished;
    }

    /** Begins the object of a line. */
    JsonWriter beginLine() {
        return put('{');
    }

    /** Ends the object of a line, and the line. */
    void endLine() {
        end().put('\n');
        finished = length;
    }

    /** Begins an object within an object. */
    JsonWriter begin(String key) {
        return key(key).put('{');
    }

    JsonWriter end() {
        return put('}');
    }

    /** A member of the current object; nothing if there is no {@code value}. */
    JsonWriter string(String key, @Nullable CharSequence value) {
        return value == null ? this : key(key).quoted(value);
    }

    /** A member that is a list of one string. */
    JsonWriter listOf(String key, String only) {
        return key(key).put('[').quoted(only).put(']');
    }

    /** A member of the current object; nothing if {@code value} is negative, which means absent. */
    JsonWriter number(String key, long value) {
        return value < 0 ? this : key(key).ascii(Long.toString(value));
    }

    private JsonWriter key(String key) {
        if (bytes[length - 1] != '{') {
            put(',');
        }
        return put('"').ascii(key).put('"').put(':');
    }

    private JsonWriter ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
        return this;
    }

    private JsonWriter quoted(CharSequence text) {
        put('"');
        int end = length + MAX_STRING_BYTES - LONGEST_CHARACTER;
        for (int i = 0; i < text.length() && length <= end; i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                supplementary(Character.toCodePoint(c, text.charAt(++i)));
            } else {
                character(c);
            }
        }
        return put('"');
    }

    private void character(char c) {
        if (c == '"' || c == '\\') {
            put('\\').put(c);
        } else if (c < ' ' || Character.isSurrogate(c)) { // half a surrogate pair has no UTF-8
            put('\\').put('u').hex(c >> 12).hex(c >> 8).hex(c >> 4).hex(c);
        } else if (c < 0x80) {
            put(c);
        } else if (c < 0x800) {
            put(0xc0 | c >> 6).continuation(c);
        } else {
            put(0xe0 | c >> 12).continuation(c >> 6).continuation(c);
        }
    }

    private void supplementary(int codePoint) {
        put(0xf0 | codePoint >> 18)
                .continuation(codePoint >> 12)
                .continuation(codePoint >> 6)
                .continuation(codePoint);
    }

    private JsonWriter continuation(int bits) {
        return put(0x80 | (bits & 0x3f));
    }

    private JsonWriter hex(int digit) {
        return put(HEX[digit & 0xf]);
    }

    private JsonWriter put(int value) {
        bytes[length++] = (byte) value;
        return this;
    }
}
