package dev.gavel.imports;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads the options of one rule. */
final class RuleParser {
    private static final Set<String> MODULES = Set.of(
            "tcp",
            "udp",
            "sctp",
            "icmp",
            "icmp6",
            "multiport",
            "iprange",
            "ttl",
            "hl",
            "length",
            "mark",
            "mac",
            "comment",
            "set",
            "string");
    private static final Map<String, String> REASONS = Map.of(
            "conntrack", "policies have no ct.state yet",
            "state", "policies have no ct.state yet",
            "connmark", "policies have no ct.mark yet",
            "limit", "a rate of its own, which no policy has",
            "hashlimit", "a rate of its own, which no policy has");

    private final IpVersion version;
    private final Set<String> chains;
    private final IpSets sets;
    private final List<String> words;
    private int at;

    private final List<Expr> tests = new ArrayList<>();
    private final List<ParsedRule.MarkTest> marks = new ArrayList<>();
    private final Set<String> modules = new HashSet<>();
    private final Transport transport;
    private final TargetParser target = new TargetParser();
    private StringMatch string = new StringMatch();
    private final List<StringMatch> strings = new ArrayList<>();
    private String comment = "";

    private RuleParser(String text, IpVersion version, Set<String> chains, IpSets sets) throws Untranslatable {
        this.version = version;
        this.chains = chains;
        this.sets = sets;
        words = SaveWords.of(text);
        transport = new Transport(version);
    }

    /** {@code text} is what follows the chain's name; {@code chains} those that it can jump to. */
    static ParsedRule parse(String text, IpVersion version, Set<String> chains, IpSets sets) throws Untranslatable {
        return new RuleParser(text, version, chains, sets).rule();
    }

    private ParsedRule rule() throws Untranslatable {
        while (at < words.size()) {
            boolean inverted = words.get(at).equals("!");
            at += inverted ? 1 : 0;
            String option = next("an option");
            if (option.equals("-m") || option.equals("--match")) {
                module(next("a match"));
            } else if (!isAddressOption(option, inverted)
                    && !isTransportOption(option, inverted)
                    && !isHeaderOption(option, inverted)
                    && !isStringOption(option, inverted)
                    && !isTargetOption(option, inverted)) {
                throw new Untranslatable("option " + Notes.shown(option) + " is not known here");
            }
        }
        for (StringMatch match : strings) {
            tests.add(match.expr());
        }
        tests.add(0, transport.expr());
        return new ParsedRule(Expr.and(tests), marks, target.target(transport), comment);
    }

    private String next(String expected) throws Untranslatable {
        if (at >= words.size()) {
            throw new Untranslatable("the rule lacks " + expected);
        }
        return words.get(at++);
    }

    private String value() throws Untranslatable {
        return next("a value of " + Notes.shown(words.get(at - 1)));
    }

    private void add(Expr test, boolean inverted) {
        tests.add(test.notIf(inverted));
    }

    private void module(String name) throws Untranslatable {
        if (!MODULES.contains(name)) {
            String why = REASONS.getOrDefault(name, "it has no counterpart in a policy");
            throw new Untranslatable("-m " + Notes.shown(name) + ": " + why);
        }
        modules.add(name);
        transport.module(name);
        if (name.equals("string")) {
            string = new StringMatch();
            strings.add(string);
        }
    }

