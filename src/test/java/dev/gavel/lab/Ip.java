package dev.gavel.lab;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IP version and the laboratory's addresses in it: the client's side is {@code 1}, the server's side is {@code 2}.
 */
enum Ip {
    V4("10.0.%s.%s", 16, 24, "iptables", "-p icmp --icmp-type "),
    V6("fd00:%s::%s", 16, 32, "ip6tables", "-p ipv6-icmp --icmpv6-type ");

    private final String pattern;
    /** Prefix lengths of both sides together, and of one side. */
    final int wide;

    final int narrow;
    final String tables;
    /** What an iptables rule for an ICMP type begins with. */
    final String icmpType;

    Ip(String pattern, int wide, int narrow, String tables, String icmpType) {
        this.pattern = pattern;
        this.wide = wide;
        this.narrow = narrow;
        this.tables = tables;
        this.icmpType = icmpType;
    }

    String client() {
        return address(1, 1);
    }

    String server() {
        return address(2, 1);
    }

    /** A second address of the server, for policies that go by address. */
    String serverAlias() {
        return address(2, 2);
    }

    String router(int side) {
        return address(side, 99);
    }

    /** Host {@code number} of {@code side}. */
    String address(int side, int number) {
        return pattern.formatted(side, number);
    }

    static InetAddress parse(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }
}
