package dev.gavel.imports;

/** Whose rules are imported: those of iptables, or those of ip6tables. */
public enum IpVersion {
    V4("iptables", "IPv4", 4, 32),
    V6("ip6tables", "IPv6", 6, 128);

    final String program;
    final String title;
    final int number;
    final int bits;

    IpVersion(String program, String title, int number, int bits) {
        this.program = program;
        this.title = title;
        this.number = number;
        this.bits = bits;
    }
}
