package dev.gavel.kit;

import com.google.re2j.Pattern;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Random expressions, each with an evaluation of its own that shares nothing with the compiler: it walks the generated
 * tree and compares plain Java values. Null is open.
 */
public final class NaiveExpressions {
    /** A field that can still turn up. */
    public static final Object OPEN = "open";

    private static final List<String> HOSTS = List.of(
            "10.0.0.1", "10.0.0.7", "10.1.0.1", "192.168.0.1", "::1", "2001:db8::1", "2001:db8:0:1::", "::a00:1");
    private static final List<String> NETS = List.of(
            "10.0.0.0/8", "10.0.0.0/29", "0.0.0.0/0", "192.168.0.1/32", "::/0", "2001:db8::/32", "2001:db8::/64");
    private static final List<String> DEVICES = List.of("eth0", "ETH0", "eth", "lo", "wlan0.5", "h0");
    private static final List<String> WORDS = List.of("a", "ab", "BA", "aab", "bb", "Ab");
    private static final String[] OPERATORS = {
        "==",
        "!=",
        "eq",
        "ne",
        "ieq",
        "in",
        "contains",
        "icontains",
        "starts_with",
        "istarts_with",
        "ends_with",
        "iends_with"
    };
    private static final String[] ATOMS = {
        "a", "b", "A", ".", "[ab]", "[^a]", "(?:ab|BA)", "(a|/)", "\\x61", "\\w", "\\n", "a.b", "(?i:b)", "[[:upper:]]"
    };
    private static final String[] DEVICE_ATOMS = {"eth", "\\d", "[a-z]", "ETH", "(?:lo|wlan)", "h0", "\\.", "[^e]"};
    private static final Map<String, Integer> PROTOCOLS = Map.of("tcp", 6, "udp", 17, "icmp", 1);

    private final Random random;
    private final List<String> searched; // by regular expressions, of bytes

    public NaiveExpressions(Random random) {
        this(random, List.of("packet", "payload"));
    }

    private NaiveExpressions(Random random, List<String> searched) {
        this.random = random;
        this.searched = searched;
    }

    /** Without regular expressions on bytes. */
    public static NaiveExpressions ofLiterals(Random random) {
        return new NaiveExpressions(random, List.of("in_iface"));
    }

    /** Facts by the names of the language that stand for one thing each: Long, String (address, text) or byte[]. */
    public interface Naive {
        Boolean value(Map<String, Object> facts);
    }

    /** An expression as text and as its naive evaluation. */
    public record Generated(String text, Naive naive) {}

