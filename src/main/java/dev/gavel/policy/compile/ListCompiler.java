package dev.gavel.policy.compile;

import dev.gavel.config.NamedList;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceText;
import dev.gavel.config.source.Words;
import dev.gavel.policy.condition.AddressSet;
import dev.gavel.policy.condition.DomainSet;
import dev.gavel.policy.condition.NumberRanges;
import dev.gavel.policy.syntax.AddressRange;
import dev.gavel.policy.syntax.Expression.Item;
import dev.gavel.policy.syntax.ExpressionMistake;
import dev.gavel.policy.syntax.Literal;
import dev.gavel.policy.syntax.Parser;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Compiles the entries of one list; stops after {@value Problems#LIMIT} mistakes. */
final class ListCompiler {
    static final int MAX_ENTRIES = 1_000_000;
    private static final long MAX_BYTES = Runtime.getRuntime().maxMemory() / 8;
    private static final int MAX_PORT = 0xffff;
    private static final String NET =
            "an address, a prefix or a range such as 10.0.0.1..10.0.0.9, as the list is of" + " type net";
    private static final String PORT = "a port or a range of ports such as 8000..8099, from 0 to " + MAX_PORT;

    /** Parses one entry and adds it to the list being built. */
    @FunctionalInterface
    private interface Entry {
        void add(String text) throws ExpressionMistake;
    }

    private final NamedList list;
    private final Problems problems;
    private final MessageDigest digest;
    private int entries;
    private long bytes; // total length of the entries that are kept as text
    private int mistakes;

    private ListCompiler(NamedList list, Problems problems) {
        this.list = list;
        this.problems = problems;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no SHA-256, which every JVM has", e);
        }
    }

    /** Compiles the valid entries of {@code list}; mistakes in the others are added to {@code problems}. */
    static Lists.Known compile(NamedList list, Problems problems) {
        ListCompiler compiler = new ListCompiler(list, problems);
        EntryList entries = compiler.compile();
        return new Lists.Known(list, entries, HexFormat.of().formatHex(compiler.digest.digest()));
    }

    private EntryList compile() {
        switch (list.type()) {
            case NET -> {
                AddressSet.Builder addresses = new AddressSet.Builder();
                read(text -> addresses.add(net(item(text, NET))));
                return new EntryList.Nets(addresses.build());
            }
            case PORT -> {
                List<NumberRanges.Range> ports = new ArrayList<>();
                read(text -> ports.add(ports(item(text, PORT))));
                return new EntryList.Ports(new NumberRanges(ports));
            }
            case DOMAIN -> {
                DomainSet.Builder names = new DomainSet.Builder();
                read(names::add);
                return new EntryList.Domains(names.build());
            }
            case STRING -> {
                List<byte[]> texts = new ArrayList<>();
                read(text -> texts.add(text.getBytes(StandardCharsets.UTF_8)));
                return new EntryList.Strings(texts);
            }
        }
        throw new IllegalArgumentException("type " + list.type() + " (expected: one of the above)");
    }

    private void read(Entry entry) {
        list.read(text -> read(text, entry), problems);
    }

    /** Reads one entry; returns whether to go on to the next. */
    private boolean read(SourceText text, Entry entry) {
        if (++entries > MAX_ENTRIES) {
            problems.error(text.place(), "more than " + MAX_ENTRIES + " entries; expected several lists");
            return false;
        }
        byte[] utf8 = text.value().getBytes(StandardCharsets.UTF_8);
        if (!hasRoom(utf8.length)) {
            problems.error(
                    text.place(),
                    "the entries up to this one have more than " + (MAX_BYTES >> 20) + " MiB, an eighth of the Java"
                            + " heap; expected fewer of them, or a larger heap (-Xmx)");
            return false;
        }
        digest.update(utf8);
        digest.update((byte) '\n');
        try {
            entry.add(text.value());
        } catch (ExpressionMistake e) {
            problems.error(text.at(e.index()), e.message());
            mistakes++;
        }
        return mistakes < Problems.LIMIT;
    }

    /**
     * Counts {@code length} more bytes; false if the texts exceed an eighth of the heap. The limit is that low because
     * collecting texts takes three times their size, while the policies in use stay in memory.
     */
    private boolean hasRoom(int length) {
        boolean kept = list.type() == NamedList.Type.DOMAIN || list.type() == NamedList.Type.STRING;
        bytes += kept ? length : 0;
        return bytes <= MAX_BYTES;
    }

    private static Item item(String text, String expected) throws ExpressionMistake {
        int dash = text.indexOf('-');
        if (dash >= 0) { // other programs write ranges with a dash programs write it
            throw new ExpressionMistake(dash, "found \"-\"", expected);
        }
        return Parser.item(text);
    }

    private static AddressRange net(Item item) throws ExpressionMistake {
        Literal last = item.last();
        return AddressRange.of(net(item.first()), last == null ? null : net(last));
    }

    private static Literal.Net net(Literal literal) throws ExpressionMistake {
        if (literal instanceof Literal.Net net) {
            return net;
        }
        throw new ExpressionMistake(literal.at(), Words.quoted(literal.written()) + " is " + literal.kind(), NET);
    }

    private static NumberRanges.Range ports(Item item) throws ExpressionMistake {
        long first = port(item.first());
        Literal last = item.last();
        NumberRanges.Range range = new NumberRanges.Range(first, last == null ? first : port(last));
        if (range.first() > range.last()) {
            throw new ExpressionMistake(item.first().at(), "empty range", "the lower end first");
        }
        return range;
    }

    private static long port(Literal literal) throws ExpressionMistake {
        if (!(literal instanceof Literal.Numeral number)) {
            throw new ExpressionMistake(literal.at(), Words.quoted(literal.written()) + " is " + literal.kind(), PORT);
        }
        if (number.written().endsWith("iB")) { // KiB, MiB, GiB; no hexadecimal number ends like this
            throw new ExpressionMistake(literal.at(), Words.quoted(literal.written()) + " is a size in bytes", PORT);
        }
        if (number.value() > MAX_PORT) {
            throw new ExpressionMistake(literal.at(), literal.written() + " is out of range", PORT);
        }
        return number.value();
    }
}
