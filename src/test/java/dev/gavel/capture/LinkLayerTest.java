package dev.gavel.capture;

import static dev.gavel.capture.Captures.IPV4;
import static dev.gavel.capture.Captures.IPV6;
import static dev.gavel.capture.Captures.bytes;
import static dev.gavel.capture.Captures.next;
import static dev.gavel.capture.Captures.pcap;
import static dev.gavel.capture.Captures.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.queue.QueuedPacket;
import org.junit.jupiter.api.Test;

class LinkLayerTest {
    private static final String MACS = "ffffffffffff" + "0200000000fe"; // destination, source

    @Test
    void findsPacketsBehindEthernet() {
        QueuedPacket ipv4 = next(source(pcap(1, MACS + "0800" + IPV4)));
        assertThat(bytes(ipv4)).isEqualTo(IPV4);
        assertThat(ipv4.originalLength()).isEqualTo(20);
        assertThat(ipv4.sourceMac()).isEqualTo(0x0200000000feL);
        assertThat(ipv4.vlan()).isEqualTo(QueuedPacket.ABSENT);
        assertThat(bytes(next(source(pcap(1, MACS + "86dd" + IPV6))))).isEqualTo(IPV6);
    }

    @Test
    void takesTheOutermostOfUpToThreeTags() {
        String[] tags = {
            "8100" + "e005", "88a8" + "0fff" + "8100" + "0001", "9100" + "0000" + "88a8" + "0002" + "8100" + "0003"
        };
        long[] vlans = {5, 4095, 0};
        for (int i = 0; i < tags.length; i++) {
            QueuedPacket packet = next(source(pcap(1, MACS + tags[i] + "0800" + IPV4)));
            assertThat(bytes(packet)).isEqualTo(IPV4);
            assertThat(packet.vlan()).isEqualTo(vlans[i]);
        }
        isNotIp(1, MACS + "8100" + "0001" + "8100" + "0002" + "8100" + "0003" + "8100" + "0004" + "0800" + IPV4);
    }

    @Test
    void leavesOtherFramesWhole() {
        isNotIp(1, MACS + "0806" + "0001080006040001"); // ARP
        isNotIp(1, MACS + "8847" + "00000140" + IPV4); // MPLS
        isNotIp(1, MACS + "0026" + "aaaa03000000" + "0800" + IPV4); // 802.3 with SNAP
        isNotIp(1, MACS + "8100" + "00"); // cut in the tag
        isNotIp(1, MACS + "08");
        isNotIp(1, "");
        isNotIp(113, "0000" + "0001" + "0006" + "0200000000fe0000" + "0806" + "0001");
        isNotIp(113, "0000000100060200");
        isNotIp(276, "0806" + "0000" + "00000002" + "0001" + "04" + "06" + "0200000000fe0000" + "0001");
        isNotIp(276, "0800");
        isNotIp(0, "07000000" + "00");
        isNotIp(0, "0200");
        isNotIp(108, "02000000" + IPV4); // LOOP is always big-endian
    }

    @Test
    void findsPacketsBehindLinuxCooked() {
        // packet type, ARPHRD_ETHER, address length, address, protocol
        QueuedPacket packet = next(source(pcap(113, "0000" + "0001" + "0006" + "0200000000fe0000" + "0800" + IPV4)));
        assertThat(bytes(packet)).isEqualTo(IPV4);
        assertThat(packet.sourceMac()).isEqualTo(0x0200000000feL);
        QueuedPacket tagged = next(
                source(pcap(113, "0000" + "0304" + "0006" + "0000000000000000" + "8100" + "0007" + "86dd" + IPV6)));
        assertThat(bytes(tagged)).isEqualTo(IPV6);
        assertThat(tagged.vlan()).isEqualTo(7);
        assertThat(tagged.sourceMac()).as("of ARPHRD_LOOPBACK").isEqualTo(QueuedPacket.ABSENT);
    }

