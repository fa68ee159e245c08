package dev.gavel.nfqueue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.netlink.NetlinkMessage;
import dev.gavel.queue.Hook;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The PACKET message as Linux 6.18 sends it, byte for byte, and what can go wrong with it. */
class PacketMessageTest {
    private static final String IP = "45000021 0001 0000 4011 0000 7f000001 7f000001 1388 270f 000d 0000 68656c6c6f";
    private static final String HEADER = "65000000 0003 0000 00000000 00000000" // 101 bytes, PACKET
            + "02000007"; // AF_INET, queue 7
    private static final String PACKET_HDR = "0b00 0100 00000001 0800 01 00"; // id 1, IPv4, hook INPUT, padding
    private static final String INDEV = "0800 0500 00000002";
    private static final String HWADDR = "1000 0900 0006 0000 46efc6603c28 0000";
    private static final String SKB_INFO = "0800 0e00 00000001"; // checksum not ready
    private static final String PAYLOAD = "2500 0a00" + IP; // 33 bytes, not padded
    private static final String WHOLE = HEADER + PACKET_HDR + INDEV + HWADDR + SKB_INFO + PAYLOAD;

    private final ByteBuf slot = Unpooled.buffer(512).writeZero(512);
    private final QueuedPacket packet = new QueuedPacket(slot, 0, 512);
    private final NetlinkMessage message = new NetlinkMessage();
    private final PacketMessage packetMessage = new PacketMessage();

    private boolean read(String hex) {
        byte[] bytes = ByteBufUtil.decodeHexDump(hex.replaceAll("\\s", ""));
        slot.setBytes(0, bytes);
        return read(bytes.length);
    }

    private boolean read(int received) {
        return message.wrap(slot, 0, received) && packetMessage.read(message, slot, packet, 5);
    }

    @Test
    void readsThePacketOfTheKernel() {
        assertThat(read(WHOLE)).isTrue();
        assertThat(message.length()).isEqualTo(101);
        assertThat(packet.queueNumber()).isEqualTo(7);
        assertThat(packet.packetId()).isEqualTo(1);
        assertThat(packet.hook()).isEqualTo(Hook.INPUT);
        assertThat(packet.inDevice()).isEqualTo(2);
        assertThat(packet.outDevice()).isZero();
        assertThat(packet.sourceMac()).isEqualTo(0x46efc6603c28L);
        assertThat(packet.isChecksumNotReady()).isTrue();
        assertThat(packet.isGso()).isFalse();
        assertThat(packet.mark()).isZero();
        assertThat(packet.uid()).isEqualTo(QueuedPacket.ABSENT);
        assertThat(packet.vlan()).isEqualTo(QueuedPacket.ABSENT);
        assertThat(packet.capturedLength()).isEqualTo(33);
        assertThat(packet.originalLength()).isEqualTo(33);
        assertThat(slot.getUnsignedByte(packet.offset())).isEqualTo((short) 0x45);
        assertThat(packet.receivedNs()).isEqualTo(5);
    }

    @Test
    void readsTheKernelsStampOfThisPacketOnly() {
        String stamp = "1400 0400 0000000065920080 000000000007a120"; // 2024-01-01T00:00:00.5Z
        assertThat(read(HEADER + PACKET_HDR + stamp + PAYLOAD)).isTrue();
        assertThat(packetMessage.stampNs()).isEqualTo(1_704_067_200_500_000_000L);
        assertThat(read(WHOLE)).isTrue();
        assertThat(packetMessage.stampNs()).isZero();
    }

    @Test
    void readsNoStampThatIsCut() {
        for (String stamp : List.of("0c00 0400 0000000065920080", "1300 0400 0000000065920080 000000000007a1 00")) {
            assertThat(read(HEADER + PACKET_HDR + stamp)).isTrue();
            assertThat(packetMessage.stampNs()).isZero();
        }
    }

