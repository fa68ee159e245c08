package dev.gavel.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Seeds;
import dev.gavel.packet.RandomPackets;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Packets of all kinds for a while, rules with patterns, events, scrapes: nothing gets lost and nothing grows. Longer
 * and harder with {@code -Dgavel.soak.seconds=1800 -Dgavel.soak.rate=200000} (packets a second).
 */
class SoakIT {
    private static final int SECONDS = Integer.getInteger("gavel.soak.seconds", 120);
    private static final int RATE = Integer.getInteger("gavel.soak.rate", Sandbox.REAL_ROOT ? 20_000 : 500);
    private static final long ENOUGH = (long) RATE * SECONDS / 10 * 9;
    /** Memory is taken after each, so that as much garbage arises between any two. */
    private static final int PARTS = 8;

    private static final int PACKETS = 5000;
    private static final int QUEUE = 3;
    private static final int RULES = 10;
    private static final long HEAP_GROWTH = 1 << 20;
    private static final long RESIDENT_GROWTH = 10 << 20;
    private static final Path EVENTS = Path.of("/run/soak-events.json");
    private static final Pattern LIVE_BYTES = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
    private static final Pattern RESIDENT_KIB = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private Netns netns;
    private Iptables iptables;
    private Daemon daemon;

    /** Bytes of live objects, and of memory in use. */
    private record Memory(long heap, long resident) {
        @Override
        public String toString() {
            return "%d/%d KiB".formatted(heap >> 10, resident >> 10);
        }
    }

    @BeforeEach
    void build() {
        netns = new Netns("server");
        iptables = new Iptables(netns);
        Feed.intoQueue(iptables, QUEUE);
        daemon = new Setup(netns)
                .queue(QUEUE, ", max-length: 65536") // a collection at a high rate
                .events("{file: %s}".formatted(EVENTS))
                .policy("soak.yaml", policy())
                .javaOption("-XX:MarkSweepAlwaysCompactCount=1") // else three collections of four leave dead objects
                .start();
    }

    @AfterEach
    void close() {
        netns.close();
    }

    private static String policy() {
        StringBuilder yaml = new StringBuilder("policy: soak\nrules:\n");
        for (int i = 0; i < RULES; i++) {
            yaml.append("  - {name: r%d, when: 'payload contains \"%s\"', verdict: %s, event: 10/s}\n"
                    .formatted(i, word(i), List.of("drop", "accept", "continue").get(i % 3)));
        }
        return yaml.toString();
    }

    private static String word(int rule) {
        return "FORBIDDEN-" + (char) ('a' + rule);
    }

    private static List<byte[]> packets(long seed) {
        RandomPackets whole = new RandomPackets(seed);
        Random random = new Random(seed);
        List<byte[]> packets = new ArrayList<>();
        while (packets.size() < PACKETS) {
            byte[] packet =
                    switch (random.nextInt(16)) {
                        case 0 -> cut(random);
                        case 1, 2, 3 -> withWord(random);
                        default -> whole.next();
                    };
            if (!isRefused(packet)) {
                packets.add(packet);
            }
        }
        return packets;
    }

    /** By the kernel before the first hook: IPv6 from or to many, and with more than seven hop-by-hop Pad1. */
    private static boolean isRefused(byte[] packet) {
        if (packet[0] >> 4 == 4) {
            return false;
        }
        boolean toMany = packet[8] == -1 || packet[24] == -1;
        boolean padded = packet[6] == 0 && packet[41] > 0;
        return toMany || padded;
    }

    /** Less than the header that the protocol has. */
    private static byte[] cut(Random random) {
        byte[] upper = new byte[random.nextInt(8)];
        random.nextBytes(upper);
        return ip(random.nextBoolean(), random.nextBoolean() ? 6 : 17, upper);
    }

    private static byte[] withWord(Random random) {
        byte[] payload = (" ".repeat(random.nextInt(400)) + word(random.nextInt(RULES))).getBytes(US_ASCII);
        boolean tcp = random.nextBoolean();
        ByteBuffer upper = ByteBuffer.allocate((tcp ? 20 : 8) + payload.length);
        upper.putShort((short) (1024 + random.nextInt(1000))).putShort((short) 80);
        if (tcp) {
            upper.putLong(random.nextLong()).putInt(0x5018_1000).putInt(0); // acknowledges and pushes
        } else {
            upper.putShort((short) upper.capacity()).putShort((short) 0);
        }
        return ip(random.nextBoolean(), tcp ? 6 : 17, upper.put(payload).array());
    }

