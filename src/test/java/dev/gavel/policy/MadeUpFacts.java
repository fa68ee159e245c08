package dev.gavel.policy;

import dev.gavel.match.Case;
import dev.gavel.match.Pattern;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Facts set by hand; what is not set is absent. */
final class MadeUpFacts implements Facts {
    private final Map<Field, Long> numbers = new EnumMap<>(Field.class);
    private final Map<Field, Address> addresses = new EnumMap<>(Field.class);
    private final Map<Field, String> texts = new EnumMap<>(Field.class);
    private final Map<Field, byte[]> bytes = new EnumMap<>(Field.class);
    private final Map<Field, List<Pattern>> patterns = new EnumMap<>(Field.class);
    private final Map<Field, List<byte[]>> patternBytes = new EnumMap<>(Field.class); // Pattern.bytes() copies
    private final Set<Field> open = EnumSet.noneOf(Field.class);

    MadeUpFacts number(Field field, long value) {
        numbers.put(field, value);
        return this;
    }

    MadeUpFacts address(Field field, String value) {
        addresses.put(field, Address.parse(value));
        return number(field, value.indexOf(':') < 0 ? 4 : 6);
    }

    MadeUpFacts text(Field field, String value) {
        texts.put(field, value);
        return number(field, 0);
    }

    MadeUpFacts bytes(Field field, byte[] value) {
        bytes.put(field, value);
        return number(field, value.length);
    }

    MadeUpFacts open(Field field) {
        open.add(field);
        return number(field, OPEN);
    }

    /** The patterns that hits are asked for by. */
    MadeUpFacts patterns(Field field, List<Pattern> list) {
        patterns.put(field, list);
        patternBytes.put(field, list.stream().map(Pattern::bytes).toList());
        return this;
    }

    Address address(Field field) {
        return addresses.get(field);
    }

    byte[] bytes(Field field) {
        return bytes.get(field);
    }

    @Override
    public long number(Field field) {
        Long value = numbers.get(field);
        return value == null ? ABSENT : value;
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
    public Truth hit(Field field, int pattern) {
        byte[] searched = bytes.get(field);
        if (searched == null) {
            return open.contains(field) ? Truth.OPEN : Truth.FALSE;
        }
        Pattern wanted = patterns.get(field).get(pattern);
        byte[] sought = patternBytes.get(field).get(pattern);
        int end = Math.min(wanted.to(), searched.length);
        for (int at = wanted.from(); at + sought.length <= end; at++) {
            if (occurs(searched, at, wanted, sought)) {
                return Truth.TRUE;
            }
        }
        return Truth.FALSE;
    }

    private static boolean occurs(byte[] searched, int at, Pattern wanted, byte[] sought) {
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
