package dev.gavel.imports;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code -m string}: looks for bytes in those from {@code from} to {@code to - 1} of the packet, counted from the IP
 * header (net/netfilter/xt_string.c; skb_find_text() since Linux 6.7: the match ends within them).
 */
final class StringMatch {
    static final int TO_END = 65535;
    /** XT_STRING_MAX_PATTERN_SIZE. */
    private static final int MAX_PATTERN = 128;

    private static final int MAX_VARIANTS = 64;

    byte[] bytes = {};
    int from;
    int to = TO_END;
    boolean ignoresCase;
    boolean inverted;
    String algorithm = "";

    /** {@code text} was read as Latin-1, so that its characters are the file's bytes. */
    void literal(String text) {
        bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * As parse_hex_string() of libxt_string.c: hex between bars, anything else as it stands. The character after a
     * closing bar is taken as it stands, even if it is a bar.
     */
    void hex(String text) throws Untranslatable {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean hex = false;
        int i = 0;
        while (i < text.length()) {
            boolean escaped = text.charAt(i) == '\\';
            if (escaped && hex) {
                throw new Untranslatable("malformed --hex-string");
            }
            if (text.charAt(i) == '|') {
                hex = !hex;
                i++;
                while (hex && i < text.length() && text.charAt(i) == ' ') {
                    i++;
                }
                if (i >= text.length()) {
                    break;
                }
            }
            i += escaped ? 1 : 0;
            if (hex) {
                i = pair(text, i, out);
            } else if (i < text.length()) {
                out.write(text.charAt(i++));
            } else {
                throw new Untranslatable("malformed --hex-string");
            }
        }
        bytes = out.toByteArray();
    }

    private static int pair(String text, int at, ByteArrayOutputStream out) throws Untranslatable {
        int high = at + 2 < text.length() ? hexDigit(text.charAt(at)) : -1;
        int low = high < 0 ? -1 : hexDigit(text.charAt(at + 1));
        if (low < 0) {
            throw new Untranslatable("malformed --hex-string");
        }
        out.write(high << 4 | low);
        return at + (text.charAt(at + 2) == ' ' ? 3 : 2);
    }

    private static int hexDigit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    Expr expr() throws Untranslatable {
        if (bytes.length == 0 || bytes.length > MAX_PATTERN) {
            throw new Untranslatable("a string of " + bytes.length + " bytes, expected 1 to " + MAX_PATTERN);
        }
        if (!algorithm.equals("bm") && !algorithm.equals("kmp")) {
            throw new Untranslatable("--algo is neither bm nor kmp");
        }
        if (from > to) {
            throw new Untranslatable("--from is behind --to");
        }
        if (to - from < bytes.length) {
            return Expr.NEVER.notIf(inverted);
        }
        List<String> texts = new ArrayList<>();
        for (byte[] variant : ignoresCase ? variants() : List.of(bytes)) {
            texts.add(quoted(variant));
        }
        String slice = "packet[" + (from == 0 ? "" : from) + ":" + to + "] ";
        String operator = ignoresCase && hasLetters() ? "icontains " : "contains ";
        String operand = texts.size() == 1 ? texts.get(0) : "{" + String.join(", ", texts) + "}";
        return Expr.test(slice + operator + operand).notIf(inverted);
    }

    private boolean hasLetters() {
        for (byte b : bytes) {
            if ((b | 0x20) >= 'a' && (b | 0x20) <= 'z') {
                return true;
            }
        }
        return false;
    }

    /**
     * What else the kernel takes for the same text, A to Z aside: its toupper() is Latin-1's (lib/ctype.c), and takes
     * 0xdf for 0xbf and 0xff for 0xdf. Of these, bm skips some that it should find.
     */
    private List<byte[]> variants() throws Untranslatable {
        List<byte[]> variants = new ArrayList<>(List.of(bytes));
        for (int i = 0; i < bytes.length; i++) {
            int b = bytes[i] & 0xff;
            if (algorithm.equals("bm") && bytes.length > 1 && (b == 0xbf || b == 0xdf || b == 0xff)) {
                throw new Untranslatable("--icase --algo bm with byte 0x" + Integer.toHexString(b)
                        + ", where the kernel misses matches");
            }
            int other = otherCase(b);
            for (byte[] variant : other == b ? List.<byte[]>of() : List.copyOf(variants)) {
                byte[] changed = variant.clone();
                changed[i] = (byte) other;
                variants.add(changed);
            }
            if (variants.size() > MAX_VARIANTS) {
                throw new Untranslatable("--icase with many bytes above 0xbf, which the kernel folds as Latin-1");
            }
        }
        return variants;
    }

    private static int otherCase(int b) {
        if (b == 0xbf || b == 0xdf) {
            return b ^ 0x60;
        }
        return b >= 0xc0 && b != 0xd7 && b != 0xf7 && b != 0xff ? b ^ 0x20 : b;
    }

    /** A string literal of the language, in printable ASCII. */
    static String quoted(byte[] bytes) {
        StringBuilder text = new StringBuilder("\"");
        for (byte b : bytes) {
            if (b == '"' || b == '\\') {
                text.append('\\').append((char) b);
            } else if (b >= ' ' && b < 0x7f) {
                text.append((char) b);
            } else {
                text.append(String.format("\\x%02x", b & 0xff));
            }
        }
        return text.append('"').toString();
    }
}