    private static byte[] ip(boolean v4, int protocol, byte[] upper) {
        ByteBuffer packet = ByteBuffer.allocate((v4 ? 20 : 40) + upper.length);
        if (v4) {
            packet.putShort((short) 0x4500).putShort((short) packet.capacity()).putInt(0);
            packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
            packet.putInt(0x0a00_0101).putInt(0x0a00_0201);
            int sum = 0;
            for (int i = 0; i < 20; i += 2) {
                sum += packet.getShort(i) & 0xffff;
            }
            packet.putShort(10, (short) ~(sum % 0xffff)); // RFC 1071
        } else {
            packet.putInt(0x6000_0000).putShort((short) upper.length);
            packet.put((byte) protocol).put((byte) 64);
            packet.putLong(0xfd00_0001L << 32)
                    .putLong(1)
                    .putLong(0xfd00_0002L << 32)
                    .putLong(1);
        }
        return packet.put(upper).array();
    }

    /** After garbage and what the compiler has freed are given back. */
    private Memory memory() throws Exception {
        String live = daemon.jcmd("GC.class_histogram");
        daemon.jcmd("System.trim_native_heap");
        String status = Files.readString(Path.of("/proc", String.valueOf(daemon.pid()), "status"));
        return new Memory(number(LIVE_BYTES, live), number(RESIDENT_KIB, status) << 10);
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static void assertNoError(Metrics metrics) {
        for (String counter : List.of(
                "gavel_packet_id_gaps",
                "gavel_kernel_packets_dropped",
                "gavel_truncated_packets",
                "gavel_netlink_errors",
                "gavel_overload_verdicts",
                "gavel_late_verdicts",
                "gavel_events_lost")) {
            assertThat(metrics.sum(counter + "_total")).as(counter).isZero();
        }
    }

    private void scrapeUntil(long nanoTime) {
        while (System.nanoTime() - nanoTime < 0) {
            LockSupport.parkNanos(Math.min(TimeUnit.SECONDS.toNanos(1), nanoTime - System.nanoTime()));
            assertNoError(daemon.metrics());
        }
    }

    @Test
    void losesNothingAndDoesNotGrow() throws Exception {
        long seed = Seeds.take();
        Feed feed = new Feed(netns, packets(seed), RATE);
        List<Memory> memory = new ArrayList<>();
        long start = System.nanoTime();
        for (int part = 1; part <= PARTS; part++) {
            scrapeUntil(start + TimeUnit.SECONDS.toNanos(SECONDS) * part / PARTS);
            memory.add(memory());
            Files.delete(EVENTS); // a memory file system
            daemon.signal(Signal.USR1);
        }
        feed.awaitInAll(ENOUGH); // where the machine stood still, fewer were sent in time
        long sent = feed.stop();
        System.out.println(
                "SoakIT: seed " + seed + ", " + sent + " packets in " + SECONDS + " s, heap/resident " + memory);
        assertAccount(sent);
        Memory early = memory.get(PARTS / 4 - 1);
        Memory late = memory.get(PARTS - 1);
        assertThat(late.heap() - early.heap()).as("growth in %s", memory).isLessThan(HEAP_GROWTH);
        assertThat(late.resident() - early.resident())
                .as("growth in %s", memory)
                .isLessThan(RESIDENT_GROWTH);
        daemon.stop();
    }

    private void assertAccount(long sent) {
        assertThat(sent).as("enough for a soak").isGreaterThan(ENOUGH);
        assertThat(iptables.packets("queue")).as("packets at the queue's rule").isEqualTo(sent);
        Ledger.check(daemon, iptables, "queue");
        Metrics metrics = daemon.metrics();
        assertNoError(metrics);
        assertThat(metrics.sum("gavel_packets_total")).isEqualTo(sent);
        assertThat(metrics.sum("gavel_verdicts_total", "verdict", "accept")).isEqualTo(iptables.packets("passed"));
        assertThat(metrics.sum("gavel_verdicts_total", "verdict", "drop")).isPositive();
        assertThat(metrics.sum("gavel_verdicts_total", "reason", "malformed")).isPositive();
        assertThat(metrics.sum("gavel_events_written_total")).isPositive();
        for (int rule = 0; rule < RULES; rule++) {
            assertThat(metrics.sum("gavel_rule_matches_total", "rule", "r" + rule))
                    .isPositive();
        }
    }
}
