package dev.gavel.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Seeds;
import dev.gavel.packet.Pcap4jDecoding.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pcap4j.packet.IcmpV4CommonPacket;
import org.pcap4j.packet.IcmpV6CommonPacket;
import org.pcap4j.packet.IpPacket;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.IpV6Packet;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.SctpPacket;
import org.pcap4j.packet.TcpPacket;
import org.pcap4j.packet.TransportPacket;
import org.pcap4j.packet.UdpPacket;

/**
 * Decodes packets with pcap4j too. Where both find a packet in order all fields must agree; where only one does, it
 * must be for one of the reasons in {@link #OUR_WILL} and {@link #isTooLenient}.
 */
class PacketDifferentialTest {
    private static final int PACKETS = 150_000;

    /** Faults that pcap4j finds and we do not, each for the reason that stands with it. */
    private static final Set<Fault> OUR_WILL = EnumSet.of(
            Fault.NO_LENGTH,
            Fault.OTHER_VERSIONS_PROTOCOL,
            Fault.UNKNOWN_EXTENSION,
            Fault.EXTENSION_CONTENT,
            Fault.EXTENSION_IN_FRAGMENT,
            Fault.CRASH);

    private final PacketView view = new PacketView();
    private int agreedThatValid;

    @Test
    void agreesWithPcap4jOnEveryFieldOfValidPackets() {
        long seed = Seeds.take();
        RandomPackets packets = new RandomPackets(seed);
        for (int i = 0; i < PACKETS; i++) {
            byte[] packet = packets.next();
            String what =
                    "seed " + seed + ", packet " + i + ": " + HexFormat.of().formatHex(packet);
            assertThat(Packets.decode(view, packet)).as(what).isEqualTo(Decoding.OK);
            compare(packet, what);
        }
        assertThat(agreedThatValid).as("seed " + seed).isGreaterThan(PACKETS / 100 * 99);
    }

