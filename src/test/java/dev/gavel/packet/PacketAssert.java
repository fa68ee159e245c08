package dev.gavel.packet;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Compares what a view shows of its packet, value by value; a failure names the value. */
final class PacketAssert extends AbstractAssert<PacketAssert, PacketView> {
    private PacketAssert(PacketView view) {
        super(view, PacketAssert.class);
    }

    static PacketAssert assertPacket(PacketView view) {
        return new PacketAssert(view);
    }

    private PacketAssert same(String name, long shown, long expected) {
        Assertions.assertThat(shown).as(name).isEqualTo(expected);
        return this;
    }

    private PacketAssert upper(String... protocols) {
        List<String> shown = new ArrayList<>();
        if (actual.isTcp()) {
            shown.add("tcp");
        }
        if (actual.isUdp()) {
            shown.add("udp");
        }
        if (actual.isIcmp()) {
            shown.add("icmp");
        }
        if (actual.isSctp()) {
            shown.add("sctp");
        }
        Assertions.assertThat(shown).as("protocols known").containsExactly(protocols);
        return this;
    }

    /** And of no other protocol. */
    PacketAssert isTcp() {
        return upper("tcp");
    }

    /** And of no other protocol. */
    PacketAssert isUdp() {
        return upper("udp");
    }

    /** And of no other protocol. */
    PacketAssert isIcmp() {
        return upper("icmp");
    }

    /** And of no other protocol. */
    PacketAssert isSctp() {
        return upper("sctp");
    }

    PacketAssert isOfNoKnownProtocol() {
        return upper();
    }

    PacketAssert isFragment() {
        Assertions.assertThat(actual.isFragment()).as("fragment").isTrue();
        return this;
    }

    PacketAssert isWhole() {
        Assertions.assertThat(actual.isFragment()).as("fragment").isFalse();
        return this;
    }

    PacketAssert hasIpOptions() {
        Assertions.assertThat(actual.hasIpOptions()).as("IP options").isTrue();
        return this;
    }

    PacketAssert hasNoIpOptions() {
        Assertions.assertThat(actual.hasIpOptions()).as("IP options").isFalse();
        return this;
    }

    PacketAssert version(int expected) {
        return same("version", actual.version(), expected);
    }

    PacketAssert dscp(int expected) {
        return same("dscp", actual.dscp(), expected);
    }

    PacketAssert ecn(int expected) {
        return same("ecn", actual.ecn(), expected);
    }

    PacketAssert ttl(int expected) {
        return same("ttl", actual.ttl(), expected);
    }

    PacketAssert protocol(int expected) {
        return same("protocol", actual.protocol(), expected);
    }

    PacketAssert sourceHigh(long expected) {
        return same("sourceHigh", actual.sourceHigh(), expected);
    }

    PacketAssert sourceLow(long expected) {
        return same("sourceLow", actual.sourceLow(), expected);
    }

    PacketAssert destinationHigh(long expected) {
        return same("destinationHigh", actual.destinationHigh(), expected);
    }

    PacketAssert destinationLow(long expected) {
        return same("destinationLow", actual.destinationLow(), expected);
    }

    PacketAssert sourcePort(int expected) {
        return same("sourcePort", actual.sourcePort(), expected);
    }

    PacketAssert destinationPort(int expected) {
        return same("destinationPort", actual.destinationPort(), expected);
    }

    PacketAssert tcpSequence(int expected) {
        return same("tcpSequence", actual.tcpSequence(), expected);
    }

    PacketAssert tcpAcknowledgment(int expected) {
        return same("tcpAcknowledgment", actual.tcpAcknowledgment(), expected);
    }

    PacketAssert tcpFlags(int expected) {
        return same("tcpFlags", actual.tcpFlags(), expected);
    }

    PacketAssert tcpWindow(int expected) {
        return same("tcpWindow", actual.tcpWindow(), expected);
    }

    PacketAssert icmpType(int expected) {
        return same("icmpType", actual.icmpType(), expected);
    }

    PacketAssert icmpCode(int expected) {
        return same("icmpCode", actual.icmpCode(), expected);
    }

    PacketAssert icmpIdentifier(int expected) {
        return same("icmpIdentifier", actual.icmpIdentifier(), expected);
    }

    PacketAssert ipLength(int expected) {
        return same("ipLength", actual.ipLength(), expected);
    }

    PacketAssert captured(int expected) {
        return same("captured", actual.captured(), expected);
    }

    PacketAssert offset(int expected) {
        return same("offset", actual.offset(), expected);
    }

    PacketAssert l4Offset(int expected) {
        return same("l4Offset", actual.l4Offset(), expected);
    }

    PacketAssert payloadOffset(int expected) {
        return same("payloadOffset", actual.payloadOffset(), expected);
    }

    PacketAssert payloadLength(int expected) {
        return same("payloadLength", actual.payloadLength(), expected);
    }

    PacketAssert originalPayloadLength(int expected) {
        return same("originalPayloadLength", actual.originalPayloadLength(), expected);
    }
}
