package dev.gavel.match.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Known answers, by re2j over what {@link Regex} writes; {@link RegexOracleTest} has the native library's. */
class RegexTest {
    private static boolean matches(String source, String flags, String latin1) throws RegexMistake {
        return com.google.re2j.Pattern.compile(Regex.parse(source, flags).re2())
                .matcher(latin1)
                .find();
    }

    private static boolean matches(String source, String latin1) throws RegexMistake {
        return matches(source, "", latin1);
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            quoteCharacter = '"',
            value = {
                "abc -> abc",
                "a|b|cd -> (?:cd|[ab])",
                "(?i)Foo-1 -> [Ff][Oo][Oo]\\x2d1",
                "(?i:k)k -> [Kk]k",
                "a(?i)b|c -> (?:a[Bb]|[Cc])",
                "(?i)[^k] -> [\\x00-JL-jl-\\xff]",
                "(?i)[[:^upper:]] -> [\\x00-\\x40\\x5b-\\x60\\x7b-\\xff]",
                ". -> [\\x00-\\x09\\x0b-\\xff]",
                "(?s). -> [\\x00-\\xff]",
                "a*?b+?c??d{2}?e{2,}f{2,3} -> a*b+c?d{2}e{2,}f{2,3}",
                "a{,2} -> a\\x7b\\x2c2\\x7d",
                "a{01} -> a\\x7b01\\x7d",
                "a{b -> a\\x7bb",
                "(?:ab)*c -> (?:ab)*c",
                "(?P<one>a)(?<two>b)(c) -> abc",
                "(?U)a+ -> a+",
                "a{1}b{0}(?:c{2}){3} -> a(?:c{2}){3}",
                "\\d\\D -> [0-9][\\x00-\\x2f\\x3a-\\xff]",
                "\\s -> [\\x09\\x0a\\x0c\\x0d\\x20]",
                "\\w -> [0-9A-Z\\x5fa-z]",
                "[]a-] -> [\\x2d\\x5da]",
                "[^]a] -> [\\x00-\\x5c\\x5e-\\x60b-\\xff]",
                "[\\d-z] -> [\\x2d0-9z]",
                "[[a] -> [\\x5ba]",
                "[\\x00-\\x{ff}] -> [\\x00-\\xff]",
                "\\a\\f\\n\\r\\t\\v\\0\\12\\012\\/\\_ -> \\x07\\x0c\\x0a\\x0d\\x09\\x0b\\x00\\x0a\\x0a\\x2f\\x5f",
                "\\Qa.b\\E+ -> a\\x2eb+",
                "\\Qa* -> a\\x2a",
                "\u00e9* -> (?:\\xc3\\xa9)*",
                "^a$ -> \\Aa\\z",
                "(?m)^a$ -> (?m:^)a(?m:$)",
                "\\Aa\\b-\\B-\\z -> \\Aa\\b\\x2d\\B\\x2d\\z",
                "(?m)\\B^-$\\B$ -> (?m:^)\\B\\x2d\\B(?m:$)",
                "(?m)a[\\s,]^b -> a\\x0ab",
                "(?m)a$[\\s,]b -> a\\x0ab",
                "(?m)^\\Aa -> \\Aa",
                "(?:^)+a(?:\\b)* -> \\Aa",
            })
    void meansTheSameToBothEngines(String source, String syntax) throws RegexMistake {
        assertThat(Regex.parse(source, "").pcre()).isEqualTo(syntax);
    }

    @Test
    void foldsTheCaseOfAsciiOnly() throws RegexMistake {
        assertThat(matches("straSSe", "i", "STRASSE")).isTrue();
        assertThat(matches("\u00e9", "i", utf8("\u00e9"))).isTrue();
        assertThat(matches("\u00e9", "i", utf8("\u00c9"))).isFalse();
        assertThat(matches("\\xe9", "i", "\u00c9")).isFalse();
        assertThat(matches("k", "i", utf8("\u212a"))).as("the Kelvin sign").isFalse();
        assertThat(matches("[^k]", "i", "K")).isFalse();
    }

    /** RE2/J 1.8 says no to some of these as they stand. */
    @Test
    void keepsCaselessAlternativesApartFromOthers() throws RegexMistake {
        assertThat(matches("A[ab]|(?i:a)c", "ac")).isTrue();
        assertThat(matches("(?:A.b|[Aa])x", "ax")).isTrue();
        assertThat(matches("(?:[Aa]c|A.b)x", "Abbx")).isTrue();
        assertThat(matches("(?:[\\xc0\\xe0]c|\\xc0.b)x", "\u00c0bbx")).isTrue();
        assertThat(matches("(?:[Aa]c|A.b)x", "abbx")).isFalse();
    }