    private boolean isAddressOption(String option, boolean inverted) throws Untranslatable {
        switch (option) {
            case "-s", "--source", "--src" -> add(Addresses.match("ip.src", value(), version), inverted);
            case "-d", "--destination", "--dst" -> add(Addresses.match("ip.dst", value(), version), inverted);
            case "--src-range" -> add(Addresses.range("ip.src", value(), version), inverted);
            case "--dst-range" -> add(Addresses.range("ip.dst", value(), version), inverted);
            case "-i", "--in-interface" -> add(device("in_iface", value()), inverted);
            case "-o", "--out-interface" -> add(device("out_iface", value()), inverted);
            case "--match-set" -> {
                String name = value();
                add(sets.match(name, next("src or dst")), inverted);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** {@code eth+} means every name that begins so; the kernel knows an empty name where there is no device. */
    private static Expr device(String field, String name) throws Untranslatable {
        boolean prefix = name.endsWith("+");
        String start = prefix ? name.substring(0, name.length() - 1) : name;
        if (start.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new Untranslatable("interface name that is not ASCII");
        }
        if (start.isEmpty()) {
            return Expr.ALWAYS;
        }
        String text = StringMatch.quoted(start.getBytes(StandardCharsets.US_ASCII));
        return Expr.test(field + (prefix ? " starts_with " : " == ") + text);
    }

    private boolean isTransportOption(String option, boolean inverted) throws Untranslatable {
        switch (option) {
            case "-p", "--protocol", "--proto" -> transport.protocol(value(), inverted);
            case "--sport", "--source-port" -> transport.ports("src_port", List.of(port()), inverted);
            case "--dport", "--destination-port" -> transport.ports("dst_port", List.of(port()), inverted);
            case "--sports", "--source-ports" -> transport.ports("src_port", Numbers.ranges(value(), 0xffff), inverted);
            case "--dports", "--destination-ports" ->
                transport.ports("dst_port", Numbers.ranges(value(), 0xffff), inverted);
            case "--ports" -> transport.ports("port", Numbers.ranges(value(), 0xffff), inverted);
            case "--tcp-flags" -> {
                String mask = value();
                transport.flags(mask, next("the flags that are set"), inverted);
            }
            case "--syn" -> transport.flags("FIN,SYN,RST,ACK", "SYN", inverted);
            case "--icmp-type", "--icmpv6-type" -> transport.icmp(value(), inverted);
            default -> {
                return false;
            }
        }
        return true;
    }

    private String port() throws Untranslatable {
        return Numbers.range(value(), 0xffff);
    }

    private boolean isHeaderOption(String option, boolean inverted) throws Untranslatable {
        switch (option) {
            case "-f", "--fragment" -> add(Expr.and(Expr.test("ip.fragment"), Expr.test("not payload")), inverted);
            case "--ttl-eq", "--hl-eq" -> add(ttl("=="), inverted);
            case "--ttl", "--hl" -> add(ttl("=="), inverted);
            case "--ttl-lt", "--hl-lt" -> add(ttl("<"), inverted);
            case "--ttl-gt", "--hl-gt" -> add(ttl(">"), inverted);
            case "--length" -> add(Expr.oneOf("length", List.of(Numbers.range(value(), 0xffff))), inverted);
            case "--mac-source" -> {
                String mac = value().toLowerCase(Locale.ROOT);
                if (!mac.matches("[0-9a-f]{2}(:[0-9a-f]{2}){5}")) {
                    throw new Untranslatable("malformed MAC address");
                }
                add(Expr.test("src_mac " + (inverted ? "!= " : "== ") + mac), false); // no address: no match
            }
            case "--mark" -> markTest(value(), inverted);
            case "--comment" -> comment = value();
            default -> {
                return false;
            }
        }
        return true;
    }

    private Expr ttl(String relation) throws Untranslatable {
        return Expr.test("ip.ttl " + relation + " " + Numbers.number(value(), 255));
    }

    private void markTest(String text, boolean inverted) throws Untranslatable {
        if (!modules.contains("mark")) {
            throw new Untranslatable("--mark without -m mark");
        }
        int slash = text.indexOf('/');
        long value = Numbers.number(slash < 0 ? text : text.substring(0, slash), MarkState.ALL);
        long mask = slash < 0 ? MarkState.ALL : Numbers.number(text.substring(slash + 1), MarkState.ALL);
        marks.add(new ParsedRule.MarkTest(value, mask, inverted));
    }

    private boolean isStringOption(String option, boolean inverted) throws Untranslatable {
        if (strings.isEmpty()) {
            return false;
        }
        switch (option) {
            case "--string", "--hex-string" -> {
                string.inverted = inverted;
                if (option.equals("--string")) {
                    string.literal(value());
                } else {
                    string.hex(value());
                }
            }
            case "--algo" -> string.algorithm = value();
            case "--icase" -> string.ignoresCase = true;
            case "--from" -> string.from = (int) Numbers.number(value(), 0xffff);
            case "--to" -> string.to = (int) Numbers.number(value(), 0xffff);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean isTargetOption(String option, boolean inverted) throws Untranslatable {
        if (inverted) {
            return false;
        }
        switch (option) {
            case "-j", "--jump" -> {
                String name = value();
                target.jump(name, chains.contains(name));
            }
            case "-g", "--goto" -> target.goTo(value());
            default -> {
                return target.isOption(option, this::value);
            }
        }
        return true;
    }
}
