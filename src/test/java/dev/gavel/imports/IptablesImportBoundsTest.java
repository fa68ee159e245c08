package dev.gavel.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules by the thousand, and marks that cannot be known. */
class IptablesImportBoundsTest {
    private static IptablesImport imported(String rules, String sets) throws TooLarge {
        return IptablesImport.of(
                "rules",
                rules.getBytes(StandardCharsets.ISO_8859_1),
                sets.getBytes(StandardCharsets.ISO_8859_1),
                new IptablesImport.Wanted(IpVersion.V4, Set.of(), Set.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-m comment --comment \"see -j ACCEPT below\" -m conntrack --ctstate NEW -j MARK --set-mark 1",
                "-m conntrack --ctstate NEW --jump MARK --set-mark 1",
                "-j MARK --set-mark 1 -m comment --comment \"not closed",
            })
    void losesTheMarkAtAnUntranslatedRuleThatMaySetIt(String rule) throws TooLarge {
        IptablesImport imported = imported("-A INPUT " + rule + "\n-A INPUT -m mark --mark 1 -j DROP\n", "");
        assertThat(imported.policy()).doesNotContain("verdict: drop");
        assertThat(imported.notes()).hasSize(2).last().asString().startsWith("rules:2: the mark may come from line 1");
    }

    @Test
    void keepsTheMarkAtACommentThatOnlyTellsOfAJump() throws TooLarge {
        IptablesImport imported = imported(
                "-A INPUT -m comment --comment \"was -j MARK once\" -m conntrack --ctstate NEW -j ACCEPT\n"
                        + "-A INPUT -m mark --mark 1 -j DROP\n",
                "");
        assertThat(imported.notes()).hasSize(1);
        assertThat(imported.policy()).contains("when: 'mark == 0x1'\n    verdict: drop");
    }
}
