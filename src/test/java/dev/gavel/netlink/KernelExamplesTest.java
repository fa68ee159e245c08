package dev.gavel.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages that Linux 6.18 has sent or accepted, read and written again. */
class KernelExamplesTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "BIND, 1c000000 0203 0500 01000000 00000000 00000007 0800 0100 01000000",
        "PARAMS, 20000000 0203 0500 02000000 00000000 00000007 0900 0200 0000ffff 02 000000",
        "MAXLEN 8192, 1c000000 0203 0500 03000000 00000000 00000007 0800 0300 00002000",
        "FLAGS 5 MASK 1f, 24000000 0203 0500 04000000 00000000 00000007 0800 0500 00000005 0800 0400 0000001f",
        "ALL IN ONE, 40000000 0203 0500 01000000 00000000 00000007 0800 0100 01000000 0900 0200 0000ffff 02000000"
                + " 0800 0300 00002000 0800 0500 00000005 0800 0400 0000001f",
        "VERDICT accept, 20000000 0103 0100 00000000 00000000 00000007 0c00 0200 00000001 01020304",
        "VERDICT with MARK, 28000000 0103 0100 00000000 00000000 00000007 0c00 0200 00000001 01020304 0800 0300 0000002a",
        "VERDICT with PAYLOAD, 2c000000 0103 0100 00000000 00000000 00000007 0c00 0200 00000001 01020304"
                + " 0900 0a00 4500000501 000000",
        "VERDICT_BATCH, 20000000 0303 0100 00000000 00000000 00000007 0c00 0200 00000001 01020304",
        "REQUEUE to 8, 20000000 0103 0100 00000000 00000000 00000007 0c00 0200 00080003 01020304",
    })
    void comesOutAsItWentIn(String name, String hex) {
        String expected = hex.replace(" ", "");
        ByteBuf in = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(expected));
        NetlinkMessage message = new NetlinkMessage();
        assertThat(message.wrap(in, 0, in.readableBytes())).isTrue();
        assertThat(message.length()).isEqualTo(in.readableBytes());
        assertThat(message.hasQueueHeader()).isTrue();

        ByteBuf out = Unpooled.buffer();
        NetlinkWriter writer = new NetlinkWriter(out);
        int copy = writer.beginMessage(message.type(), message.flags());
        writer.sequence(copy, message.sequence()).queueHeader(message.queueNumber());
        AttributeCursor attributes = new AttributeCursor();
        attributes.wrap(in, message.attributesOffset(), message.end());
        while (attributes.next()) {
            int attribute = writer.beginAttribute(attributes.type());
            writer.bytes(in, attributes.offset(), attributes.length());
            writer.endAttribute(attribute);
        }
        assertThat(writer.endMessage(copy)).isEqualTo(message.length());
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "cut to {0} bytes")
    @CsvSource({"0", "15", "16", "19", "20", "23", "24", "31", "32", "47", "63", "64"})
    void readsNothingBeyondACut(int received) {
        String hex = "40000000 0203 0500 01000000 00000000 00000007 0800 0100 01000000 0900 0200 0000ffff 02000000"
                + " 0800 0300 00002000 0800 0500 00000005 0800 0400 0000001f";
        ByteBuf in = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")), 0, received);
        NetlinkMessage message = new NetlinkMessage();
        if (!message.wrap(in, 0, received)) {
            assertThat(received).isLessThan(NetlinkMessage.HEADER_BYTES);
            return;
        }
        assertThat(message.end()).isEqualTo(received);
        assertThat(message.hasQueueHeader()).isEqualTo(received >= 20);
        AttributeCursor attributes = new AttributeCursor();
        attributes.wrap(in, Math.min(received, message.attributesOffset()), message.end());
        while (attributes.next()) {
            assertThat(attributes.offset() + attributes.length()).isLessThanOrEqualTo(received);
        }
    }
}
