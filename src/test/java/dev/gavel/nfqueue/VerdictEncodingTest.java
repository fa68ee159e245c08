package dev.gavel.nfqueue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.netlink.NetlinkWriter;
import dev.gavel.queue.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Messages to the kernel, byte for byte as Linux 6.18 has accepted them. */
class VerdictEncodingTest {
    private static final int QUEUE = 7;
    private static final int ID = 0x01020304;

    private final ByteBuf out = Unpooled.buffer();

    private String verdict(Verdict verdict) {
        return sent(batch -> batch.add(ID, verdict));
    }

    /** What {@code verdicts} are for the kernel, where others answer too. */
    private static String sent(Consumer<VerdictBatch> verdicts) {
        VerdictBatch batch = new VerdictBatch(null, QUEUE, () -> false);
        verdicts.accept(batch);
        String bytes = batch.bytes();
        batch.release();
        return bytes;
    }

    @Test
    void encodesAccept() {
        assertThat(verdict(Verdict.ACCEPT))
                .isEqualTo("20000000" + "0103" + "0100" + "04030201" + "00000000" // nlmsghdr; sequence: the packet id
                        + "00000007" // nfgenmsg: queue 7
                        + "0c00" + "0200" + "00000001" + "01020304"); // VERDICT_HDR
    }

    @Test
    void encodesRejectAsDrop() {
        assertThat(verdict(Verdict.REJECT)).endsWith("00000000" + "01020304");
    }

    @Test
    void encodesRepeat() {
        assertThat(verdict(Verdict.REPEAT)).endsWith("00000004" + "01020304");
    }

    @Test
    void encodesRequeueWithTargetInTheHighHalf() {
        assertThat(verdict(new Verdict.Requeue(8, Verdict.NoListener.DROP))).endsWith("00080003" + "01020304");
    }

    @Test
    void encodesRequeueThatPassesWhereNobodyListens() {
        assertThat(verdict(new Verdict.Requeue(0xffff, Verdict.NoListener.ACCEPT)))
                .endsWith("ffff8003" + "01020304");
    }

    @Test
    void encodesAMark() {
        assertThat(sent(batch -> batch.add(ID, Verdict.ACCEPT, 0x2a)))
                .isEqualTo("28000000" + "0103" + "0100" + "04030201" + "00000000" + "00000007"
                        + "0c00" + "0200" + "00000001" + "01020304"
                        + "0800" + "0300" + "0000002a"); // MARK
    }

    @Test
    void bindsWithOneMessage() {
        QueueSettings settings =
                new QueueSettings(QUEUE, 8192, 0xffff, 1 << 20, EnumSet.of(QueueFlag.FAIL_OPEN, QueueFlag.GSO));
        QueueBinding.encodeBind(new NetlinkWriter(out), settings, settings.flags());
        assertThat(ByteBufUtil.hexDump(out))
                .isEqualTo("40000000" + "0203" + "0500" + "01000000" + "00000000" + "00000007"
                        + "0800" + "0100" + "01000000" // CMD: bind
                        + "0900" + "0200" + "0000ffff" + "02" + "000000" // PARAMS: copy packets
                        + "0800" + "0300" + "00002000" // QUEUE_MAXLEN
                        + "0800" + "0500" + "00000005" // FLAGS
                        + "0800" + "0400" + "0000000d"); // MASK: all that we know
    }

    @Test
    void sendsNoFlagsWhereTheKernelKnowsNone() {
        QueueSettings settings = new QueueSettings(QUEUE, 1, 1, 1, Set.of());
        QueueBinding.encodeBind(new NetlinkWriter(out), settings, settings.flags());
        assertThat(out.readableBytes()).isEqualTo(0x40 - 16);
    }

    /** What {@code verdicts} of packets with ids from 2^32 - 2 on are for the kernel; 0x2a marks. */
    private String batch(boolean answersAll, Verdict... verdicts) {
        VerdictBatch batch = new VerdictBatch(null, QUEUE, () -> answersAll);
        int id = -2;
        for (Verdict verdict : verdicts) {
            if (verdict == Verdict.REPEAT) {
                batch.add(id++, verdict, 0x2a);
            } else {
                batch.add(id++, verdict);
            }
        }
        assertThat(batch.size()).isEqualTo(verdicts.length);
        String bytes = batch.bytes();
        batch.release();
        return bytes;
    }

    private static String message(String type, String id, String verdict) {
        return "20000000" + type + "0100"
                + ByteBufUtil.hexDump(Unpooled.buffer().writeIntLE((int) Long.parseLong(id, 16))) + "00000000"
                + "00000007" + "0c00" + "0200" + verdict + id;
    }

    @Test
    void joinsARowOfEqualVerdictsUpToItsLastIdAlsoWhereIdsWrapAround() {
        assertThat(batch(true, Verdict.ACCEPT, Verdict.ACCEPT, Verdict.ACCEPT))
                .isEqualTo(message("0303", "00000000", "00000001"));
    }

    @Test
    void endsARowWithAnotherVerdict() {
        assertThat(batch(true, Verdict.ACCEPT, Verdict.DROP, Verdict.REJECT, Verdict.ACCEPT))
                .isEqualTo(message("0303", "fffffffe", "00000001")
                        + message("0303", "00000000", "00000000")
                        + message("0303", "00000001", "00000001"));
    }

    @Test
    void joinsNothingAcrossAMark() {
        String bytes = batch(true, Verdict.ACCEPT, Verdict.REPEAT, Verdict.ACCEPT);
        assertThat(bytes).startsWith(message("0303", "fffffffe", "00000001") + "28000000" + "0103");
        assertThat(bytes).endsWith("0000002a" + message("0303", "00000000", "00000001"));
    }

    @Test
    void joinsNothingWhereOthersAnswerToo() {
        assertThat(batch(false, Verdict.ACCEPT, Verdict.ACCEPT))
                .isEqualTo(message("0103", "fffffffe", "00000001") + message("0103", "ffffffff", "00000001"));
    }
}
