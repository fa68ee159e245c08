package dev.gavel.packet;

import java.util.Set;
import org.pcap4j.packet.FragmentedPacket;
import org.pcap4j.packet.IcmpV4CommonPacket;
import org.pcap4j.packet.IcmpV6CommonPacket;
import org.pcap4j.packet.IllegalPacket;
import org.pcap4j.packet.IllegalRawDataException;
import org.pcap4j.packet.IpPacket;
import org.pcap4j.packet.IpSelector;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.IpV6ExtDestinationOptionsPacket;
import org.pcap4j.packet.IpV6ExtFragmentPacket;
import org.pcap4j.packet.IpV6ExtHopByHopOptionsPacket;
import org.pcap4j.packet.IpV6ExtRoutingPacket;
import org.pcap4j.packet.IpV6ExtUnknownPacket;
import org.pcap4j.packet.IpV6Packet;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.SctpPacket;
import org.pcap4j.packet.TcpPacket;
import org.pcap4j.packet.UdpPacket;

/** What pcap4j makes of a packet: its IP header, the last number that names what follows, and what does follow. */
final class Pcap4jDecoding {
    /** Why pcap4j does not find a packet in order, or cannot be asked. */
    enum Fault {
        NONE,
        NOT_IP,
        ILLEGAL_UPPER_LAYER,
        /** It takes a length field of 0 for what it says, not for a jumbogram or BIG TCP. */
        NO_LENGTH,
        /** It reads IPv6's headers and ICMPv6 in IPv4 too, and ICMP in IPv6. */
        OTHER_VERSIONS_PROTOCOL,
        /**
         * It knows no AH, mobility, HIP and shim6, which we walk, and takes unknown numbers in IPv6, where we end, for
         * more.
         */
        UNKNOWN_EXTENSION,
        /** It reads the options and routes in extension headers; to us they are the receiver's business. */
        EXTENSION_CONTENT,
        /** It does not look into first and atomic fragments; here we let it, but not for more extension headers. */
        EXTENSION_IN_FRAGMENT,
        /** It failed with an exception that it does not promise. */
        CRASH
    }

    private static final Set<Integer> EXTENSIONS = Set.of(0, 43, 44, 51, 60, 135, 139, 140);

    /** Null if pcap4j finds no IP header. */
    final IpPacket ip;

    final Fault fault;
    boolean hasExtensions;
    int protocol;
    /** Null if there is none. */
    IpV6ExtFragmentPacket.IpV6ExtFragmentHeader fragmentHeader;
    /** What follows the IP headers and is not theirs: null if nothing does. */
    Packet upper;

    private Pcap4jDecoding(Fault fault) {
        ip = null;
        this.fault = fault;
    }

    private Pcap4jDecoding(IpPacket ip) {
        this.ip = ip;
        upper = ip.getPayload();
        protocol = ip.getHeader().getProtocol().value() & 0xff;
        Fault inExtensions = ip instanceof IpV6Packet ? walkExtensions() : Fault.NONE;
        if (upper instanceof FragmentedPacket && fragmentOffset() == 0) {
            upper = insideFragment(upper, protocol);
        }
        fault = inExtensions == Fault.NONE ? faultOfUpper() : inExtensions;
    }

    static Pcap4jDecoding of(byte[] packet) {
        try {
            Packet whole = IpSelector.newPacket(packet, 0, packet.length);
            return whole instanceof IpPacket ip ? new Pcap4jDecoding(ip) : new Pcap4jDecoding(Fault.NOT_IP);
        } catch (IllegalRawDataException e) {
            return new Pcap4jDecoding(Fault.NOT_IP);
        } catch (ArrayIndexOutOfBoundsException | IllegalArgumentException e) {
            return new Pcap4jDecoding(Fault.CRASH);
        }
    }

    private Fault walkExtensions() {
        Fault found = Fault.NONE;
        for (; isExtension(upper); upper = upper.getPayload()) {
            byte[] bytes = upper.getRawData();
            hasExtensions = true;
            protocol = bytes[0] & 0xff;
            if (upper instanceof IpV6ExtUnknownPacket) {
                found = Fault.UNKNOWN_EXTENSION;
            } else if (upper instanceof IpV6ExtFragmentPacket fragment) {
                fragmentHeader = fragment.getHeader();
            } else if (upper.getHeader().length() != 8 * (bytes[1] & 0xff) + 8) {
                found = Fault.EXTENSION_CONTENT;
            }
        }
        return found;
    }

    private Fault faultOfUpper() {
        boolean isIpv4 = ip instanceof IpV4Packet;
        if (hasNoLength()) {
            return Fault.NO_LENGTH;
        }
        if (fragmentOffset() == 0 && (isIpv4 ? protocol == 58 || isExtension(upper) : protocol == 1)) {
            return Fault.OTHER_VERSIONS_PROTOCOL;
        }
        if (EXTENSIONS.contains(protocol) && fragmentOffset() == 0) {
            return isIpv4 ? faultOfExtensionInIpv4() : faultOfLastExtension();
        }
        return upper instanceof IllegalPacket ? Fault.ILLEGAL_UPPER_LAYER : Fault.NONE;
    }

    private Fault faultOfExtensionInIpv4() {
        return upper instanceof IllegalPacket ? Fault.OTHER_VERSIONS_PROTOCOL : Fault.NONE;
    }

    private Fault faultOfLastExtension() {
        if (upper instanceof IllegalPacket) {
            return Fault.EXTENSION_CONTENT;
        }
        return upper instanceof FragmentedPacket ? Fault.EXTENSION_IN_FRAGMENT : Fault.UNKNOWN_EXTENSION;
    }

    /** In bytes. */
    int fragmentOffset() {
        if (ip instanceof IpV4Packet ipv4) {
            return ipv4.getHeader().getFragmentOffset() * 8;
        }
        return fragmentHeader == null ? 0 : fragmentHeader.getFragmentOffset() * 8;
    }

    boolean hasMoreFragments() {
        if (ip instanceof IpV4Packet ipv4) {
            return ipv4.getHeader().getMoreFragmentFlag();
        }
        return fragmentHeader != null && fragmentHeader.getM();
    }

    private boolean hasNoLength() {
        return ip instanceof IpV6Packet ipv6
                ? ipv6.getHeader().getPayloadLengthAsInt() == 0
                : ((IpV4Packet) ip).getHeader().getTotalLengthAsInt() == 0;
    }

    private static boolean isExtension(Packet packet) {
        return packet instanceof IpV6ExtHopByHopOptionsPacket
                || packet instanceof IpV6ExtDestinationOptionsPacket
                || packet instanceof IpV6ExtRoutingPacket
                || packet instanceof IpV6ExtFragmentPacket
                || packet instanceof IpV6ExtUnknownPacket;
    }

    private static Packet insideFragment(Packet fragment, int protocol) {
        byte[] bytes = fragment.getRawData();
        try {
            return switch (protocol) {
                case 1 -> IcmpV4CommonPacket.newPacket(bytes, 0, bytes.length);
                case 6 -> TcpPacket.newPacket(bytes, 0, bytes.length);
                case 17 -> UdpPacket.newPacket(bytes, 0, bytes.length);
                case 58 -> IcmpV6CommonPacket.newPacket(bytes, 0, bytes.length);
                case 132 -> SctpPacket.newPacket(bytes, 0, bytes.length);
                default -> fragment;
            };
        } catch (IllegalRawDataException e) {
            return IllegalPacket.newPacket(bytes, 0, bytes.length);
        }
    }
}
