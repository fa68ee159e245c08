package dev.gavel.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The iptables rules of one namespace, in the variant that knows NFQUEUE on this kernel. Each has a name. */
final class Iptables {
    private static final Pattern COUNTED =
            Pattern.compile("(?m)^\\[(\\d+):\\d+] -A .*--comment \"?([\\w-]+)\"?( .*)?$");

    private static final String VARIANT = variant();

    private final Netns netns;

    Iptables(Netns netns) {
        this.netns = netns;
    }

    private static String variant() {
        StringBuilder refusals = new StringBuilder();
        for (String variant : new String[] {"-legacy", "-nft", ""}) {
            String rule = "iptables%s -w -t mangle -A OUTPUT -p 254 -j NFQUEUE --queue-num 65535".formatted(variant);
            Shell.Exit exit = Shell.exit(List.of("unshare", "--net", "sh", "-c", rule));
            if (exit.code() == 0) {
                return variant;
            }
            refusals.append(exit.output());
        }
        throw new AssertionError("no variant of iptables can make an NFQUEUE rule here: " + refusals);
    }

    /** Appends a rule, given as iptables takes it, for both IP versions. */
    void add(String name, String rule) {
        for (Ip ip : Ip.values()) {
            add(ip, name, rule);
        }
    }

    /** Appends a rule for one IP version. Rules may share a name; they are then counted together. */
    void add(Ip ip, String name, String rule) {
        List<String> command = new ArrayList<>(List.of(ip.tables + VARIANT, "-w"));
        command.addAll(List.of((rule + " -m comment --comment " + name).split(" ")));
        netns.run(command.toArray(String[]::new));
    }

    /** Puts the rules of a file, as iptables-save writes them, in place of those there are. */
    void restore(Ip ip, Path rules) {
        netns.run("sh", "-c", ip.tables + VARIANT + "-restore -w <" + rules);
    }

    /** All rules with their counters. */
    String save(Ip ip) {
        return netns.run(ip.tables + VARIANT + "-save", "-c");
    }

    /** Packets that have met the rules with this name. */
    long packets(String name) {
        long packets = 0;
        boolean found = false;
        for (Ip ip : Ip.values()) {
            Matcher rule = COUNTED.matcher(netns.run(ip.tables + VARIANT + "-save", "-c"));
            while (rule.find()) {
                if (rule.group(2).equals(name)) {
                    packets += Long.parseLong(rule.group(1));
                    found = true;
                }
            }
        }
        if (!found) {
            throw new IllegalArgumentException("no rule " + name);
        }
        return packets;
    }
}
