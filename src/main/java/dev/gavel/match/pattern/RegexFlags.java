package dev.gavel.match.pattern;

/** The flags of a regular expression in force from one place of it to the end of the group. */
record RegexFlags(boolean caseless, boolean dotAll, boolean multiline) {
    RegexFlags with(char flag, boolean value) {
        return switch (flag) {
            case 'i' -> new RegexFlags(value, dotAll, multiline);
            case 's' -> new RegexFlags(caseless, value, multiline);
            case 'm' -> new RegexFlags(caseless, dotAll, value);
            default -> this; // U: whether a match is short or long does not matter
        };
    }
}
