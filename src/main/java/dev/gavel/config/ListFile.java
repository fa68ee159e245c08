package dev.gavel.config;

import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceFile;
import dev.gavel.config.source.SourceText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * The file of a list: UTF-8, one entry a line. Lines end with LF or CRLF; blank ones, and those whose first character
 * is {@code #}, are none. Except in lists of strings, {@code #} ends an entry and the white space around it is not its.
 */
final class ListFile {
    static final long MAX_BYTES = 256L << 20;
    static final int MAX_LINE_BYTES = 64 << 10;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final Path file;
    private final Place place;
    private final NamedList.Type type;

    /** {@code place} is where the file is named. */
    ListFile(Path file, Place place, NamedList.Type type) {
        this.file = file;
        this.place = place;
        this.type = type;
    }

    /** Gives the entries to {@code reader} until it returns false; the first that is no text ends the reading too. */
    void read(Predicate<SourceText> reader, Problems problems) {
        try {
            String fault = fault(Files.readAttributes(file, BasicFileAttributes.class));
            if (!fault.isEmpty()) {
                throw wrong(fault);
            }
            try (InputStream in = Files.newInputStream(file)) {
                new Lines(in, reader, problems).read();
            }
        } catch (NoSuchFileException e) {
            wrong("does not exist; expected a file").reportTo(problems);
        } catch (AccessDeniedException e) {
            wrong("may not be read; expected a file that this user may read").reportTo(problems);
        } catch (IOException e) {
            wrong("cannot be read (" + e.getMessage() + "); expected a readable file")
                    .reportTo(problems);
        } catch (Mistake e) {
            e.reportTo(problems);
        }
    }

    private static String fault(BasicFileAttributes attributes) {
        String fault = SourceFile.fault(attributes);
        if (!fault.isEmpty()) {
            return fault + "; expected a file";
        }
        return attributes.size() > MAX_BYTES ? "has " + attributes.size() + " bytes; expected at most 256 MiB" : "";
    }

    private Mistake wrong(String fault) {
        String shown = file.toString().replaceAll("\\p{Cntrl}", ".");
        return new Mistake(place, "list file \"" + shown + "\" " + fault);
    }

    /** Cuts the bytes of the file into lines. */
    private final class Lines {
        private static final int END = -1;

        private final InputStream in;
        private final Predicate<SourceText> reader;
        private final Problems problems;
        private final byte[] chunk = new byte[MAX_LINE_BYTES];
        private final byte[] line = new byte[MAX_LINE_BYTES];
        private int chunkAt;
        private int chunkLength;
        private int length; // of the line
        private int number; // of the line, from 1
        private long bytes;

        Lines(InputStream in, Predicate<SourceText> reader, Problems problems) {
            this.in = in;
            this.reader = reader;
            this.problems = problems;
        }

        void read() throws IOException, Mistake {
            boolean more = true;
            for (int next = next(); more && next != END; next = next()) {
                if (next == '\n') {
                    more = line();
                } else if (length < line.length) {
                    line[length++] = (byte) next;
                } else {
                    problems.reading(at(number + 1, 1), new String(line, StandardCharsets.UTF_8));
                    throw new Mistake(at(number + 1, 1), "line of more than 64 KiB", "one entry a line");
                }
            }
            if (more && length > 0) {
                line();
            }
        }

        private int next() throws IOException, Mistake {
            if (chunkAt == chunkLength) {
                chunkLength = Math.max(in.read(chunk), 0);
                chunkAt = 0;
                bytes += chunkLength;
            }
            if (bytes > MAX_BYTES) {
                throw wrong("grows beyond 256 MiB; expected at most that");
            }
            return chunkLength == 0 ? END : chunk[chunkAt++] & 0xff;
        }

        /** Gives the entry of the line, if it has one; false if none shall follow. */
        private boolean line() throws Mistake {
            number++;
            int from = number == 1 && startsWithMark() ? BYTE_ORDER_MARK.length : 0;
            int to = length > from && line[length - 1] == '\r' ? length - 1 : length;
            length = 0;
            int first = from;
            while (first < to && isBlank(line[first])) {
                first++;
            }
            if (first == to || line[first] == '#') {
                return true;
            }
            problems.reading(at(number, 1), new String(line, from, to - from, StandardCharsets.UTF_8));
            return reader.test(
                    type == NamedList.Type.STRING ? entry(from, from, to) : entry(from, first, entryEnd(first, to)));
        }

        private boolean startsWithMark() {
            return length >= BYTE_ORDER_MARK.length
                    && Arrays.equals(line, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
        }

        /** End (exclusive) of the entry that begins at {@code first}: before its comment and the blanks before that. */
        private int entryEnd(int first, int to) {
            int end = first;
            while (end < to && line[end] != '#') {
                end++;
            }
            while (isBlank(line[end - 1])) {
                end--;
            }
            return end;
        }

        /** The text of bytes {@code first} to {@code to}-1 of a line whose first byte is at {@code from}. */
        private SourceText entry(int from, int first, int to) throws Mistake {
            String text = new String(line, first, to - first, StandardCharsets.UTF_8);
            Place start = at(number, first - from + 1);
            SourceText entry = new SourceText(
                    text, new SourceFile(start.file(), text), SourceText.Style.PLAIN, 0, text.length(), start);
            for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
                int c = text.codePointAt(i);
                if (c == '\ufffd' || c == '\r' || !StreamReader.isPrintable(c)) {
                    String wrong = c == '\ufffd' ? "byte that is not UTF-8" : String.format("character U+%04X", c);
                    throw new Mistake(entry.at(i), wrong, "one entry a line, in UTF-8");
                }
            }
            return entry;
        }

        private Place at(int lineNumber, int column) {
            return new Place(file.toString(), lineNumber, column);
        }
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }
}
