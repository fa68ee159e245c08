package dev.gavel.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of rules, in the words of the policy language. */
class IptablesImportTest {
    private static IptablesImport.Wanted all(IpVersion version) {
        return new IptablesImport.Wanted(version, Set.of(), Set.of());
    }

    private static IptablesImport imported(IpVersion version, String rules, String sets) {
        try {
            return IptablesImport.of(
                    "rules",
                    rules.getBytes(StandardCharsets.ISO_8859_1),
                    sets.getBytes(StandardCharsets.ISO_8859_1),
                    all(version));
        } catch (TooLarge e) {
            throw new AssertionError(e);
        }
    }

    /** The expressions of the rules of {@code chains}, one a line with their verdict; without the chain's policy. */
    private static List<String> rules(IptablesImport imported) {
        List<String> rules = new ArrayList<>();
        String when = "";
        String verdict = "";
        boolean ofLine = false;
        for (String line : (imported.policy() + "  - name: end\n").lines().toList()) {
            if (line.startsWith("  - name: ")) {
                if (ofLine) {
                    rules.add(when + " -> " + verdict);
                }
                ofLine = line.startsWith("  - name: line-");
                when = "always";
            } else if (line.startsWith("    when: ")) {
                when = line.substring(11, line.length() - 1).replace("''", "'");
            } else if (line.startsWith("    verdict: ")) {
                verdict = line.substring(13);
            } else if (line.startsWith("    mark: ")) {
                verdict += " " + line.substring(4);
            }
        }
        return rules;
    }

    private static List<String> input(String... lines) {
        IptablesImport imported = imported(IpVersion.V4, "*filter\n" + String.join("\n", lines) + "\nCOMMIT\n", "");
        assertThat(imported.notes()).isEmpty();
        return rules(imported);
    }

