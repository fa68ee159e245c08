package dev.gavel.kit;

import dev.gavel.match.Hits;
import dev.gavel.match.pattern.Case;
import dev.gavel.match.pattern.LiteralPattern;
import dev.gavel.match.pattern.LiteralPattern.Position;
import dev.gavel.match.pattern.Pattern;
import dev.gavel.match.pattern.Regex;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Kind;
import dev.gavel.policy.facts.Search;
import dev.gavel.policy.facts.Truth;
import dev.gavel.policy.syntax.Address;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Facts set by hand; what is not set is absent. */
public final class MadeUpFacts implements Facts {
    private final Map<Field, Long> numbers = new EnumMap<>(Field.class);
    private final Map<Field, Address> addresses = new EnumMap<>(Field.class);
    private final Map<Field, String> texts = new EnumMap<>(Field.class);
    private final Map<Field, byte[]> bytes = new EnumMap<>(Field.class);
    private long receivedNs;
    private List<Search> searches = List.of();
    private final Map<LiteralPattern, byte[]> sought = new HashMap<>(); // LiteralPattern.bytes() copies
    private int questions;
    private int searchQuestions;
    private final Set<Field> open = EnumSet.noneOf(Field.class);

    /** What {@link NaiveExpressions#facts} has made up. */
    public static MadeUpFacts of(Map<String, Object> facts, List<Search> searches) {
        MadeUpFacts madeUp = new MadeUpFacts();
        facts.forEach((name, value) -> {
            Field field = Field.valueOf(name.toUpperCase(Locale.ROOT).replace('.', '_'));
            if (value == NaiveExpressions.OPEN) {
                madeUp.open(field);
            } else if (value instanceof Long number) {
                madeUp.number(field, number);
            } else if (value instanceof byte[] bytes) {
                madeUp.bytes(field, bytes);
            } else if (field.kind() == Kind.ADDRESS) {
                madeUp.address(field, (String) value);
            } else {
                madeUp.text(field, (String) value);
            }
        });
        return madeUp.searches(searches);
    }

    public MadeUpFacts at(long ns) {
        receivedNs = ns;
        return this;
    }

    public MadeUpFacts number(Field field, long value) {
        numbers.put(field, value);
        return this;
    }

    public MadeUpFacts address(Field field, String value) {
        addresses.put(field, Address.parse(value));
        return number(field, value.indexOf(':') < 0 ? 4 : 6);
    }

    public MadeUpFacts text(Field field, String value) {
        texts.put(field, value);
        return number(field, 0);
    }

    public MadeUpFacts bytes(Field field, byte[] value) {
        bytes.put(field, value);
        return number(field, value.length);
    }

    public MadeUpFacts open(Field field) {
        open.add(field);
        return number(field, OPEN);
    }

    /** What hits are asked for by. */
    public MadeUpFacts searches(List<Search> list) {
        searches = list;
        for (Search search : list) {
            for (Pattern pattern : search.patterns()) {
                if (pattern instanceof LiteralPattern literal) {
                    sought.put(literal, literal.bytes());
                }
            }
        }
        return this;
    }

    /** How often a field was asked for. */
    public int questions() {
        return questions;
    }

    /** How often a pattern was asked for. */
    public int searchQuestions() {
        return searchQuestions;
    }

    public Address address(Field field) {
        return addresses.get(field);
    }

    public byte[] bytes(Field field) {
        return bytes.get(field);
    }

    @Override
    public long number(Field field) {
        questions++;
        Long value = numbers.get(field);
        return value == null ? ABSENT : value;
    }

    @Override
    public long receivedNs() {
        return receivedNs;
    }

    @Override
    public long addressHigh(Field field) {
        return addresses.get(field).high();
    }

    @Override
    public long addressLow(Field field) {
        return addresses.get(field).low();
    }

    @Override
    public String text(Field field) {
        return texts.get(field);
    }

    @Override
    public Truth hit(int number, int pattern) {
        searchQuestions++;
        Search search = searches.get(number);
        byte[] searched = bytes.get(search.bytes());
        if (searched == null) {
            return open.contains(search.bytes()) ? Truth.OPEN : Truth.FALSE;
        }
        if (search.patterns().get(pattern) instanceof Regex regex) {
            return Truth.of(found(regex, searched, search));
        }
        LiteralPattern literal = (LiteralPattern) search.patterns().get(pattern);
        byte[] wanted = sought.get(literal);
        int end = Math.min(literal.to(), searched.length);
        for (int at = literal.from(); at + wanted.length <= end; at++) {
            boolean fits = literal.position() == Position.ANYWHERE || at + wanted.length == searched.length;
            if (fits && occurs(searched, at, literal, wanted)) {
                return Truth.TRUE;
            }
        }
        return Truth.FALSE;
    }

    private static boolean found(Regex regex, byte[] searched, Search search) {
        int from = Math.min(search.from(), searched.length);
        String seen =
                new String(searched, from, Math.min(search.to(), searched.length) - from, StandardCharsets.ISO_8859_1);
        return com.google.re2j.Pattern.compile(regex.re2()).matcher(seen).find();
    }

    @Override
    public Hits hits(int number) {
        Search search = searches.get(number);
        if (open.contains(search.bytes())) {
            return null;
        }
        Hits hits = new Hits(search.patterns().size());
        for (int i = 0; i < hits.patterns(); i++) {
            if (hit(number, i) != Truth.FALSE) {
                hits.add(i);
            }
        }
        return hits;
    }

    private static boolean occurs(byte[] searched, int at, LiteralPattern wanted, byte[] sought) {
        for (int i = 0; i < sought.length; i++) {
            int a = searched[at + i];
            int b = sought[i];
            boolean same = wanted.sensitivity() == Case.SENSITIVE ? a == b : lower(a) == lower(b);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
}