    public Map<String, Object> facts() {
        Map<String, Object> facts = new java.util.HashMap<>();
        String protocol = List.of("tcp", "udp", "icmp", "other").get(random.nextInt(4));
        for (String name : PROTOCOLS.keySet()) {
            facts.put(name, name.equals(protocol) ? 1L : 0L);
        }
        facts.put("ip.proto", (long) PROTOCOLS.getOrDefault(protocol, 99));
        for (String name : List.of("mark", "length", "queue", "ip.ttl")) {
            maybe(facts, name, (long) random.nextInt(6));
        }
        maybe(facts, "gso", (long) random.nextInt(2));
        maybe(facts, "src_mac", (long) random.nextInt(3));
        maybe(facts, "ip.src", HOSTS.get(random.nextInt(HOSTS.size())));
        maybe(facts, "ip.dst", HOSTS.get(random.nextInt(HOSTS.size())));
        maybe(facts, "in_iface", DEVICES.get(random.nextInt(DEVICES.size())));
        if (protocol.equals("tcp") || protocol.equals("udp")) {
            maybe(facts, "src_port", (long) random.nextInt(6));
            maybe(facts, "dst_port", (long) random.nextInt(6));
            maybe(facts, "payload", bytes());
        }
        if (protocol.equals("tcp")) {
            maybe(facts, "tcp.flags", (long) random.nextInt(0x20));
        }
        facts.put("packet", bytes());
        return facts;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(12)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) "aabbAB\n".charAt(random.nextInt(7));
        }
        return bytes;
    }

    private void maybe(Map<String, Object> facts, String name, Object value) {
        int chance = random.nextInt(10);
        if (chance > 1) {
            facts.put(name, value);
        } else if (chance == 1) {
            facts.put(name, OPEN);
        }
    }

    public Generated expression(int depth) {
        int choice = depth == 0 ? 0 : random.nextInt(7);
        if (choice < 2) {
            return test();
        }
        if (choice == 2) {
            Generated part = expression(depth - 1);
            String not = random.nextBoolean() ? "not (" : "! (";
            return new Generated(not + part.text + ")", facts -> {
                Boolean value = part.naive.value(facts);
                return value == null ? null : !value;
            });
        }
        boolean and = choice < 5;
        List<Generated> parts = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            parts.add(expression(depth - 1));
        }
        String joint = and ? pick(" and ", " && ") : pick(" or ", " || ");
        List<String> texts = parts.stream().map(part -> "(" + part.text + ")").toList();
        return new Generated(String.join(joint, texts), facts -> joined(parts, and, facts));
    }

    private static Boolean joined(List<Generated> parts, boolean and, Map<String, Object> facts) {
        Boolean result = and;
        for (Generated part : parts) {
            Boolean value = part.naive.value(facts);
            if (value != null && value != and) {
                return value;
            }
            result = value == null ? null : result;
        }
        return result;
    }

    private Generated test() {
        return switch (random.nextInt(9)) {
            case 0 -> flag();
            case 1 -> address();
            case 2 -> text("in_iface", DEVICES);
            case 3, 4 -> text(pick("packet", "payload"), WORDS);
            case 5 -> regex("in_iface", DEVICE_ATOMS);
            case 6 -> regex(searched.get(random.nextInt(searched.size())), ATOMS);
            default -> number();
        };
    }

    private Generated flag() {
        String name = pick("tcp", "udp", "icmp", "gso", "tcp.flags.syn", "tcp.flags.ack");
        int bit = name.endsWith("syn") ? 2 : name.endsWith("ack") ? 16 : -1;
        String field = bit < 0 ? name : "tcp.flags";
        return switch (random.nextInt(3)) {
            case 0 -> any(name, List.of(field), null, value -> ((Long) value & bit) != 0);
            case 1 -> any(name + " == true", List.of(field), null, value -> ((Long) value & bit) != 0);
            default -> any(name + " != 1", List.of(field), null, value -> ((Long) value & bit) == 0);
        };
    }

    private Generated number() {
        String name = pick(
                "mark",
                "length",
                "queue",
                "ip.ttl",
                "port",
                "dst_port",
                "tcp.dst_port",
                "udp.port",
                "tcp.flags",
                "src_mac",
                "ip.proto");
        List<String> fields = name.endsWith("port") && !name.contains("dst")
                ? List.of("src_port", "dst_port")
                : name.endsWith("port") ? List.of("dst_port") : List.of(name);
        String only = name.equals("tcp.dst_port") ? "tcp" : name.equals("udp.port") ? "udp" : null;
        if (random.nextInt(6) == 0) {
            return any(name, fields, only, value -> true);
        }
        if (name.equals("src_mac")) {
            long mac = random.nextInt(3);
            return compared(name, String.format("00:00:00:00:00:%02x", mac), mac, 0, fields, null, random.nextInt(2));
        }
        if (name.equals("ip.proto")) {
            String word = pick("tcp", "udp", "icmp", "17");
            long number = word.equals("17") ? 17 : PROTOCOLS.get(word);
            return compared(name, word, number, -1, fields, null, random.nextInt(2));
        }
        long mask = random.nextInt(4) == 0 ? random.nextInt(32) : -1;
        String masked = mask < 0 ? name : name + " & " + mask;
        if (random.nextInt(4) == 0) {
            return mask < 0
                    ? inSet(name, fields, only)
                    : any(masked, fields, only, value -> ((Long) value & mask) != 0);
        }
        long operand = random.nextInt(6);
        String written = pick(String.valueOf(operand), "0x" + Long.toHexString(operand));
        return compared(masked, written, operand, mask, fields, only, random.nextInt(6));
    }

    private Generated compared(
            String name, String written, long operand, long mask, List<String> fields, String only, int operator) {
        String sign = List.of(pick("==", "eq"), pick("!=", "ne"), "<", "<=", ">", pick(">=", "ge"))
                .get(operator);
        String text = name + " " + sign + " " + written;
        long bits = name.equals("src_mac") ? -1 : mask;
        Predicate<Object> test = value -> {
            int order = Long.compare((Long) value & bits, operand);
            return switch (operator) {
                case 0, 1 -> order == 0;
                case 2 -> order < 0;
                case 3 -> order <= 0;
                case 4 -> order > 0;
                default -> order >= 0;
            };
        };
        return operator == 1 ? none(text, fields, only, test) : any(text, fields, only, test);
    }

    private Generated inSet(String name, List<String> fields, String only) {
        List<String> items = new ArrayList<>();
        List<long[]> ranges = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            long first = random.nextInt(6);
            long last = first + random.nextInt(3);
            items.add(first == last ? "" + first : first + pick("..", " .. ") + last);
            ranges.add(new long[] {first, last});
        }
        return any(
                name + " in {" + String.join(", ", items) + "}",
                fields,
                only,
                value -> ranges.stream().anyMatch(range -> (Long) value >= range[0] && (Long) value <= range[1]));
    }

    private Generated address() {
        String name = pick("ip.src", "ip.dst", "ip.addr");
        List<String> fields = name.equals("ip.addr") ? List.of("ip.src", "ip.dst") : List.of(name);
        String host = HOSTS.get(random.nextInt(HOSTS.size()));
        String net = random.nextBoolean() ? host : NETS.get(random.nextInt(NETS.size()));
        return switch (random.nextInt(5)) {
            case 0 -> any(name, fields, null, value -> true);
            case 1 -> none(name + " != " + net, fields, null, value -> within((String) value, net));
            case 2 -> any(name + " == " + net, fields, null, value -> within((String) value, net));
            case 3 ->
                any(
                        name + " in {" + net + ", " + host + "}",
                        fields,
                        null,
                        value -> within((String) value, net) || within((String) value, host));
            default ->
                any(
                        name + " in {10.0.0.2..10.0.0.255, ::1..2001:db8::1}",
                        fields,
                        null,
                        value -> between((String) value, "10.0.0.2", "10.0.0.255")
                                || between((String) value, "::1", "2001:db8::1"));
        };
    }

    private static boolean within(String address, String net) {
        String[] parts = net.split("/", -1);
        byte[] bytes = raw(address);
        if (bytes.length != raw(parts[0]).length) {
            return false;
        }
        int free = parts.length == 1 ? 0 : bytes.length * 8 - Integer.parseInt(parts[1]);
        return new BigInteger(1, bytes).shiftRight(free).equals(new BigInteger(1, raw(parts[0])).shiftRight(free));
    }

    private static boolean between(String address, String first, String last) {
        BigInteger number = new BigInteger(1, raw(address));
        return raw(address).length == raw(first).length
                && number.compareTo(new BigInteger(1, raw(first))) >= 0
                && number.compareTo(new BigInteger(1, raw(last))) <= 0;
    }

    private static byte[] raw(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }

    /** Of text or bytes; naively both are strings of a character a byte. */
    private Generated text(String name, List<String> words) {
        String operand = words.get(random.nextInt(words.size()));
        String other = words.get(random.nextInt(words.size()));
        int from = random.nextInt(4);
        int to = from + Math.max(operand.length(), other.length()) + random.nextInt(3);
        String slice = pick("", "", "[" + from + ":" + to + "]", "[" + from + ":]", "[:" + to + "]", "[:]");
        int start = slice.startsWith("[" + from) ? from : 0;
        int end = slice.endsWith(to + "]") ? to : Integer.MAX_VALUE;
        if (random.nextInt(8) == 0) {
            boolean whole = slice.isEmpty();
            return any(
                    name + slice,
                    List.of(name),
                    null,
                    v -> whole || !sliced(string(v), start, end).isEmpty());
        }
        String operator = pick(OPERATORS);
        boolean set = operator.equals("in") || (operator.length() > 3 && random.nextBoolean());
        String hex = "|" + HexFormat.of().formatHex(other.getBytes(StandardCharsets.UTF_8)) + "|";
        String written = set ? "{\"" + operand + "\", " + hex + "}" : "'" + operand + "'";
        Predicate<Object> test = value -> {
            String seen = sliced(string(value), start, end);
            return relation(operator).test(seen, operand)
                    || (set && relation(operator).test(seen, other));
        };
        String expression = name + slice + " " + operator + " " + written;
        return operator.equals("!=") || operator.equals("ne")
                ? none(expression, List.of(name), null, test)
                : any(expression, List.of(name), null, test);
    }

    /** By re2j on the text as it is written; no expression matches the empty string. */
    private Generated regex(String name, String[] atoms) {
        StringBuilder source = new StringBuilder(pick("", "", "", "^", "\\A", "\\b"));
        for (int i = random.nextInt(3); i >= 0; i--) {
            source.append(pick(atoms)).append(pick("", "", "", "+", "{2}", "+?"));
        }
        source.append(pick("", "", "", "$", "\\z", "\\B"));
        int from = random.nextInt(3);
        int to = from + 1 + random.nextInt(6);
        String slice = pick("", "", "[" + from + ":" + to + "]", "[" + from + ":]");
        int end = slice.endsWith(to + "]") ? to : Integer.MAX_VALUE;
        String flags = pick("", "", "i", "s", "m", "im", "smi");
        int bits = (flags.contains("i") ? Pattern.CASE_INSENSITIVE : 0)
                | (flags.contains("s") ? Pattern.DOTALL : 0)
                | (flags.contains("m") ? Pattern.MULTILINE : 0);
        Pattern pattern = Pattern.compile(source.toString(), bits);
        String text = name + slice + " matches /" + source.toString().replace("/", "\\/") + "/" + flags;
        return any(
                text,
                List.of(name),
                null,
                value -> pattern.matcher(sliced(string(value), slice.isEmpty() ? 0 : from, end))
                        .find());
    }

    private static String string(Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.ISO_8859_1) : (String) value;
    }

    private static BiPredicate<String, String> relation(String operator) {
        return switch (operator) {
            case "==", "!=", "eq", "ne", "in" -> String::equals;
            case "ieq" -> String::equalsIgnoreCase;
            case "contains" -> String::contains;
            case "starts_with" -> String::startsWith;
            case "ends_with" -> String::endsWith;
            default -> {
                BiPredicate<String, String> exact = relation(operator.substring(1));
                yield (a, b) -> exact.test(a.toLowerCase(java.util.Locale.ROOT), b.toLowerCase(java.util.Locale.ROOT));
            }
        };
    }

    private static String sliced(String text, int from, int to) {
        return text.substring(Math.min(from, text.length()), Math.min(to, text.length()));
    }

    /** True if one value of the fields satisfies {@code test}; only where boolean {@code only} holds. */
    private static Generated any(String text, List<String> fields, String only, Predicate<Object> test) {
        return new Generated(text, facts -> {
            boolean open = false;
            for (Object value : values(fields, only, facts)) {
                if (value != OPEN && test.test(value)) {
                    return true;
                }
                open |= value == OPEN;
            }
            return open ? null : Boolean.FALSE;
        });
    }

    /** True if there is a value and none satisfies {@code test}. */
    private static Generated none(String text, List<String> fields, String only, Predicate<Object> test) {
        Naive any = any(text, fields, only, test).naive;
        return new Generated(text, facts -> {
            List<Object> values = values(fields, only, facts);
            Boolean one = any.value(facts);
            if (values.isEmpty()) {
                return false;
            }
            return one == null ? null : Boolean.valueOf(!one);
        });
    }

    private static List<Object> values(List<String> fields, String only, Map<String, Object> facts) {
        List<Object> values = new ArrayList<>();
        if (only == null || Long.valueOf(1).equals(facts.get(only))) {
            fields.stream().filter(facts::containsKey).map(facts::get).forEach(values::add);
        }
        return values;
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
