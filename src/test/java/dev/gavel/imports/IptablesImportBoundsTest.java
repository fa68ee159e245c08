package dev.gavel.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        IptablesImport imported = imported("""
                -A INPUT -m comment --comment "was -j MARK once" -m conntrack --ctstate NEW -j ACCEPT
                -A INPUT -m mark --mark 1 -j DROP
                """, "");
        assertThat(imported.notes()).hasSize(1);
        assertThat(imported.policy()).contains("when: 'mark == 0x1'\n    verdict: drop");
    }

    @Test
    void testsTheMarkBehindManyUnconditionalChanges() throws TooLarge {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            rules.append(String.format("-A INPUT -j MARK --set-xmark 0x%1$x/0x%1$x\n", 1L << i % 23));
        }
        IptablesImport imported = imported(rules + "-A INPUT -m mark --mark 0x107fffff -j DROP\n", "");
        assertThat(imported.notes()).isEmpty();
        assertThat(imported.policy()).contains("when: 'mark & 0xff800000 == 0x10000000'\n    verdict: drop");
    }

    @Test
    void testsEachBitOfAMarkThatConditionalChangesOverlap() throws TooLarge {
        IptablesImport imported = imported("""
                -A INPUT -s 1.1.1.1 -j MARK --set-xmark 0x3/0x3
                -A INPUT -s 2.2.2.2 -j MARK --set-xmark 0x4/0x6
                -A INPUT -m mark --mark 0x5/0x7 -j DROP
                """, "");
        assertThat(imported.notes()).isEmpty();
        assertThat(imported.policy())
                .contains(
                        "when: '(ip.src == 2.2.2.2 or (not ip.src == 2.2.2.2 and not ip.src == 1.1.1.1 and mark & 0x2 == 0x0))"
                                + " and (ip.src == 1.1.1.1 or (not ip.src == 1.1.1.1 and mark & 0x1 == 0x1))"
                                + " and (ip.src == 2.2.2.2 or (not ip.src == 2.2.2.2 and mark & 0x4 == 0x4))'");
    }

    @Test
    void listsATestBehindTooManyConditionalChanges() throws TooLarge {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            rules.append(mark(i));
        }
        IptablesImport imported = imported(rules + "-A INPUT -m mark --mark 1/1 -j DROP\n", "");
        assertThat(imported.notes()).singleElement().asString().startsWith("rules:3001: the rules in front change");
        for (int i = 3000; i < 5000; i++) {
            rules.append(mark(i));
        }
        imported = imported(rules + "-A INPUT -m mark --mark 1/1 -j DROP\n", "");
        assertThat(imported.notes()).singleElement().asString().startsWith("rules:5001: more than 4096 rules");
    }

    private static String mark(int i) {
        return String.format("-A INPUT -s 10.0.%d.%d/32 -j MARK --set-xmark 0x1/0x1\n", i >> 8, i & 255);
    }

    @Test
    void takesThirtyThousandRules() throws TooLarge {
        assertThat(imported(drops(30_000), "").policy().lines().filter(line -> line.startsWith("  - name: line-")))
                .hasSize(30_000);
    }

    @Test
    void givesUpOnAPolicyThatWouldNotLoad() {
        assertThatThrownBy(() -> imported(drops(60_000), ""))
                .isInstanceOf(TooLarge.class)
                .hasMessageContaining("4 MiB")
                .hasMessageContaining("--chain");
        StringBuilder sets = new StringBuilder("create big hash:ip\n");
        for (int i = 0; i < 220_000; i++) {
            sets.append(String.format("add big 10.%d.%d.%d\n", i >> 16, i >> 8 & 255, i & 255));
        }
        assertThatThrownBy(() -> imported("-A INPUT -m set --match-set big src -j DROP\n", sets.toString()))
                .isInstanceOf(TooLarge.class)
                .hasMessageContaining("4 MiB")
                .hasMessageContaining("lists with a file");
    }

    private static String drops(int count) {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < count; i++) {
            rules.append("-A INPUT -p tcp -m tcp --dport ").append(i).append(" -j DROP\n");
        }
        return rules.toString();
    }
}
