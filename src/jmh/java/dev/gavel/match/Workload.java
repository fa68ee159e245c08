package dev.gavel.match;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gavel.match.pattern.Case;
import dev.gavel.match.pattern.LiteralPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** What the benchmarks search, and for what: the same at each run, and written to files for {@code bench/scan.c}. */
public final class Workload {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789./-";

    private Workload() {}

    /** Caseless literals of 8 to 24 bytes, none of which is in the texts. */
    public static List<LiteralPattern> literals(int count) {
        Random random = new Random(1);
        List<LiteralPattern> literals = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            literals.add(literal(word(random, 8 + random.nextInt(17)).getBytes(US_ASCII)));
        }
        return literals;
    }

    private static LiteralPattern literal(byte[] bytes) {
        return new LiteralPattern(bytes, Case.INSENSITIVE, 0, Integer.MAX_VALUE);
    }

    private static String word(Random random, int length) {
        StringBuilder word = new StringBuilder();
        while (word.length() < length) {
            word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return word.toString();
    }

    /** An HTTP request of {@code length} bytes. */
    public static byte[] text(int length) {
        Random random = new Random(2);
        StringBuilder text = new StringBuilder("GET /index.html?q=1 HTTP/1.1\r\nHost: www.example.com\r\n"
                + "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: text/html,application/xhtml+xml\r\n");
        while (text.length() < length) {
            text.append("X-Header: ").append(word(random, 50)).append("; path=/; secure\r\n");
        }
        return text.substring(0, length).getBytes(US_ASCII);
    }

    /** {@link #text} with the first {@code hits} of {@code literals}, spread over it. */
    public static byte[] text(int length, List<LiteralPattern> literals, int hits) {
        byte[] text = text(length);
        for (int i = 0; i < hits; i++) {
            byte[] bytes = literals.get(i).bytes();
            System.arraycopy(bytes, 0, text, i * (length / hits), Math.min(bytes.length, length / hits));
        }
        return text;
    }

    /** Literals that fit {@code hits} times into {@code length} bytes, then those of {@link #literals}. */
    public static List<LiteralPattern> shortFirst(int count, int length, int hits) {
        List<LiteralPattern> all = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < hits; i++) {
            all.add(literal(word(random, Math.min(24, length / hits)).getBytes(US_ASCII)));
        }
        all.addAll(literals(count - hits));
        return all;
    }

    /** Writes {@code patterns-N} and {@code text-N} into the folder that is the only argument. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        for (int count : new int[] {10, 1_000, 10_000}) {
            write(folder.resolve("patterns-" + count), literals(count));
        }
        for (int length : new int[] {1_448, 65_000}) {
            Files.write(folder.resolve("text-" + length), text(length));
        }
        List<LiteralPattern> hit = shortFirst(1_000, 1_448, 50);
        write(folder.resolve("patterns-hits"), hit);
        Files.write(folder.resolve("text-hits"), text(1_448, hit, 50));
    }

    private static void write(Path file, List<LiteralPattern> literals) throws IOException {
        Files.write(
                file,
                literals.stream()
                        .map(literal -> HexFormat.of().formatHex(literal.bytes()))
                        .toList());
    }
}
