package dev.gavel.match.pattern;

/** The flags in force at one point of a regular expression, until changed or until the enclosing group ends. */
record RegexFlags(boolean caseless, boolean dotAll, boolean multiline) {
    RegexFlags with(char flag, boolean value) {
        return switch (flag) {
            case 'i' -> new RegexFlags(value, dotAll, multiline);
            case 's' -> new RegexFlags(caseless, value, multiline);
            case 'm' -> new RegexFlags(caseless, dotAll, value);
            default -> this; // U (ungreedy): the length of a match does not matter
        };
    }
}
