package dev.gavel.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.kit.Seeds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.pcap4j.packet.IpPacket;
import org.pcap4j.packet.IpSelector;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.TcpPacket;

class ForgedAnswerTest {
    private static final int RST = 4;
    private static final int RST_ACK = 0x14;

    private final ByteBuf out = Unpooled.buffer(ForgedAnswer.MAX_LENGTH);

    @Test
    void resetsTheReceiverInTheSendersName() {
        byte[] segment = Packets.with(Packets.bytes(Packets.IPV4_TCP), 37, "18"); // PSH ACK
        expectOut(
                ForgedAnswer.writeResetToReceiver(out, Packets.view(segment)),
                "4500" + "0028" + "0000" + "4000" // 40 bytes, do not fragment
                        + "40" + "06" + "4e99" // TTL 64, TCP, checksum
                        + "c0000201" + "c6336402" // 192.0.2.1 to 198.51.100.2
                        + "d431" + "01bb" // ports 54321, 443
                        + "fffffff0" + "01020304" // sequence and acknowledgment of the segment
                        + "5014" + "0000" // 5 words, RST ACK; no window
                        + "e9b5" + "0000"); // checksum, urgent
    }

    @Test
    void resetsTheSenderInTheReceiversName() {
        byte[] segment = Packets.with(Packets.bytes(Packets.IPV6_TCP), 77, "19"); // FIN PSH ACK, two bytes
        expectOut(
                ForgedAnswer.writeResetToSender(out, Packets.view(segment)),
                "60000000" + "0014" + "06" + "40" // 20 bytes, TCP, hop limit 64
                        + "20010db80000000000000000000000ff" + "20010db8000000000000000000000001"
                        + "01bb" + "d431" // ports 443, 54321
                        + "01020304" + "fffffff3" // acknowledgment of the segment; its sequence, two bytes, FIN
                        + "5014" + "0000" // 5 words, RST ACK; no window
                        + "7978" + "0000"); // checksum, urgent
    }

    @Test
    void acknowledgesTheSynOfTheSender() {
        PacketView syn = Packets.view(Packets.IPV4_TCP); // with two bytes of data
        PacketView reset = Packets.view(written(ForgedAnswer.writeResetToSender(out, syn)));
        assertThat(reset.tcpFlags()).isEqualTo(RST_ACK);
        assertThat(reset.tcpSequence()).isZero(); // there is no acknowledgment to continue from
        assertThat(reset.tcpAcknowledgment()).isEqualTo(0xfffffff3);
        assertThat(reset.sourcePort()).isEqualTo(443);
    }

    @Test
    void claimsNoAcknowledgmentForASegmentWithoutOne() {
        byte[] segment = Packets.with(Packets.bytes(Packets.IPV4_TCP), 37, "01"); // FIN
        PacketView reset = Packets.view(written(ForgedAnswer.writeResetToReceiver(out, Packets.view(segment))));
        assertThat(reset.tcpFlags()).isEqualTo(RST);
        assertThat(reset.tcpSequence()).isEqualTo(0xfffffff0);
        assertThat(reset.tcpAcknowledgment()).isZero();
    }

    @Test
    void acknowledgesTheWholeOfACutSuperPacket() {
        byte[] segment = Packets.with(Packets.with(Packets.bytes(Packets.IPV4_TCP), 2, "0000"), 37, "10");
        PacketView view = new PacketView();
        view.decode(Unpooled.wrappedBuffer(segment), 0, 50, 100_048); // BIG TCP: 100,000 bytes of data, two are here
        PacketView reset = Packets.view(written(ForgedAnswer.writeResetToSender(out, view)));
        assertThat(reset.tcpAcknowledgment()).isEqualTo(0xfffffff0 + 100_000);
    }

    @Test
    void quotesTheRefusedDatagram() {
        String datagram = Packets.IPV4_UDP;
        expectOut(
                ForgedAnswer.writeUnreachable(out, Packets.view(datagram + "eeee")), // padding is not quoted
                "4500" + "003b" + "0000" + "4000" + "40" + "01" + "4e8b" // 59 bytes, ICMP
                        + "c6336402" + "c0000201"
                        + "0303" + "76df" + "00000000" // port unreachable
                        + datagram);
    }