    @Test
    void takesACharacterBeyondAsciiAsItsUtf8Bytes() throws RegexMistake {
        assertThat(matches("^\u00e9{2}$", utf8("\u00e9\u00e9"))).isTrue();
        assertThat(matches("^.{2}$", utf8("\u00e9"))).isTrue();
        assertThat(matches("\\\u20ac|\\Q\ud83d\ude00\\E", utf8("\ud83d\ude00"))).isTrue();
        assertThat(matches("\\xe9", "\u00e9")).isTrue();
    }

    @Test
    void endsAtTheVeryEndUnlessMultiline() throws RegexMistake {
        assertThat(matches("a$", "a\n")).isFalse();
        assertThat(matches("a$", "m", "a\n")).isTrue();
        assertThat(matches("a\\z", "m", "a\n")).isFalse();
        assertThat(matches("\n^a", "m", "b\na")).isTrue();
        assertThat(matches("a$", "m", "a\r\n")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a*", "(?:)", "^", "$", "\\b", "a|", "(a|b?)", "a{0}", "(?:a?){3}", "(?m)^$"})
    void knowsWhatMatchesNoBytes(String source) throws RegexMistake {
        assertThat(Regex.parse(source, "").matchesEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a+", "^a", "a?b", "(a|b)", "(?:a?){3}b", "\\n", "a{1,}"})
    void knowsWhatNeedsBytes(String source) throws RegexMistake {
        assertThat(Regex.parse(source, "").matchesEmpty()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "a,false",
        "^a,false",
        "a$,true",
        "a\\z,true",
        "\\ba,false",
        "\\Ba?,true",
        "a\\b,true",
        "\\ba\\b,true",
        "a\\b-,false",
        "a\\b(c|d*),true",
        "(a|(b\\B)?)c,false",
        "(a|b\\B)c?,true",
        "(\\ba)+,false",
        "(a\\b)*,true",
        "(a\\b-?)*b,false",
        "(?m)^a,false",
        "(?m)a$,true",
        "[$]\\$,false"
    })
    void knowsWhetherTheEndMatters(String source, boolean expected) throws RegexMistake {
        assertThat(Regex.parse(source, "").dependsOnEnd()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "abc,abc,SENSITIVE",
        "x.*abc[de]fg,abc,SENSITIVE",
        "(?i)ab1(?-i)c,AB1C,INSENSITIVE",
        "(?:ab){2}c+d,ababc,SENSITIVE",
        "ab?cd,cd,SENSITIVE",
        "a\\b-b,a-b,SENSITIVE",
        "(?:abc|abd)ef,ef,SENSITIVE",
        "[Aa]b(cd)ef*,ABCDE,INSENSITIVE"
    })
    void knowsALiteralThatEachMatchHolds(String source, String literal, Case sensitivity) throws RegexMistake {
        Optional<LiteralPattern> found = Regex.parse(source, "").requiredLiteral();
        assertThat(found).isPresent();
        String text = new String(found.get().bytes(), StandardCharsets.ISO_8859_1);
        assertThat(sensitivity == Case.SENSITIVE ? text : text.toUpperCase(java.util.Locale.ROOT))
                .isEqualTo(literal);
        assertThat(found.get().sensitivity()).isEqualTo(sensitivity);
    }

    @Test
    void needsNoLiteralWhereThereIsAChoice() throws RegexMistake {
        assertThat(Regex.parse("abc|def", "").requiredLiteral()).isEmpty();
        assertThat(Regex.parse("(abc)?[de]", "").requiredLiteral()).isEmpty();
    }

    @Test
    void equalsBySourceAndFlags() throws RegexMistake {
        assertThat(Regex.parse("a", "i"))
                .isEqualTo(Regex.parse("a", "i"))
                .hasSameHashCodeAs(Regex.parse("a", "i"))
                .isNotEqualTo(Regex.parse("a", ""))
                .isNotEqualTo(Regex.parse("b", "i"))
                .hasToString("/a/i");
        assertThat(Regex.parse("a", "i").to()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void refusesFlagsThatAreNone() {
        assertThatThrownBy(() -> Regex.parse("a", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"x\"");
    }
}
