package dev.gavel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.packet.Decoding;
import dev.gavel.packet.PacketView;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.queue.Hook;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each field of the language is of two packets: a new field wants a row here. */
class HeaderFactsTest {
    private static final String TCP_SYN = "46" + "b9" + "0032" // version, 6 words; DSCP 46, ECN 1; 50 bytes
            + "1234" + "4000" // id; do not fragment
            + "3f" + "06" + "0000" // TTL 63, TCP
            + "c0000201" + "c6336402" // 192.0.2.1 to 198.51.100.2
            + "94040000" // router alert
            + "d431" + "01bb" // ports 54321, 443
            + "fffffff0" + "01020304" // sequence, acknowledgment
            + "60c2" + "fff0" // 6 words, CWR ECE SYN; window
            + "0000" + "0000" // checksum, urgent
            + "020405b4" // MSS 1460
            + "4142"; // data
    private static final String ECHO = "4500" + "001e" // 30 bytes
            + "0001" + "2000" + "40" + "01" + "0000" // a first fragment, ICMP
            + "c0000201" + "c6336402"
            + "0800" + "0000" // echo request
            + "beef" + "0001" // identifier, sequence
            + "4142"; // data

    private final HeaderFacts facts = new HeaderFacts(index -> index == 0 ? null : "eth" + index);

    @Test
    void tellsEachFieldOfATcpPacket() {
        QueuedPacket packet = packet(TCP_SYN).hook(Hook.FORWARD).mark(0x80000001);
        packet.inDevice(2)
                .outDevice(3)
                .uid(1000)
                .gid(100)
                .sourceMac(0x001122334455L)
                .vlan(7)
                .offload(true, true);
        Map<Field, Long> told = told(packet);
        assertThat(told)
                .containsExactlyInAnyOrderEntriesOf(expected(Map.ofEntries(
                        Map.entry(Field.QUEUE, 3L),
                        Map.entry(Field.HOOK, 2L),
                        Map.entry(Field.IN_IFACE, 1L),
                        Map.entry(Field.OUT_IFACE, 1L),
                        Map.entry(Field.MARK, 0x80000001L),
                        Map.entry(Field.UID, 1000L),
                        Map.entry(Field.GID, 100L),
                        Map.entry(Field.LENGTH, 50L),
                        Map.entry(Field.GSO, 1L),
                        Map.entry(Field.SRC_MAC, 0x001122334455L),
                        Map.entry(Field.VLAN_ID, 7L),
                        Map.entry(Field.IP_SRC, 4L),
                        Map.entry(Field.IP_DST, 4L),
                        Map.entry(Field.IP_VERSION, 4L),
                        Map.entry(Field.IP_PROTO, 6L),
                        Map.entry(Field.IP_TTL, 63L),
                        Map.entry(Field.IP_DSCP, 46L),
                        Map.entry(Field.IP_ECN, 1L),
                        Map.entry(Field.IP_FRAGMENT, 0L),
                        Map.entry(Field.IP_OPTIONS, 1L),
                        Map.entry(Field.SRC_PORT, 54321L),
                        Map.entry(Field.DST_PORT, 443L),
                        Map.entry(Field.TCP, 1L),
                        Map.entry(Field.UDP, 0L),
                        Map.entry(Field.SCTP, 0L),
                        Map.entry(Field.ICMP, 0L),
                        Map.entry(Field.TCP_FLAGS, 0xc2L),
                        Map.entry(Field.TCP_WINDOW, 0xfff0L),
                        Map.entry(Field.PACKET, 50L),
                        Map.entry(Field.PAYLOAD, 2L))));
        assertThat(facts.addressLow(Field.IP_SRC)).isEqualTo(0xc0000201L);
        assertThat(facts.addressLow(Field.IP_DST)).isEqualTo(0xc6336402L);
        assertThat(facts.text(Field.IN_IFACE)).isEqualTo("eth2");
    }

    @Test
    void tellsEachFieldOfAFragmentOfAPing() {
        Map<Field, Long> told = told(packet(ECHO));
        assertThat(told)
                .containsExactlyInAnyOrderEntriesOf(expected(Map.ofEntries(
                        Map.entry(Field.QUEUE, 3L),
                        Map.entry(Field.MARK, 0L),
                        Map.entry(Field.LENGTH, 30L),
                        Map.entry(Field.GSO, 0L),
                        Map.entry(Field.IP_SRC, 4L),
                        Map.entry(Field.IP_DST, 4L),
                        Map.entry(Field.IP_VERSION, 4L),
                        Map.entry(Field.IP_PROTO, 1L),
                        Map.entry(Field.IP_TTL, 64L),
                        Map.entry(Field.IP_DSCP, 0L),
                        Map.entry(Field.IP_ECN, 0L),
                        Map.entry(Field.IP_FRAGMENT, 1L),
                        Map.entry(Field.IP_OPTIONS, 0L),
                        Map.entry(Field.TCP, 0L),
                        Map.entry(Field.UDP, 0L),
                        Map.entry(Field.SCTP, 0L),
                        Map.entry(Field.ICMP, 1L),
                        Map.entry(Field.ICMP_TYPE, 8L),
                        Map.entry(Field.ICMP_CODE, 0L),
                        Map.entry(Field.PACKET, 30L),
                        Map.entry(Field.PAYLOAD, 2L))));
    }

    @Test
    void answersEachFieldByItsKind() {
        told(packet(TCP_SYN).inDevice(2).outDevice(3));
        for (Field field : Field.values()) {
            switch (field.kind()) {
                case ADDRESS -> {
                    assertThat(facts.addressHigh(field)).as("%s", field).isZero();
                    assertThat(facts.addressLow(field)).as("%s", field).isPositive();
                }
                case TEXT -> assertThat(facts.text(field)).as("%s", field).startsWith("eth");
                default ->
                    assertThatThrownBy(() -> facts.text(field))
                            .hasMessage("no text of field " + field.word() + " in the engine's facts");
            }
        }
    }

    /** These, and every other field absent. */
    private static Map<Field, Long> expected(Map<Field, Long> there) {
        Map<Field, Long> all = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            all.put(field, there.getOrDefault(field, Facts.ABSENT));
        }
        return all;
    }

    private Map<Field, Long> told(QueuedPacket packet) {
        PacketView view = new PacketView();
        assertThat(view.decode(packet.buffer(), 0, packet.capturedLength(), packet.originalLength()))
                .isEqualTo(Decoding.OK);
        facts.of(packet, view);
        Map<Field, Long> told = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            told.put(field, facts.number(field));
        }
        return told;
    }

    private static QueuedPacket packet(String hex) {
        ByteBuf bytes = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
        int length = bytes.readableBytes();
        return new QueuedPacket(bytes, 0, length).reset(3, 1, 0).bytes(0, length, length);
    }
}