    @Test
    void quotesAsMuchAsEachIpVersionAllows() {
        String udp = "0035" + "d431" + "05dc" + "0000" + "41".repeat(1492); // 1,500 bytes
        String ipv4 = "4500" + "05f0" + "0001" + "0000" + "40" + "11" + "0000" + "c0000201" + "c6336402" + udp;
        byte[] unreachable = written(ForgedAnswer.writeUnreachable(out, Packets.view(ipv4)));
        assertThat(unreachable).hasSize(576).endsWith(Packets.bytes(ipv4.substring(0, 2 * 548)));

        String addresses = "20010db8000000000000000000000001" + "20010db80000000000000000000000ff";
        String ipv6 = "60000000" + "05dc" + "11" + "40" + addresses + udp;
        unreachable = written(ForgedAnswer.writeUnreachable(out, Packets.view(ipv6)));
        assertThat(unreachable).hasSize(1280).endsWith(Packets.bytes(ipv6.substring(0, 2 * 1232)));
        PacketView view = Packets.view(unreachable);
        assertThat(view.icmpType()).isEqualTo(1);
        assertThat(view.icmpCode()).isEqualTo(4);
        assertThat(view.sourceLow()).isEqualTo(0xff);
        assertThat(view.destinationLow()).isEqualTo(1);
    }

    @Test
    void leavesTheBuffersIndicesAlone() {
        out.writerIndex(7).readerIndex(3);
        ForgedAnswer.writeResetToSender(out, Packets.view(Packets.IPV4_TCP));
        assertThat(out.writerIndex()).isEqualTo(7);
        assertThat(out.readerIndex()).isEqualTo(3);
    }

    @Test
    void refusesPacketsThatHaveNoSuchAnswer() {
        PacketView udp = Packets.view(Packets.IPV4_UDP);
        assertThatThrownBy(() -> ForgedAnswer.writeResetToSender(out, udp))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ForgedAnswer.writeResetToReceiver(out, udp))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ForgedAnswer.writeUnreachable(out, new PacketView()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesResetsThatPcap4jFindsInOrder() throws Exception {
        long seed = Seeds.take();
        RandomPackets packets = new RandomPackets(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] packet = packets.nextWhole();
            PacketView view = Packets.view(packet);
            if (view.isTcp()) {
                String what =
                        "seed " + seed + ", packet " + i + ": " + HexFormat.of().formatHex(packet);
                expectReset(written(ForgedAnswer.writeResetToReceiver(out, view)), what);
                expectReset(written(ForgedAnswer.writeResetToSender(out, view)), what);
            }
        }
    }

    private static void expectReset(byte[] reset, String what) throws Exception {
        IpPacket ip = (IpPacket) IpSelector.newPacket(reset, 0, reset.length);
        if (ip instanceof IpV4Packet ipv4) {
            assertThat(ipv4.getHeader().hasValidChecksum(false)).as(what).isTrue();
            assertThat(ipv4.getHeader().getTotalLengthAsInt()).as(what).isEqualTo(reset.length);
        }
        InetAddress source = ip.getHeader().getSrcAddr();
        InetAddress destination = ip.getHeader().getDstAddr();
        TcpPacket tcp = (TcpPacket) ip.getPayload();
        assertThat(tcp.hasValidChecksum(source, destination, false)).as(what).isTrue();
        assertThat(tcp.getHeader().getRst()).as(what).isTrue();
    }

    /** By hand: pcap4j loses bytes of what an ICMP message quotes. */
    @Test
    void writesUnreachablesWithTheChecksumsOfRfc1071() {
        long seed = Seeds.take();
        RandomPackets packets = new RandomPackets(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] packet = packets.nextWhole();
            String what =
                    "seed " + seed + ", packet " + i + ": " + HexFormat.of().formatHex(packet);
            byte[] answer = written(ForgedAnswer.writeUnreachable(out, Packets.view(packet)));
            int upper = answer[0] >> 4 == 4 ? 20 : 40;
            byte[] covered = Arrays.copyOfRange(answer, upper, answer.length);
            if (upper == 20) {
                assertThat(RandomPackets.checksum(Arrays.copyOf(answer, 20)))
                        .as(what)
                        .isZero();
            } else {
                byte[] pseudo = {0, 58, (byte) (covered.length >> 8), (byte) covered.length};
                byte[] addresses = Arrays.copyOfRange(answer, 8, 40);
                covered = RandomPackets.concat(RandomPackets.concat(addresses, pseudo), covered);
            }
            assertThat(RandomPackets.checksum(covered)).as(what).isZero();
        }
    }

    private void expectOut(int length, String hex) {
        assertThat(ByteBufUtil.hexDump(out, 0, length)).isEqualTo(hex);
    }

    private byte[] written(int length) {
        return ByteBufUtil.getBytes(out, 0, length);
    }
}