    @Test
    void findsPacketsBehindLinuxCookedVersion2() {
        // protocol, reserved, interface, ARPHRD_ETHER, packet type, address length, address
        String header = "0000" + "00000002" + "0001" + "04" + "06" + "0200000000fe0000";
        QueuedPacket packet = next(source(pcap(276, "0800" + header + IPV4)));
        assertThat(bytes(packet)).isEqualTo(IPV4);
        assertThat(packet.sourceMac()).isEqualTo(0x0200000000feL);
        QueuedPacket tagged = next(source(pcap(276, "8100" + header + "0009" + "0800" + IPV4)));
        assertThat(bytes(tagged)).isEqualTo(IPV4);
        assertThat(tagged.vlan()).isEqualTo(9);
    }

    @Test
    void takesRawPacketsAsTheyAre() {
        for (int linkType : new int[] {12, 14, 101, 228}) {
            assertThat(bytes(next(source(pcap(linkType, IPV4))))).isEqualTo(IPV4);
        }
        assertThat(bytes(next(source(pcap(229, IPV6))))).isEqualTo(IPV6);
    }

    @Test
    void findsPacketsBehindLoopbackInBothOrdersOfBytes() {
        for (String family : new String[] {"02000000", "00000002"}) {
            assertThat(bytes(next(source(pcap(0, family + IPV4))))).isEqualTo(IPV4);
        }
        for (String family : new String[] {"0a000000", "18000000", "0000001c", "1e000000"}) {
            assertThat(bytes(next(source(pcap(0, family + IPV6))))).isEqualTo(IPV6);
        }
        assertThat(bytes(next(source(pcap(108, "00000002" + IPV4))))).isEqualTo(IPV4);
    }

    @Test
    void refusesOtherLinkTypes() {
        CaptureSource source = source(pcap(127, IPV4));
        assertThatThrownBy(() -> next(source))
                .isInstanceOf(CaptureException.class)
                .hasMessageStartingWith("test.pcap: offset 24: packet 1 has link type 127 (expected: Ethernet 1, ");
    }

    @Test
    void leavesOutPaddingAsTheKernelDoes() {
        QueuedPacket ipv4 = next(source(pcap(1, MACS + "0800" + IPV4 + "00".repeat(26))));
        assertThat(bytes(ipv4)).isEqualTo(IPV4);
        assertThat(ipv4.originalLength()).isEqualTo(20);
        QueuedPacket ipv6 = next(source(pcap(1, MACS + "86dd" + IPV6 + "00".repeat(4))));
        assertThat(bytes(ipv6)).isEqualTo(IPV6);
        assertThat(ipv6.originalLength()).isEqualTo(42);
    }

    @Test
    void keepsAllBytesWhereTheHeaderCannotBeRight() {
        String[] packets = {
            "45000000" + IPV4.substring(8) + "aabb", // total length 0: a super-packet before segmentation
            "45000013" + IPV4.substring(8) + "aabb", // less than the header
            "44000014" + IPV4.substring(8) + "aabb", // a header of 16 bytes
            "450005dc" + IPV4.substring(8) + "aabb", // more than there is
            "60000000" + "00000040" + IPV6.substring(16), // no payload length: a jumbogram
            "75000014" + IPV4.substring(8) + "aabb", // version 7
        };
        for (String packet : packets) {
            QueuedPacket received = next(source(pcap(101, packet)));
            assertThat(bytes(received)).isEqualTo(packet);
            assertThat(received.originalLength()).isEqualTo(packet.length() / 2);
        }
    }

    private static void isNotIp(int linkType, String frame) {
        CaptureSource source = source(pcap(linkType, frame));
        QueuedPacket packet = next(source);
        assertThat(source.frame().isIp()).as(frame).isFalse();
        assertThat(bytes(packet)).isEqualTo(frame);
        assertThat(packet.originalLength()).isEqualTo(frame.length() / 2);
    }
}