    @Test
    void agreesWithPcap4jOnFlippedAndCutPackets() {
        long seed = Seeds.take();
        RandomPackets packets = new RandomPackets(seed);
        Random random = packets.random();
        for (int i = 0; i < PACKETS; i++) {
            byte[] packet = packets.next();
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                packet[random.nextInt(Math.min(packet.length, 80))] = (byte) random.nextInt();
            }
            int length = random.nextInt(3) == 0 ? 1 + random.nextInt(packet.length) : packet.length;
            byte[] cut = Arrays.copyOf(packet, length);
            compare(
                    cut,
                    "seed " + seed + ", packet " + i + ": " + HexFormat.of().formatHex(cut));
        }
        assertThat(agreedThatValid).as("seed " + seed).isBetween(PACKETS / 3, PACKETS * 3 / 4);
    }

    private void compare(byte[] packet, String what) {
        boolean isValid = Packets.decode(view, packet) == Decoding.OK;
        Pcap4jDecoding other = Pcap4jDecoding.of(packet);
        if (isValid && other.fault == Fault.NONE) {
            agreedThatValid++;
            expectSameIp(other, what);
            expectSameUpper(other, what);
        } else if (isValid) {
            assertThat(other.fault).as(what).isIn(OUR_WILL);
        } else if (other.fault == Fault.NONE) {
            assertThat(isTooLenient(packet, other))
                    .as(view.malformedLayer() + " malformed, " + what)
                    .isTrue();
        }
    }

    /** pcap4j is content with fewer bytes than the IP or UDP header promises, with 4 of ICMP, and with none at all. */
    private boolean isTooLenient(byte[] packet, Pcap4jDecoding other) {
        ByteBuffer bytes = ByteBuffer.wrap(packet);
        if (view.malformedLayer() == Layer.IP) {
            boolean isIpv4 = packet[0] >> 4 == 4;
            int length = isIpv4 ? bytes.getShort(2) & 0xffff : 40 + (bytes.getShort(4) & 0xffff);
            return length > packet.length || (isIpv4 && length < (packet[0] & 15) * 4);
        }
        if (view.malformedLayer() == Layer.UDP && other.upper != null) {
            int length = bytes.getShort(view.l4Offset() + 4) & 0xffff;
            return length == 0 || length > view.ipLength() - view.l4Offset();
        }
        return other.upper == null || (view.malformedLayer() == Layer.ICMP && other.upper.length() < 8);
    }

    private void expectSameIp(Pcap4jDecoding other, String what) {
        IpPacket.IpHeader header = other.ip.getHeader();
        assertThat(view.version()).as(what).isEqualTo((int) header.getVersion().value());
        assertThat(address(view.sourceHigh(), view.sourceLow()))
                .as(what)
                .isEqualTo(header.getSrcAddr().getAddress());
        assertThat(address(view.destinationHigh(), view.destinationLow()))
                .as(what)
                .isEqualTo(header.getDstAddr().getAddress());
        if (header instanceof IpV4Packet.IpV4Header ipv4) {
            int trafficClass = ipv4.getTos().value() & 0xff;
            assertThat(view.dscp() << 2 | view.ecn()).as(what).isEqualTo(trafficClass);
            assertThat(view.ttl()).as(what).isEqualTo(ipv4.getTtlAsInt());
            assertThat(view.hasIpOptions()).as(what).isEqualTo(ipv4.getIhlAsInt() > 5);
            assertThat(view.fragmentId()).as(what).isEqualTo(ipv4.getIdentificationAsInt());
            assertThat(view.ipLength()).as(what).isEqualTo(ipv4.getTotalLengthAsInt());
        } else if (header instanceof IpV6Packet.IpV6Header ipv6) {
            assertThat(view.dscp() << 2 | view.ecn())
                    .as(what)
                    .isEqualTo(ipv6.getTrafficClass().value() & 0xff);
            assertThat(view.ttl()).as(what).isEqualTo(ipv6.getHopLimitAsInt());
            assertThat(view.hasIpOptions()).as(what).isEqualTo(other.hasExtensions);
            assertThat(view.ipLength()).as(what).isEqualTo(40 + ipv6.getPayloadLengthAsInt());
            long id = other.fragmentHeader == null ? 0 : other.fragmentHeader.getIdentification() & 0xffffffffL;
            assertThat(view.fragmentId()).as(what).isEqualTo(id);
        }
        assertThat(view.protocol()).as(what).isEqualTo(other.protocol);
        assertThat(view.fragmentOffset()).as(what).isEqualTo(other.fragmentOffset());
        assertThat(view.hasMoreFragments()).as(what).isEqualTo(other.hasMoreFragments());
        assertThat(view.isFragment()).as(what).isEqualTo(other.fragmentOffset() > 0 || other.hasMoreFragments());
        if (!view.isUdp() && !view.isIcmp()) { // of these pcap4j leaves out what follows the message
            int upperLength = view.offset() + view.captured() - view.l4Offset();
            assertThat(upperLength).as(what).isEqualTo(other.upper == null ? 0 : other.upper.length());
        }
    }

    private void expectSameUpper(Pcap4jDecoding other, String what) {
        Packet upper = view.isLaterFragment() ? null : other.upper;
        assertThat(view.isTcp()).as(what).isEqualTo(upper instanceof TcpPacket);
        assertThat(view.isUdp()).as(what).isEqualTo(upper instanceof UdpPacket);
        assertThat(view.isSctp()).as(what).isEqualTo(upper instanceof SctpPacket);
        assertThat(view.isIcmp())
                .as(what)
                .isEqualTo(upper instanceof IcmpV4CommonPacket || upper instanceof IcmpV6CommonPacket);
        if (upper instanceof TransportPacket transport) {
            assertThat(view.sourcePort())
                    .as(what)
                    .isEqualTo(transport.getHeader().getSrcPort().value() & 0xffff);
            assertThat(view.destinationPort())
                    .as(what)
                    .isEqualTo(transport.getHeader().getDstPort().value() & 0xffff);
        }
        if (upper instanceof TcpPacket tcp) {
            expectSameTcp(tcp.getHeader(), what);
        }
        if (upper instanceof TcpPacket || upper instanceof UdpPacket) {
            byte[] payload = upper.getPayload() == null
                    ? new byte[0]
                    : upper.getPayload().getRawData();
            assertThat(payload()).as(what).isEqualTo(payload);
        } else if (upper != null && !view.isIcmp()) {
            byte[] bytes = upper.getRawData();
            int header = view.isSctp() ? 12 : 0;
            assertThat(payload()).as(what).isEqualTo(Arrays.copyOfRange(bytes, header, bytes.length));
        }
        if (upper instanceof IcmpV4CommonPacket icmp) {
            assertThat(view.icmpType())
                    .as(what)
                    .isEqualTo(icmp.getHeader().getType().value() & 0xff);
            assertThat(view.icmpCode())
                    .as(what)
                    .isEqualTo(icmp.getHeader().getCode().value() & 0xff);
        } else if (upper instanceof IcmpV6CommonPacket icmp) {
            assertThat(view.icmpType())
                    .as(what)
                    .isEqualTo(icmp.getHeader().getType().value() & 0xff);
            assertThat(view.icmpCode())
                    .as(what)
                    .isEqualTo(icmp.getHeader().getCode().value() & 0xff);
        }
    }

    private void expectSameTcp(TcpPacket.TcpHeader tcp, String what) {
        assertThat(view.tcpSequence()).as(what).isEqualTo(tcp.getSequenceNumber());
        assertThat(view.tcpAcknowledgment()).as(what).isEqualTo(tcp.getAcknowledgmentNumber());
        assertThat(view.tcpWindow()).as(what).isEqualTo(tcp.getWindowAsInt());
        int flags = (tcp.getReserved() & 3) << 6
                | (tcp.getUrg() ? 0x20 : 0)
                | (tcp.getAck() ? 0x10 : 0)
                | (tcp.getPsh() ? 8 : 0)
                | (tcp.getRst() ? 4 : 0)
                | (tcp.getSyn() ? 2 : 0)
                | (tcp.getFin() ? 1 : 0);
        assertThat(view.tcpFlags()).as(what).isEqualTo(flags);
    }

    private byte[] payload() {
        byte[] payload = new byte[view.payloadLength()];
        view.buffer().getBytes(view.payloadOffset(), payload);
        return payload;
    }

    private byte[] address(long high, long low) {
        ByteBuffer bytes = ByteBuffer.allocate(16).putLong(high).putLong(low);
        return view.version() == 6 ? bytes.array() : Arrays.copyOfRange(bytes.array(), 12, 16);
    }
}