    @Test
    void canAnswerEveryTruncationThatHoldsTheId() {
        read(WHOLE);
        for (int length = 0; length < 101; length++) {
            boolean answerable = read(length);
            assertThat(answerable).as("%d bytes", length).isEqualTo(length >= 28);
            if (answerable) {
                assertThat(packet.packetId()).isEqualTo(1);
                assertThat(packet.capturedLength()).isEqualTo(Math.max(0, length - 68));
                assertThat(packet.originalLength()).isEqualTo(length < 68 ? 0 : 33);
            }
        }
    }

    @Test
    void takesTheOriginalLengthOfACutPacketFromTheKernel() {
        assertThat(read(HEADER + PACKET_HDR + "0800 0d00 0002bf20" + PAYLOAD)).isTrue(); // CAP_LEN 180,000
        assertThat(packet.capturedLength()).isEqualTo(33);
        assertThat(packet.originalLength()).isEqualTo(180_000);
    }

    @Test
    void ignoresTheOriginalLengthThatOldKernelsSendWithWholePackets() {
        assertThat(read(HEADER + PACKET_HDR + "0800 0d00 00000021" + PAYLOAD)).isTrue();
        assertThat(packet.originalLength()).isEqualTo(33);
    }

    @Test
    void readsWhatFollowsThePayloadOfOldKernels() {
        assertThat(read(HEADER + PACKET_HDR + PAYLOAD + "000000" + "0800 0300 0000002a"))
                .isTrue();
        assertThat(packet.mark()).isEqualTo(0x2a);
        assertThat(packet.capturedLength()).isEqualTo(33);
    }

    @Test
    void readsEveryOptionalAttribute() {
        assertThat(read("ff000000 0003 0000 00000000 00000000 02000007" + PACKET_HDR
                        + "0800 0300 80000001" // MARK
                        + "0800 0600 00000003" // IFINDEX_OUTDEV
                        + "0800 1000 ffffffff" // UID
                        + "0800 1100 000003e8" // GID
                        + "1400 1380 0600 0100 8100 0000 0600 0200 6064 0000" // VLAN: proto, TCI with priority 3
                        + "0800 0e00 00000003" // SKB_INFO: GSO too
                        + "0800 ff3f 01020304" // unknown
                        + PAYLOAD))
                .isTrue();
        assertThat(packet.mark()).isEqualTo(0x80000001);
        assertThat(packet.outDevice()).isEqualTo(3);
        assertThat(packet.uid()).isEqualTo(0xffffffffL);
        assertThat(packet.gid()).isEqualTo(1000);
        assertThat(packet.vlan()).isEqualTo(0x064);
        assertThat(packet.isGso()).isTrue();
        assertThat(packet.capturedLength()).isEqualTo(33);
    }

    @Test
    void ignoresAttributesThatAreTooShort() {
        assertThat(read("ff000000 0003 0000 00000000 00000000 02000007" + PACKET_HDR
                        + "0600 0300 8000 0000" // MARK of two bytes
                        + "0800 0900 00060000" // HWADDR without an address
                        + "0800 1380 0600 0200" // VLAN whose TCI is missing
                        + PAYLOAD))
                .isTrue();
        assertThat(packet.mark()).isZero();
        assertThat(packet.sourceMac()).isEqualTo(QueuedPacket.ABSENT);
        assertThat(packet.vlan()).isEqualTo(QueuedPacket.ABSENT);
        assertThat(packet.capturedLength()).isEqualTo(33);
    }

    @Test
    void forgetsTheLastPacket() {
        assertThat(read("ff000000 0003 0000 00000000 00000000 02000007" + PACKET_HDR + "0800 0300 00000001" + PAYLOAD))
                .isTrue();
        assertThat(read("20000000 0003 0000 00000000 00000000 02000007" + PACKET_HDR))
                .isTrue();
        assertThat(packet.mark()).isZero();
        assertThat(packet.capturedLength()).isZero();
        assertThat(packet.originalLength()).isZero();
    }

    @Test
    void knowsNoPacketWithoutItsHeaderFirst() {
        assertThat(read(HEADER + INDEV + PACKET_HDR + PAYLOAD)).isFalse();
        assertThat(read(HEADER)).isFalse();
    }
}
