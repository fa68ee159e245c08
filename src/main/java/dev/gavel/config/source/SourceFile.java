package dev.gavel.config.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** The text of one file, without a byte order mark, and its name as messages show it. */
public record SourceFile(String name, String text) {
    public static final int MAX_BYTES = 4 << 20;
    private static final char BYTE_ORDER_MARK = '\ufeff';

    /** Reads {@code file}; null, with a problem, if that fails or it is no text that YAML allows. */
    public static @Nullable SourceFile read(Path file, Problems problems) {
        String name = file.toString();
        problems.reading(name);
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            String fault = fault(attributes);
            if (!fault.isEmpty()) {
                problems.error(Place.start(name), "this " + fault + "; expected a YAML file");
                return null;
            }
            if (attributes.size() > MAX_BYTES) {
                problems.error(Place.start(name), "file of " + attributes.size() + " bytes; expected at most 4 MiB");
                return null;
            }
            try (InputStream in = Files.newInputStream(file)) {
                return decode(name, in.readNBytes(MAX_BYTES + 1), problems); // one more, should it grow meanwhile
            }
        } catch (NoSuchFileException e) {
            problems.error(Place.start(name), "no such file; expected a YAML file");
        } catch (AccessDeniedException e) {
            problems.error(Place.start(name), "permission denied; expected a file that this user may read");
        } catch (IOException e) {
            problems.error(Place.start(name), "cannot be read (" + e.getMessage() + "); expected a readable YAML file");
        }
        return null;
    }

    /**
     * What keeps a path from being read as a file; empty if nothing does. Asked before it is opened: opening a FIFO
     * waits for who writes to it, and some devices never end.
     */
    public static String fault(BasicFileAttributes attributes) {
        if (attributes.isDirectory()) {
            return "is a directory";
        }
        return attributes.isRegularFile() ? "" : "is a pipe, a socket or a device";
    }

    /** The file that {@code bytes} are; null, with a problem, if they are no text that YAML allows. */
    public static @Nullable SourceFile decode(String name, byte[] bytes, Problems problems) {
        problems.reading(name);
        if (bytes.length > MAX_BYTES) {
            problems.error(Place.start(name), "file of " + bytes.length + " bytes; expected at most 4 MiB");
            return null;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        CoderResult end = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
        String text = chars.flip().toString();
        boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
        SourceFile file = new SourceFile(name, marked ? text.substring(1) : text);
        problems.reading(file);
        if (end.isError()) {
            problems.error(file.place(file.text.length()), "byte that is not UTF-8; expected UTF-8");
            return null;
        }
        return printable(file, problems);
    }

    private static @Nullable SourceFile printable(SourceFile file, Problems problems) {
        int character;
        for (int i = 0; i < file.text.length(); i += Character.charCount(character)) {
            character = file.text.codePointAt(i);
            if (!StreamReader.isPrintable(character) || character == BYTE_ORDER_MARK) {
                problems.error(
                        file.place(i),
                        String.format("character U+%04X; expected printable characters, spaces and lines", character));
                return null;
            }
        }
        return file;
    }

    /** The place of the character at {@code offset}; walks the whole text up to there. */
    Place place(int offset) {
        return new Walk(this, 0, 1, 1).to(offset).place();
    }

    /** Line {@code number}, from 1, without its end; empty after the last. */
    String line(int number) {
        Walk walk = new Walk(this, 0, 1, 1);
        while (walk.line < number && walk.offset < text.length()) {
            walk.next();
        }
        int start = walk.offset;
        int end = start;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return text.substring(start, end);
    }

    /** A reader's finger on the text: knows line and column of where it points. */
    static final class Walk {
        private final SourceFile file;
        private int offset;
        private int line;
        private int column;

        Walk(SourceFile file, int offset, int line, int column) {
            this.file = file;
            this.offset = offset;
            this.line = line;
            this.column = column;
        }

        int offset() {
            return offset;
        }

        Walk to(int target) {
            while (offset < target) {
                next();
            }
            return this;
        }

        void next() {
            int character = file.text.codePointAt(offset);
            offset += Character.charCount(character);
            boolean carriageReturnAlone =
                    character == '\r' && !(offset < file.text.length() && file.text.charAt(offset) == '\n');
            if (character == '\n' || carriageReturnAlone) {
                line++;
                column = 1;
            } else {
                column++;
            }
        }

        Place place() {
            return new Place(file.name, line, column);
        }
    }
}
