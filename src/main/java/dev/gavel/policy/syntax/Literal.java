package dev.gavel.policy.syntax;

/** A literal value in an expression; {@code at} is its index in the text. */
public sealed interface Literal {
    int at();

    /** The literal as written in the expression, for messages. */
    String written();

    /** The type of the literal, for messages, such as {@code a number}. */
    String kind();

    /** A number, written in decimal, in hexadecimal, or as a size in bytes such as {@code 1MiB}. */
    record Numeral(int at, String written, long value) implements Literal {
        @Override
        public String kind() {
            return "a number";
        }
    }

    /** A duration, in nanoseconds. */
    record Duration(int at, String written, long ns) implements Literal {
        @Override
        public String kind() {
            return "a duration";
        }
    }

    /** An address or a prefix: all addresses from {@code first} to {@code last}. */
    record Net(int at, String written, Address first, Address last) implements Literal {
        boolean isPrefix() {
            return written.indexOf('/') >= 0;
        }

        @Override
        public String kind() {
            return isPrefix() ? "a prefix" : "an address";
        }
    }

    /** An Ethernet address. */
    record Mac(int at, String written, long value) implements Literal {
        @Override
        public String kind() {
            return "a MAC address";
        }
    }

    /** A string or hex literal, as at least one byte. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Text(int at, String written, byte[] bytes) implements Literal {
        @Override
        public String kind() {
            return "text";
        }
    }

    /**
     * A regular expression.
     *
     * @param body the text between the slashes, as written
     * @param flags some of {@code i}, {@code s} and {@code m}
     */
    record Regex(int at, String written, String body, String flags) implements Literal {
        /** The regular expression: the body with {@code /} for each {@code \/}. */
        public String source() {
            return body.replace("\\/", "/"); // within the body, every slash is an escaped one
        }

        /** Index in the expression's text of character {@code index} of {@link #source}. */
        public int at(int index) {
            int position = 0;
            for (int i = 0; i < index; i++) {
                position += body.startsWith("\\/", position) ? 2 : 1;
            }
            return at + 1 + position;
        }

        @Override
        public String kind() {
            return "a regular expression";
        }
    }

    /** A word without quotes: the name of a field's value, such as a hook or protocol. */
    record Word(int at, String written) implements Literal {
        @Override
        public String kind() {
            return "a word";
        }
    }

    /** The name of a list. {@code written} includes the leading {@code $}. */
    record ListName(int at, String written) implements Literal {
        @Override
        public String kind() {
            return "a list";
        }
    }
}