    private static String refusal(IpVersion version, String rule) {
        IptablesImport imported = imported(version, "*filter\n-A INPUT " + rule + "\n", "");
        assertThat(rules(imported)).isEmpty();
        assertThat(imported.notes()).hasSize(1);
        assertThat(imported.policy()).contains("\n#   " + imported.notes().get(0));
        return imported.notes().get(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            ignoreLeadingAndTrailingWhitespace = true,
            quoteCharacter = '`',
            value = {
                "-p tcp @ ip.proto == tcp",
                "! -p tcp @ ip.proto != tcp",
                "-p 47 @ ip.proto == 47",
                "-p all @ always",
                "-p tcp -m tcp @ tcp",
                "-p tcp -m tcp --dport 80 @ tcp.dst_port == 80",
                "-p tcp --sport 1024: --dport :79 @ tcp.src_port in {1024..65535} and tcp.dst_port in {0..79}",
                "-p udp -m udp ! --sport 53 @ udp and not udp.src_port == 53",
                "-p sctp -m sctp --dport 0:65535 @ sctp",
                "-p tcp -m multiport --dports 22,80:90 @ tcp.dst_port in {22, 80..90}",
                "-p udp -m multiport ! --ports 1,2 @ udp and not udp.port in {1, 2}",
                "-p tcp --syn @ tcp.flags & 0x17 == 0x02",
                "-p tcp -m tcp ! --tcp-flags ALL NONE @ tcp.flags & 0x3f != 0x00",
                "-p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK @ tcp.flags & 0x12 == 0x12",
                "-p tcp -m tcp --tcp-flags NONE NONE @ tcp",
                "-s 10.0.0.0/8 @ ip.src == 10.0.0.0/8",
                "-s 10.1.2.3/255.0.0.0 ! -d 192.0.2.1/32 @ ip.src == 10.1.2.3/8 and not ip.dst == 192.0.2.1",
                "-s 0.0.0.0/0 @ always",
                "-s 1.2.3.4,4.3.2.1 @ ip.src in {1.2.3.4, 4.3.2.1}",
                "-m iprange --src-range 1.1.1.1-2.2.2.2 ! --dst-range 3.3.3.3-4.4.4.4 @ ip.src in {1.1.1.1..2.2.2.2}"
                        + " and not ip.dst in {3.3.3.3..4.4.4.4}",
                "-i eth0 ! -o wlan+ @ in_iface == \"eth0\" and not out_iface starts_with \"wlan\"",
                "-i + @ always",
                "-f @ ip.fragment and not payload",
                "! -f @ not (ip.fragment and not payload)",
                "-p icmp -m icmp --icmp-type 8 @ icmp.type == 8",
                "-p icmp --icmp-type echo-request @ icmp.type == 8",
                "-p icmp -m icmp ! --icmp-type 3/1 @ icmp and not (icmp.type == 3 and icmp.code == 1)",
                "-p icmp -m icmp --icmp-type any @ icmp",
                "-m ttl --ttl-lt 5 @ ip.ttl < 5",
                "-m ttl ! --ttl-eq 64 @ not ip.ttl == 64",
                "-m length --length 40:100 @ length in {40..100}",
                "-m length ! --length 7 @ not length == 7",
                "-m mark --mark 0x3/0x7 @ mark & 0x7 == 0x3",
                "-m mark ! --mark 0xa @ not mark == 0xa",
                "-m mac --mac-source AA:bb:cc:00:11:22 @ src_mac == aa:bb:cc:00:11:22",
                "-m mac ! --mac-source AA:bb:cc:00:11:22 @ src_mac != aa:bb:cc:00:11:22",
                "-m string --string abc --algo bm @ packet[:65535] contains \"abc\"",
                "-m string --string \"!\" --algo bm @ packet[:65535] contains \"!\"",
                "-m string ! --string \"a b\\\"\\\\\" --algo kmp --from 3 --to 9 @ not packet[3:9] contains \"a b\\\"\\\\\"",
                "-m string --hex-string \"GET |0d 0a|'\" --algo bm --icase @ packet[:65535] icontains"
                        + " \"GET \\x0d\\x0a'\"",
                "-m string --hex-string |c3e9| --algo kmp --icase @ packet[:65535] contains"
                        + " {\"\\xc3\\xe9\", \"\\xe3\\xe9\", \"\\xc3\\xc9\", \"\\xe3\\xc9\"}",
                "-m string --string ab --algo bm -m string --string cd --algo bm --to 30 @"
                        + " packet[:65535] contains \"ab\" and packet[:30] contains \"cd\"",
                "-m comment --comment \"it's\" @ always",
            })
    void saysTheSameOfAMatch(String rule, String expression) {
        assertThat(input("-A INPUT " + rule + " -j DROP")).containsExactly(expression + " -> drop");
    }

    @Test
    void leavesOutWhatCanNeverMatch() {
        assertThat(input(
                        "-A INPUT -m string --string abc --algo bm --from 10 --to 12 -j DROP",
                        "-A INPUT -m mark --mark 0x8/0x7 -j DROP",
                        "-A INPUT -p tcp -m tcp --tcp-flags SYN ACK -j DROP",
                        "-A INPUT ! -s 0.0.0.0/0 -j DROP"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            value = {
                "-m conntrack --ctstate NEW -j DROP @ no ct.state yet",
                "-m hashlimit --hashlimit-name x -j DROP @ -m hashlimit",
                "-m u32 --u32 1 -j DROP @ -m u32",
                "-j LOG --log-prefix x @ target LOG",
                "-j MARK --set-xmark 0x1/0x0 @ toggle",
                "-j NFQUEUE --queue-balance 0:3 @ one queue",
                "-j NOSUCHCHAIN @ target NOSUCHCHAIN",
                "-g nowhere @ no chain nowhere",
                "-s 10.0.0.0/255.0.255.0 -j DROP @ netmask",
                "-s localhost -j DROP @ no IPv4 address",
                "-s 10.0.0.0/33 -j DROP @ 33",
                "-s ::1 -j DROP @ no IPv4 address",
                "-p tcp --dport http -j DROP @ http",
                "-p tcp --dport 9:3 -j DROP @ empty range",
                "-p tcp --dport 65536 -j DROP @ 65536",
                "--dport 80 -j DROP @ without a -p",
                "! -p tcp -m tcp --dport 80 -j DROP @ without a -p",
                "-p tcp -m tcp --tcp-option 8 -j DROP @ --tcp-option",
                "-p tcp -m tcp --dport @ lacks",
                "-p tcp -m tcp --dport ! 80 -j DROP @ ! is no number",
                "-m string --string x --algo xx -j DROP @ --algo",
                "-m string --string x --algo bm --from 9 --to 8 -j DROP @ --from",
                "-m string --string \"\" --algo bm -j DROP @ 0 bytes",
                "-m string --string \"x @ not closed",
                "-m string --hex-string |4| --algo bm -j DROP @ malformed",
                "-m string --hex-string |41 --algo bm -j DROP @ malformed",
                "-m string --hex-string |dfbf| --algo bm --icase -j DROP @ misses",
                "-m string --hex-string |c0c1c2c3c4c5c6c7| --algo kmp --icase -j DROP @ Latin-1",
                "-m set --match-set foo src -j DROP @ set foo",
                "--mark 1 -j DROP @ without -m mark",
            })
    void listsWhatItCannotSay(String rule, String why) {
        assertThat(refusal(IpVersion.V4, rule)).startsWith("rules:2: ").contains(why);
    }

    @Test
    void takesEachTargetForItsVerdict() {
        assertThat(input(
                        "-A INPUT -s 1.1.1.1 -j ACCEPT",
                        "-A INPUT -p udp -j REJECT --reject-with icmp-port-unreachable",
                        "-A INPUT -p tcp -j REJECT --reject-with tcp-reset",
                        "-A INPUT -j NFQUEUE --queue-num 3",
                        "-A INPUT -j NFQUEUE --queue-num 4 --queue-bypass",
                        "-A INPUT -j MARK --set-xmark 0x1/0xff",
                        "-A INPUT -j MARK --set-mark 0x100/0x1",
                        "-A INPUT -j MARK --or-mark 2",
                        "-A INPUT -j MARK --and-mark 0xff",
                        "-A INPUT -s 2.2.2.2"))
                .containsExactly(
                        "ip.src == 1.1.1.1 -> accept",
                        "ip.proto == udp -> reject",
                        "ip.proto == tcp -> reject",
                        "always -> queue 3",
                        "always -> queue 4 bypass",
                        "always -> continue mark: 0x1/0xff",
                        "always -> continue mark: 0x100/0x101",
                        "always -> continue mark: 0x2/0x2",
                        "always -> continue mark: 0x0/0xffffff00",
                        "ip.src == 2.2.2.2 -> continue");
    }

    @Test
    void listsARejectThatAnswersOtherwise() {
        IptablesImport imported = imported(IpVersion.V4, "-A INPUT -j REJECT --reject-with icmp-host-prohibited\n", "");
        assertThat(rules(imported)).containsExactly("always -> reject");
        assertThat(imported.notes()).singleElement().asString().startsWith("rules:1: translated, but reject answers");
    }

    @Test
    void putsTheRulesOfAChainInPlaceOfTheJump() {
        assertThat(input(
                        ":web - [0:0]",
                        ":deep - [0:0]",
                        "-A INPUT -p tcp -m tcp --dport 80 -j web",
                        "-A INPUT -j DROP",
                        "-A web -s 1.1.1.1 -j RETURN",
                        "-A web -s 2.2.2.2 -g deep",
                        "-A web -j ACCEPT",
                        "-A deep -s 3.3.3.3 -j RETURN",
                        "-A deep -d 4.4.4.4 -j DROP"))
                .containsExactly(
                        "tcp.dst_port == 80 and not ip.src == 1.1.1.1 and ip.src == 2.2.2.2 and not ip.src == 3.3.3.3"
                                + " and ip.dst == 4.4.4.4 -> drop",
                        "tcp.dst_port == 80 and not ip.src == 1.1.1.1 and not ip.src == 2.2.2.2 -> accept",
                        "always -> drop");
    }

    @Test
    void leavesABuiltInChainByItsPolicy() {
        IptablesImport imported =
                imported(IpVersion.V4, ":INPUT DROP [0:0]\n-A INPUT -s 1.1.1.1 -j RETURN\n-A INPUT -j ACCEPT\n", "");
        assertThat(rules(imported)).containsExactly("ip.src == 1.1.1.1 -> drop", "always -> accept");
        assertThat(imported.policy())
                .contains("when: 'ip.version == 4 and hook == input'")
                .endsWith("verdict: drop\n");
    }

    @Test
    void goesOnBehindTheAcceptOfAnEarlierTable() {
        assertThat(input(
                        "-A INPUT -s 1.1.1.1 -j ACCEPT",
                        "-A INPUT -s 2.2.2.2 -j DROP",
                        "COMMIT",
                        "*raw",
                        ":INPUT DROP [0:0]",
                        "-A INPUT -d 5.5.5.5 -j ACCEPT",
                        "-A INPUT -d 6.6.6.6 -j DROP"))
                .containsExactly(
                        "ip.dst == 6.6.6.6 and not ip.dst == 5.5.5.5 -> drop",
                        "ip.src == 1.1.1.1 -> accept",
                        "ip.src == 2.2.2.2 -> drop");
    }

    @Test
    void separatesHooks() {
        assertThat(input("-A INPUT -s 1.1.1.1 -j DROP", "-A FORWARD -j DROP"))
                .containsExactly("hook == input and ip.src == 1.1.1.1 -> drop", "hook == forward -> drop");
    }

    @Test
    void testsTheMarkAsRulesInFrontHaveLeftIt() {
        assertThat(input(
                        "-A INPUT -s 1.1.1.1 -j MARK --set-mark 1",
                        "-A INPUT -m mark --mark 1 -j DROP",
                        "-A INPUT -m mark --mark 2/2 -j DROP",
                        "-A INPUT -j MARK --set-xmark 0x10/0x10",
                        "-A INPUT -m mark --mark 0x10/0x10 -j ACCEPT",
                        "-A INPUT -m mark --mark 0x40/0x40 -j ACCEPT"))
                .containsExactly(
                        "ip.src == 1.1.1.1 -> continue mark: 0x1/0xffffffff",
                        "ip.src == 1.1.1.1 or (not ip.src == 1.1.1.1 and mark == 0x1) -> drop",
                        "not ip.src == 1.1.1.1 and mark & 0x2 == 0x2 -> drop",
                        "always -> continue mark: 0x10/0x10",
                        "always -> accept",
                        "not ip.src == 1.1.1.1 and mark & 0x40 == 0x40 -> accept");
    }

    @Test
    void doesNotTrustAMarkThatAnUntranslatedRuleMayHaveSet() {
        IptablesImport imported = imported(
                IpVersion.V4,
                "-A INPUT -m mark --mark 2 -j DROP\n-A INPUT -j CONNMARK --restore-mark\n-A INPUT -m mark --mark 1 -j DROP\n",
                "");
        assertThat(rules(imported)).containsExactly("mark == 0x2 -> drop");
        assertThat(imported.notes()).hasSize(2).last().asString().startsWith("rules:3: the mark may come from line 2");
    }

    @Test
    void takesSetsAsTheyWere() {
        String sets = """
                create ips hash:ip family inet hashsize 1024 maxelem 65536 comment
                add ips 1.1.1.1 comment "a b"
                add ips 2.2.2.2
                create nets hash:net family inet6 timeout 0
                add nets fd00::/16
                create pairs hash:ip,port family inet
                add pairs 1.1.1.1,tcp:80
                add pairs 2.2.2.2,tcp:80
                add pairs 3.3.3.3,udp:53
                create empty hash:ip
                create dying hash:ip timeout 300
                add dying 1.1.1.1 timeout 12
                create holes hash:net
                add holes 10.0.0.0/8 nomatch
                create macs hash:mac
                """;
        String rules = """
                -A INPUT -m set --match-set ips src -j DROP
                -A INPUT -m set ! --match-set ips dst -j DROP
                -A INPUT -m set --match-set nets src -j DROP
                -A INPUT -m set --match-set pairs src,dst -j DROP
                -A INPUT -m set --match-set empty src -j DROP
                -A INPUT -m set --match-set dying src -j DROP
                -A INPUT -m set --match-set holes src -j DROP
                -A INPUT -m set --match-set macs src -j DROP
                -A INPUT -m set --match-set pairs src -j DROP
                -A INPUT -m set --match-set ips src --return-nomatch -j DROP
                """;
        IptablesImport imported = imported(IpVersion.V4, rules, sets);
        assertThat(rules(imported))
                .containsExactly(
                        "ip.src in {1.1.1.1, 2.2.2.2} -> drop",
                        "not ip.dst in {1.1.1.1, 2.2.2.2} -> drop",
                        "ip.src == fd00::/16 -> drop",
                        "(ip.src in {1.1.1.1, 2.2.2.2} and tcp.dst_port == 80) or (ip.src == 3.3.3.3 and udp.dst_port == 53)"
                                + " -> drop");
        assertThat(imported.notes())
                .satisfiesExactly(
                        note -> assertThat(note).contains("rules:6:", "timeout"),
                        note -> assertThat(note).contains("rules:7:", "nomatch"),
                        note -> assertThat(note).contains("rules:8:", "hash:mac"),
                        note -> assertThat(note).contains("rules:9:", "asked for src"),
                        note -> assertThat(note).contains("rules:10:", "--return-nomatch"));
    }

    @Test
    void makesListsOfLargeSets() {
        StringBuilder sets = new StringBuilder("create Big.Set hash:ip,port\ncreate big_net hash:net family inet6\n");
        for (int i = 1; i < 100; i++) {
            sets.append(String.format("add Big.Set 10.0.0.%d,udp:53\nadd big_net fd%02x::/16\n", i, i));
        }
        String rules = """
                -A INPUT -m set --match-set Big.Set src,dst -j DROP
                -A INPUT -m set ! --match-set Big.Set dst,src -j DROP
                -A INPUT -m set --match-set big_net src -j DROP
                """;
        IptablesImport imported = imported(IpVersion.V4, rules, sets.toString());
        assertThat(imported.notes()).isEmpty();
        assertThat(rules(imported))
                .containsExactly(
                        "ip.src in $big-set-udp-53 and udp.dst_port == 53 -> drop",
                        "not (ip.dst in $big-set-udp-53 and udp.src_port == 53) -> drop",
                        "ip.src in $big_net -> drop");
        assertThat(imported.policy())
                .contains(
                        "  big-set-udp-53:\n    type: net\n    entries:\n      - '10.0.0.1'\n",
                        "      - 'fd63::/16'\n");
    }

    @Test
    void readsIpv6() {
        IptablesImport imported = imported(IpVersion.V4, """
                # Generated by ip6tables-save v1.8.9 on Fri Nov 20 14:03:01 2026
                *filter
                -A INPUT -s fd00::/16 -p ipv6-icmp -m icmp6 --icmpv6-type 128 -m hl --hl-gt 3 -j DROP
                -A INPUT -d 2001:db8::1/ffff:ffff:: -j DROP
                """, "");
        assertThat(imported.notes()).isEmpty();
        assertThat(imported.policy()).contains("policy: ip6tables\n", "ip.version == 6");
        assertThat(rules(imported))
                .containsExactly(
                        "icmp.type == 128 and ip.src == fd00::/16 and ip.ttl > 3 -> drop",
                        "ip.dst == 2001:db8::1/32 -> drop");
        assertThat(refusal(IpVersion.V6, "-p ah -j DROP")).contains("extension header");
        assertThat(refusal(IpVersion.V6, "-s 10.0.0.1 -j DROP")).contains("no IPv6 address");
    }

    @Test
    void takesOnlyTheTablesAndChainsThatAreWanted() throws TooLarge {
        byte[] rules =
                "*raw\n-A OUTPUT -j DROP\n*filter\n-A INPUT -j DROP\n-A OUTPUT -j ACCEPT\n*nat\n-A OUTPUT -j DNAT\n"
                        .getBytes(StandardCharsets.ISO_8859_1);
        IptablesImport.Wanted wanted = new IptablesImport.Wanted(IpVersion.V4, Set.of("filter"), Set.of("OUTPUT"));
        IptablesImport imported = IptablesImport.of("rules", rules, new byte[0], wanted);
        assertThat(imported.notes()).isEmpty();
        assertThat(rules(imported)).containsExactly("always -> accept");
        assertThat(IptablesImport.of("rules", rules, new byte[0], all(IpVersion.V4))
                        .notes())
                .containsExactly("rules:7: table nat has no counterpart in a policy: -j DNAT");
    }

    @Test
    void listsLinesThatAreNone() {
        IptablesImport imported =
                imported(IpVersion.V4, "hello\n-A\n:x\n-X y\n\0\u00ff\n-A INPUT -j\n-A INPUT !\n", "");
        assertThat(imported.notes()).hasSize(7);
        assertThat(imported.notes().get(4)).isEqualTo("rules:5: not a line of iptables-save: .\ufffd");
        assertThat(imported(IpVersion.V4, "", "").policy()).endsWith("rules: []\n");
    }

    @Test
    void refusesJumpsInACircle() {
        IptablesImport imported =
                imported(IpVersion.V4, ":a -\n:b -\n-A INPUT -j a\n-A a -j b\n-A b -j a\n-A b -j DROP\n", "");
        assertThat(rules(imported)).containsExactly("always -> drop");
        assertThat(imported.notes()).singleElement().asString().startsWith("rules:5: the jump leads round");
    }

    @Test
    void givesUpOnChainsThatGrowBeyondBounds() {
        StringBuilder wide = new StringBuilder("-A INPUT -j c0\n");
        StringBuilder deep = new StringBuilder("-A INPUT -j c0\n");
        for (int i = 0; i < 300; i++) {
            wide.append(String.format(
                    ":c%d -\n-A c%d -j c%d\n-A c%d -j c%d\n", i % 30, i % 30, i % 30 + 1, i % 30, i % 30 + 1));
            deep.append(String.format(":c%d -\n-A c%d -j c%d\n", i, i, i + 1));
        }
        assertThatThrownBy(() -> IptablesImport.of("r", bytes(wide + ":c30 -\n"), bytes(""), all(IpVersion.V4)))
                .isInstanceOf(TooLarge.class)
                .hasMessageContaining("200000 rules");
        assertThatThrownBy(() -> IptablesImport.of("r", bytes(deep + ":c300 -\n"), bytes(""), all(IpVersion.V4)))
                .isInstanceOf(TooLarge.class)
                .hasMessageContaining("256 chains deep");
        StringBuilder distinct = new StringBuilder("-A INPUT -j a\n:a -\n");
        for (int i = 0; i < 3000; i++) {
            distinct.append(String.format("-A a -s 10.0.%d.%d -j RETURN\n", i >> 8, i & 255));
        }
        IptablesImport imported = imported(IpVersion.V4, distinct + "-A a -j DROP\n", "");
        assertThat(imported.notes()).last().asString().contains("longer than 64 KiB");
        assertThat(rules(imported)).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
