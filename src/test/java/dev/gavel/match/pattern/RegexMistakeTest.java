package dev.gavel.match.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexMistakeTest {
    private static RegexMistake mistake(String source) {
        return catchThrowableOfType(RegexMistake.class, () -> Regex.parse(source, ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " @",
            quoteCharacter = '"',
            value = {
                "a(?=b) @1 look-ahead (?= is not supported",
                "a(?!b) @1 look-ahead",
                "(?<=a)b @0 look-behind",
                "(?<!a)b @0 look-behind",
                "(?>a) @0 atomic group",
                "(?#a) @0 comment",
                "(?(1)a) @0 conditional",
                "(a)\\1 @3 back-reference \\1 is not supported",
                "(?P<n>a)(?P=n) @8 back-reference",
                "\\k<n> @0 back-reference \\k",
                "a++ @2 possessive repeat",
                "a*+ @2 possessive repeat",
                "a** @2 repeat * of a repeat",
                "a{2}{3} @4 repeat {3} of a repeat",
                "*a @0 nothing to repeat before *",
                "a|+ @2 nothing to repeat before +",
                "(*ACCEPT) @1 nothing to repeat before *",
                "a{1001} @1 too many repeats {1001}",
                "a{99999999999} @1 too many repeats",
                "a{3,2} @1 impossible repeat {3,2}",
                "(a @0 group is not closed",
                "a) @1 closing parenthesis without an opening one",
                "(?x)a @0 unknown kind of group (?x",
                "(?i- @0 unknown kind of group",
                "(?<n @0 bad name of a group",
                "(?P<a-b>c) @0 bad name of a group",
                "(?P<a>b)(?P<a>c) @0 duplicate capture group name",
                "[a @0 class is not closed",
                "[] @0 class is not closed",
                "[z-a] @1 empty range z-a",
                "[a-\\d] @3 unknown escape \\d",
                "[[:foo:]] @1 unknown class [:foo:]",
                "[a\u00e9] @2 a character of several bytes in a class of bytes",
                "\\pL @0 Unicode class \\p",
                "[\\PN] @1 Unicode class \\P",
                "\\Z @0 end before a last line feed \\Z is not supported",
                "\\C @0 unknown escape \\C",
                "\\x{100} @0 \\x{100} is no byte",
                "\\777 @0 \\777 is no byte",
                "\\xg0 @0 incomplete escape \\x",
                "\\x{} @0 incomplete escape \\x",
                "a\\ @1 backslash at the end",
                "a^b @1 begin of a text behind other bytes",
                "a*^b @2 begin of a text behind other bytes",
                "(^|,)*b @1 begin of a text behind other bytes",
                "(?m)a*^b @6 begin of a line behind other bytes",
                "a($|,)b @2 end of a text before other bytes",
                "(?m)a$b @5 end of a line before other bytes",
                "[^\\s\\S] @0 expression that can never match",
                "a\\bb @0 expression that can never match",
                "(?m)a\\B$ @0 expression that can never match",
                "(?:a\\b)+b @0 expression that can never match",
                "a\ud800 @1 half a character",
            })
    void saysWhereAndWhat(String source, String expected) {
        RegexMistake mistake = mistake(source);
        assertThat(mistake.index() + " " + mistake.wrong()).startsWith(expected.trim());
        assertThat(mistake.expected()).isNotBlank();
        assertThat(mistake).hasMessage(mistake.wrong() + "; expected " + mistake.expected());
    }

    /** What RE2 takes and no matcher could compile in bounded time is refused before any tries. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a{1,500}){1,500}",
                "((((a{9}){9}){9}){9}){9}",
                "(?:a|ab|abc){900}",
                "(?:x?\\b){1,126}",
                "(?:(?:(?:a?){1000}){1000}){1000}"
            })
    void boundsTheCost(String source) {
        RegexMistake mistake = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> mistake(source));
        assertThat(mistake.wrong()).startsWith("too large");
        assertThat(mistake.expected()).startsWith("at most 2,000");
    }

    @Test
    void boundsTheLength() {
        assertThat(mistake("[^a]".repeat(1_999)).wrong()).startsWith("too long: 3");
        assertThat(mistake("a".repeat(60_000)).wrong()).startsWith("too large: as costly as 60,000 bytes");
    }

    @Test
    void boundsTheDepth() throws RegexMistake {
        assertThat(Regex.parse("(".repeat(250) + "a" + ")".repeat(250), "").pcre())
                .isEqualTo("a");
        assertThat(Regex.parse("(?:".repeat(250) + "a" + "b)*".repeat(250) + "c", "")
                        .matchesEmpty())
                .as("250 repeats of repeats")
                .isFalse();
        assertThat(mistake("(".repeat(60_000)).wrong()).isEqualTo("group too deep");
        assertThat(mistake("(".repeat(60_000)).index()).isEqualTo(250);
    }
}
