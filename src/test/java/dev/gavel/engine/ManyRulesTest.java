package dev.gavel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gavel.config.source.ConfigException;
import dev.gavel.kit.Seeds;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManyRulesTest {
    private static final int RULES = 200;
    private static final int PACKETS = 1_000;

    private final long seed = Seeds.take();
    private final Random random = new Random(seed);
    private final Ruling ruling = new Ruling();

    @Test
    void meetsTheRulesThatItMeetsAlone() throws ConfigException {
        List<String> conditions =
                IntStream.range(0, RULES).mapToObj(i -> condition()).toList();
        Inspector together = inspector(RULES, conditions::get);
        List<Inspector> alone = new ArrayList<>();
        for (String condition : conditions) {
            alone.add(inspector(1, i -> condition));
        }
        int[] counts = new int[2];
        for (int i = 0; i < PACKETS; i++) {
            QueuedPacket packet = packet();
            List<String> expected = new ArrayList<>();
            boolean truncated = false;
            for (int rule = 0; rule < RULES; rule++) {
                alone.get(rule).inspect(packet, ruling);
                truncated |= ruling.reason() == Reason.TRUNCATED;
                if (ruling.findings().continuedCount() > 0) {
                    expected.add("r" + rule);
                }
            }
            together.inspect(packet, ruling);
            String described = String.format("seed %d, packet %d, %s", seed, i, conditions);
            assertThat(ruling.reason() == Reason.TRUNCATED).as(described).isEqualTo(truncated);
            assertThat(met()).as(described).isEqualTo(truncated ? List.of() : expected);
            counts[truncated ? 1 : 0] += truncated ? 1 : expected.size();
        }
        assertThat(counts).as("seed %d: rules met, packets cut too short", seed).doesNotContain(0);
    }

    private List<String> met() {
        List<String> met = new ArrayList<>();
        for (int i = 0; i < ruling.findings().continuedCount(); i++) {
            met.add(ruling.findings().continued(i).name());
        }
        return met;
    }

    @Test
    void allocatesNothing() throws ConfigException {
        Inspector inspector = inspector(600, i -> switch (i % 3) {
            case 0 -> "ip.src == 10.0." + (i >> 8) + "." + (i & 0xff) + " and dst_port == 2";
            case 1 -> "udp and payload contains \"ab" + i + "\"";
            default -> "payload[" + i % 50 + ":] contains {\"ab\", \"ba\"}";
        });
        QueuedPacket[] packets = IntStream.range(0, 64).mapToObj(i -> packet()).toArray(QueuedPacket[]::new);
        inspect(inspector, packets, 300);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        inspect(inspector, packets, 300);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("seed %d", seed).isLessThan(300 * 64);
    }

    private void inspect(Inspector inspector, QueuedPacket[] packets, int times) {
        for (int i = 0; i < times; i++) {
            for (QueuedPacket packet : packets) {
                inspector.inspect(packet, ruling);
            }
        }
    }

    /** Judges by rules r0, r1, … that are all tried. */
    private static Inspector inspector(int rules, IntFunction<String> conditions) throws ConfigException {
        StringBuilder policy = new StringBuilder("policy: p\nrules:\n");
        for (int i = 0; i < rules; i++) {
            policy.append("  - {name: r" + i + ", verdict: continue, when: '" + conditions.apply(i) + "'}\n");
        }
        return new Inspector(TestEngines.of(policy.toString()), index -> null);
    }

    private String condition() {
        List<String> tests = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String test = test();
            tests.add(random.nextInt(6) == 0 ? "(" + test + " or " + test() + ")" : test);
        }
        return String.join(" and ", tests);
    }

    private String test() {
        int number = random.nextInt(12);
        return switch (random.nextInt(9)) {
            case 0 -> "tcp.dst_port == " + number;
            case 1 -> "port in {" + number + ".." + (number + random.nextInt(3)) + "}";
            case 2 -> "ip.src == 10.0.0." + number;
            case 3 -> "ip.addr in {10.0.0.3.." + "10.0.0." + (3 + number) + ", 2001:db8::" + number + "/126}";
            case 4 -> "not udp.src_port == " + number;
            case 5 -> "mark < " + number;
            case 6 -> "packet[20:] contains \"" + word(3 + random.nextInt(4)) + "\"";
            default -> "payload contains {\"" + word(2 + random.nextInt(5)) + "\", \"" + word(5) + "\"}";
        };
    }

    private String word(int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append("abc".charAt(random.nextInt(3)));
        }
        return word.toString();
    }

    /** IPv4 or IPv6 with UDP or TCP, one of ten cut. */
    private QueuedPacket packet() {
        byte[] payload = word(random.nextInt(60)).getBytes(StandardCharsets.US_ASCII);
        boolean tcp = random.nextBoolean();
        int l4 = (tcp ? 20 : 8) + payload.length;
        ByteBuf packet = Unpooled.buffer();
        if (random.nextBoolean()) {
            packet.writeShort(0x4500)
                    .writeShort(20 + l4)
                    .writeInt(0)
                    .writeByte(64)
                    .writeByte(tcp ? 6 : 17);
            packet.writeShort(0).writeInt(0x0a000000 | random.nextInt(16)).writeInt(0x0a000000 | random.nextInt(16));
        } else {
            packet.writeInt(0x60000000).writeShort(l4).writeByte(tcp ? 6 : 17).writeByte(64);
            for (int i = 0; i < 2; i++) {
                packet.writeLong(0x20010db8_00000000L).writeLong(random.nextInt(16));
            }
        }
        packet.writeShort(random.nextInt(16)).writeShort(random.nextInt(16));
        if (tcp) {
            packet.writeLong(0).writeShort(0x5018).writeShort(512).writeInt(0);
        } else {
            packet.writeShort(l4).writeShort(0);
        }
        int headers = packet.readableBytes();
        packet.writeBytes(payload);
        int original = packet.readableBytes();
        int captured = random.nextInt(10) == 0 ? headers + random.nextInt(original - headers + 1) : original;
        return new QueuedPacket(packet, 0, original)
                .reset(0, 1, 0)
                .mark(random.nextInt(16))
                .bytes(0, captured, original);
    }
}
