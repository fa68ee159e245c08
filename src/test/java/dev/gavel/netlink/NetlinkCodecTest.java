package dev.gavel.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class NetlinkCodecTest {
    private static final int CONFIG = 0x0302;
    private static final int VERDICT = 0x0301;
    private static final int REQUEST_ACK = NetlinkMessage.REQUEST | NetlinkMessage.ACKNOWLEDGE;

    private final ByteBuf out = Unpooled.buffer();
    private final NetlinkWriter writer = new NetlinkWriter(out);

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replaceAll("\\s", "")));
    }

    @Test
    void writesLengthsInHostOrderAndPadsAttributes() {
        int message = writer.beginMessage(CONFIG, REQUEST_ACK);
        writer.sequence(message, 2).queueHeader(7);
        int parameters = writer.beginAttribute(2);
        writer.bigEndianInt(0xffff).unsignedByte(2);
        writer.endAttribute(parameters);
        assertThat(writer.endMessage(message)).isEqualTo(32);
        assertThat(ByteBufUtil.hexDump(out))
                .isEqualTo("20000000" + "0203" + "0500" + "02000000" + "00000000" // nlmsghdr
                        + "00000007" // nfgenmsg: queue 7
                        + "0900" + "0200" + "0000ffff" + "02" + "000000"); // PARAMS: 9 bytes and 3 of padding
    }

    @Test
    void writesMessagesOneBehindTheOther() {
        for (int id = 1; id <= 2; id++) {
            int message = writer.beginMessage(VERDICT, NetlinkMessage.REQUEST);
            writer.queueHeader(7);
            assertThat(writer.endMessage(message)).isEqualTo(20);
        }
        assertThat(out.readableBytes()).isEqualTo(40);
        assertThat(out.getIntLE(20)).isEqualTo(20);
    }

    @Test
    void writesBytesOfAPayloadThatIsNotAMultipleOfFour() {
        int attribute = writer.beginAttribute(10);
        writer.bytes(bytes("4500000501"), 0, 5);
        writer.endAttribute(attribute);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("0900" + "0a00" + "4500000501" + "000000");
    }

    @Test
    void readsWhatItWrites() {
        int start = writer.beginMessage(CONFIG, REQUEST_ACK);
        writer.sequence(start, 0x01020304).queueHeader(65535);
        for (int type = 1; type < 6; type++) {
            int attribute = writer.beginAttribute(type);
            out.writeZero(type); // 1 to 5 bytes of value
            writer.endAttribute(attribute);
        }
        writer.endMessage(start);

        NetlinkMessage message = new NetlinkMessage();
        assertThat(message.wrap(out, 0, out.readableBytes())).isTrue();
        assertThat(message.type()).isEqualTo(CONFIG);
        assertThat(message.flags()).isEqualTo(REQUEST_ACK);
        assertThat(message.sequence()).isEqualTo(0x01020304);
        assertThat(message.queueNumber()).isEqualTo(65535);
        AttributeCursor attributes = new AttributeCursor();
        attributes.wrap(out, message.attributesOffset(), message.end());
        for (int type = 1; type < 6; type++) {
            assertThat(attributes.next()).isTrue();
            assertThat(attributes.type()).isEqualTo(type);
            assertThat(attributes.length()).isEqualTo(type);
            assertThat(attributes.claimedLength()).isEqualTo(type);
        }
        assertThat(attributes.next()).isFalse();
    }

    @Test
    void refusesMessagesWithoutAWholeHeader() {
        ByteBuf whole = bytes("10000000 0003 0000 00000000 00000000");
        NetlinkMessage message = new NetlinkMessage();
        for (int length = 0; length < NetlinkMessage.HEADER_BYTES; length++) {
            assertThat(message.wrap(whole, 0, length)).isFalse();
        }
        assertThat(message.wrap(whole, 0, 16)).isTrue();
        assertThat(message.hasQueueHeader()).isFalse();
        assertThat(message.wrap(bytes("0f000000 0003 0000 00000000 00000000"), 0, 16))
                .as("a length of less than the header")
                .isFalse();
    }

    @Test
    void endsWhereTheReceivedBytesEnd() {
        ByteBuf cut = bytes("ff000000 0003 0000 00000000 00000000 02000007");
        NetlinkMessage message = new NetlinkMessage();
        assertThat(message.wrap(cut, 0, 20)).isTrue();
        assertThat(message.end()).isEqualTo(20);
        assertThat(message.wrap(bytes("14000000 0003 0000 00000000 00000000 02000007 ffffffff"), 0, 24))
                .isTrue();
        assertThat(message.end()).as("bytes behind the message are not its").isEqualTo(20);
    }

    @Test
    void readsErrorsAndAcknowledgements() {
        NetlinkMessage message = new NetlinkMessage();
        ByteBuf error = bytes(
                "24000000 0200 0000 04030201 00000000 feffffff" // errno -2: ENOENT
                        + "20000000 0103 0100 04030201 00000000"); // the header of the request
        assertThat(message.wrap(error, 0, 36)).isTrue();
        assertThat(message.hasError()).isTrue();
        assertThat(message.errno()).isEqualTo(2);
        assertThat(message.sequence()).isEqualTo(0x01020304);
        error.setIntLE(16, 0);
        assertThat(message.errno()).isZero();
        assertThat(message.wrap(error, 0, 35)).isTrue();
        assertThat(message.hasError()).as("a cut error").isFalse();
    }

    @Test
    void stepsOverFlagsOfTheTypeAndAnUnpaddedLastAttribute() {
        ByteBuf attributes = bytes(
                "0600 0380 0102 0000" // type 3, nested bit
                        + "0500 0a40 ff"); // type 10, byte order bit, one byte, no padding
        AttributeCursor cursor = new AttributeCursor();
        cursor.wrap(attributes, 0, attributes.readableBytes());
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.type()).isEqualTo(3);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.type()).isEqualTo(10);
        assertThat(cursor.length()).isEqualTo(1);
        assertThat(cursor.next()).isFalse();
    }

    @Test
    void rejectsAttributeShorterThanItsHeader() {
        AttributeCursor cursor = new AttributeCursor();
        for (String hex : new String[] {"0300 0100 00000000", "0000 0100 00000000", "0800 01"}) {
            ByteBuf attributes = bytes(hex);
            cursor.wrap(attributes, 0, attributes.readableBytes());
            assertThat(cursor.next()).as(hex).isFalse();
        }
    }

    @Test
    void saysHowMuchOfACutAttributeIsThere() {
        ByteBuf attributes = bytes("ffff 0a00 45000000");
        AttributeCursor cursor = new AttributeCursor();
        cursor.wrap(attributes, 0, attributes.readableBytes());
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.length()).isEqualTo(4);
        assertThat(cursor.claimedLength()).isEqualTo(65531);
        assertThat(cursor.next()).isFalse();
    }
}
