package dev.gavel.imports;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sets of one {@code ipset save} output, as they were when it was made. */
final class IpSets {
    private static final Set<String> PLAIN = Set.of("hash:ip", "hash:net", "bitmap:ip");
    private static final Set<String> WITH_PORT = Set.of("hash:ip,port", "hash:net,port");
    private static final Set<String> HARMLESS = Set.of(
            "family",
            "hashsize",
            "maxelem",
            "bucketsize",
            "initval",
            "counters",
            "comment",
            "skbinfo",
            "forceadd",
            "range",
            "inet",
            "inet6",
            "packets",
            "bytes",
            "skbmark",
            "skbprio",
            "skbqueue",
            "size",
            "probes",
            "resize");

    private static final class IpSet {
        final String type;
        final IpVersion version;
        /** Addresses and prefixes by {@code PROTOCOL:PORT}; by an empty text in sets without ports. */
        final Map<String, List<String>> entries = new LinkedHashMap<>();

        @Nullable
        String problem;

        IpSet(String type, IpVersion version) {
            this.type = type;
            this.version = version;
        }
    }

    /** More are easier to read, and looked up faster, as a list of the policy. */
    private static final int MAX_INLINE = 16;

    private static final int MAX_NAME = 50;

    private final Map<String, IpSet> sets = new HashMap<>();
    /** Lists that the expressions so far name, with what each holds. */
    final Map<String, List<String>> lists = new LinkedHashMap<>();

    private final Map<String, String> listNames = new HashMap<>();
    private String problem = "is not in the output of ipset save";

    static IpSets read(List<String> lines) {
        IpSets sets = new IpSets();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                sets.take(i + 1, line);
            }
        }
        return sets;
    }

    private void take(int number, String line) {
        List<String> words;
        try {
            words = SaveWords.of(line);
        } catch (Untranslatable e) {
            words = List.of();
        }
        boolean create = words.size() >= 3 && words.get(0).equals("create");
        if (create) {
            boolean ipv6 = words.contains("inet6");
            sets.put(words.get(1), new IpSet(words.get(2), ipv6 ? IpVersion.V6 : IpVersion.V4));
        }
        IpSet set = words.size() >= 3 && (create || words.get(0).equals("add")) ? sets.get(words.get(1)) : null;
        if (set == null) {
            problem += ", of which line " + number + " is not understood";
            return;
        }
        try {
            checkOptions(words.subList(3, words.size()));
            if (!create) {
                add(set, words.get(2));
            }
        } catch (Untranslatable e) {
            set.problem = set.problem == null ? "line " + number + " of ipset save: " + e.why() : set.problem;
        }
    }

    private static void checkOptions(List<String> words) throws Untranslatable {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean timeout = word.equals("timeout")
                    && i + 1 < words.size()
                    && words.get(i + 1).equals("0");
            if (timeout || (HARMLESS.contains(word) && !word.startsWith("inet") && takesValue(words, i))) {
                i++;
            } else if (!HARMLESS.contains(word)) {
                throw new Untranslatable("option " + Notes.shown(word));
            }
        }
    }

    /** {@code comment} takes one at an entry, none at a set. */
    private static boolean takesValue(List<String> words, int i) {
        boolean none = Set.of("counters", "skbinfo", "forceadd").contains(words.get(i));
        return !none && i + 1 < words.size() && !HARMLESS.contains(words.get(i + 1));
    }

    private static void add(IpSet set, String entry) throws Untranslatable {
        int comma = entry.indexOf(',');
        boolean withPort = WITH_PORT.contains(set.type);
        if (withPort != (comma >= 0)) {
            return; // of a type that is refused where it is used
        }
        String port = withPort ? entry.substring(comma + 1) : "";
        String address = Addresses.prefix(withPort ? entry.substring(0, comma) : entry, set.version);
        set.entries.computeIfAbsent(port, added -> new ArrayList<>()).add(address);
    }

    /** @param directions {@code src} or {@code dst}, one for each part of the set's entries */
    Expr match(String name, String directions) throws Untranslatable {
        IpSet set = sets.get(name);
        String shown = "set " + Notes.shown(name) + " ";
        if (set == null) {
            throw new Untranslatable(shown + problem);
        }
        if (set.problem != null) {
            throw new Untranslatable(shown + "cannot be said: " + set.problem);
        }
        List<String> parts = List.of(directions.split(",", -1));
        boolean withPort = WITH_PORT.contains(set.type);
        if (!withPort && !PLAIN.contains(set.type)) {
            throw new Untranslatable(shown + "is of type " + Notes.shown(set.type));
        }
        if (parts.size() != (withPort ? 2 : 1) || !Set.of("src", "dst").containsAll(parts)) {
            throw new Untranslatable(shown + "is asked for " + Notes.shown(directions));
        }
        List<Expr> matches = new ArrayList<>();
        for (Map.Entry<String, List<String>> entry : set.entries.entrySet()) {
            Expr address = address("ip." + parts.get(0), name + " " + entry.getKey(), entry.getValue());
            matches.add(withPort ? Expr.and(address, port(entry.getKey(), parts.get(1), shown)) : address);
        }
        return Expr.or(matches.toArray(Expr[]::new));
    }

    private Expr address(String field, String name, List<String> entries) {
        if (entries.size() <= MAX_INLINE) {
            return Expr.oneOf(field, entries);
        }
        return Expr.test(field + " in $" + listNames.computeIfAbsent(name, added -> list(added.strip(), entries)));
    }

    private String list(String wanted, List<String> entries) {
        String name = wanted.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "-");
        name = name.substring(0, Math.min(name.length(), MAX_NAME));
        name = name.matches("[a-z].*") ? name : "set-" + name;
        String unique = name;
        for (int i = 2; lists.containsKey(unique); i++) {
            unique = name + "-" + i;
        }
        lists.put(unique, entries);
        return unique;
    }

    private static Expr port(String port, String direction, String shown) throws Untranslatable {
        int colon = port.indexOf(':');
        String protocol = colon < 0 ? "tcp" : port.substring(0, colon); // ipset(8)
        if (!Set.of("tcp", "udp", "sctp").contains(protocol)) {
            throw new Untranslatable(shown + "has ports of " + Notes.shown(protocol));
        }
        return Expr.test(protocol + "." + direction + "_port == " + Numbers.number(port.substring(colon + 1), 0xffff));
    }
}
