package dev.gavel.engine;

import dev.gavel.config.ConfigLoader;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problems;
import dev.gavel.queue.Fragments;
import dev.gavel.match.Matchers;
import dev.gavel.policy.Policies;
import dev.gavel.policy.program.Program;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What judging a packet of 1,448 bytes takes with few rules and with many: decoded, evaluated and, where rules have
 * patterns, scanned. System property {@code gavel.libhs} names a folder with the native library; without it patterns
 * are searched in Java.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RulesBenchmark {
    private static final int LENGTH = 1448;
    private static final int HEADERS = 40;
    private static final int BEHIND = 64; // as in a slot: or the library gets a copy
    private static final int PORT = 80;
    private static final int WARMUP = 5; // rounds
    private static final int PACKETS = 20_000; // a round

    /** What the rules ask for; {@code LAST_HEADER}: as {@code HEADER}, and the last one matches. */
    public enum Asks {
        HEADER {
            @Override
            String when(int number, Random random) {
                return "ip.src == " + address(number) + " and tcp.dst_port == " + (1024 + random.nextInt(60_000));
            }
        },
        LAST_HEADER {
            @Override
            String when(int number, Random random) {
                return number == 0 ? "ip.src == 192.0.2.1 and tcp.dst_port == " + PORT : HEADER.when(number, random);
            }
        },
        LITERAL {
            @Override
            String when(int number, Random random) {
                return "payload icontains \"" + word(random) + "\"";
            }
        },
        LITERAL_OF_PORT {
            @Override
            String when(int number, Random random) {
                return "tcp.dst_port == " + PORT + " and payload icontains \"" + word(random) + "\"";
            }
        },
        LITERAL_OF_OTHER_PORT {
            @Override
            String when(int number, Random random) {
                return "tcp.dst_port == 443 and payload icontains \"" + word(random) + "\"";
            }
        },
        GUARDED_LITERAL_OF_OTHER_PORT {
            @Override
            String guard() {
                return "when: ip.version == 4\n"; // as `gavel import` writes it
            }

            @Override
            String when(int number, Random random) {
                return LITERAL_OF_OTHER_PORT.when(number, random);
            }
        };

        /** Of the policy, as YAML. */
        String guard() {
            return "";
        }

        /** Of the rule that {@code number} others follow. */
        abstract String when(int number, Random random);

        private static String address(int number) {
            return "10." + (number >> 16) + "." + (number >> 8 & 0xff) + "." + (number & 0xff);
        }

        /** 8 to 24 letters and digits: none is in the packet. */
        private static String word(Random random) {
            StringBuilder word = new StringBuilder();
            for (int i = 8 + random.nextInt(17); i > 0; i--) {
                word.append(Character.forDigit(random.nextInt(36), 36));
            }
            return word.toString();
        }
    }

    @Param
    public Asks asks;

    @Param({"10", "10000"})
    public int rules;

    private Engine engine;
    private Inspector inspector;
    private QueuedPacket packet;
    private final Ruling ruling = new Ruling();

    @Setup
    public void compile() throws ConfigException {
        engine = engine(policy(asks, rules));
        inspector = new Inspector(engine, index -> null);
        packet = packet();
        judge();
        boolean matches = ruling.reason() == Reason.RULE;
        if (matches != (asks == Asks.LAST_HEADER)) {
            throw new IllegalStateException(asks + ": " + ruling.reason());
        }
    }

    @TearDown
    public void free() {
        inspector.close();
        engine.close();
    }

    @Benchmark
    public Verdict judge() {
        packet.bytes(packet.offset(), packet.capturedLength(), packet.originalLength()); // to be decoded anew
        inspector.inspect(packet, ruling);
        return ruling.verdict();
    }

    /**
     * Measures in {@code args[0]} interleaved rounds by the thread's CPU time: for machines that others use too, where
     * JMH's wall time says little.
     */
    public static void main(String[] args) throws ConfigException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        int rounds = Integer.parseInt(args[0]);
        Map<RulesBenchmark, double[]> nanoseconds = new LinkedHashMap<>();
        for (Asks asks : Asks.values()) {
            for (int rules : new int[] {10, 10_000}) {
                RulesBenchmark benchmark = new RulesBenchmark();
                benchmark.asks = asks;
                benchmark.rules = rules;
                benchmark.compile();
                nanoseconds.put(benchmark, new double[rounds]);
            }
        }
        for (int round = -WARMUP; round < rounds; round++) {
            for (Map.Entry<RulesBenchmark, double[]> entry : nanoseconds.entrySet()) {
                long start = threads.getCurrentThreadCpuTime();
                for (int i = 0; i < PACKETS; i++) {
                    entry.getKey().judge();
                }
                entry.getValue()[Math.max(round, 0)] = (threads.getCurrentThreadCpuTime() - start) / (double) PACKETS;
            }
        }
        nanoseconds.forEach((benchmark, values) -> {
            Arrays.sort(values);
            System.out.printf(
                    "%-29s %5d rules: min %5.0f, median %5.0f ns%n",
                    benchmark.asks, benchmark.rules, values[0], values[rounds / 2]);
        });
    }

    private static String policy(Asks asks, int rules) {
        Random random = new Random(1);
        StringBuilder policy = new StringBuilder("policy: p\n" + asks.guard() + "rules:\n");
        for (int number = rules - 1; number >= 0; number--) {
            String when = asks.when(number, random);
            policy.append("  - name: r" + number + "\n    when: " + when + "\n    verdict: drop\n");
        }
        return policy.toString();
    }

    private static Engine engine(String policy) throws ConfigException {
        Problems problems = new Problems();
        ConfigLoader loader = new ConfigLoader(problems);
        Program program = Policies.compile(DaemonConfig.defaults(), List.of(loader.policy("p.yaml", policy)), problems);
        EngineSettings settings =
                new EngineSettings(0, Verdict.DROP, Verdict.DROP, Fragments.HEADERS_ONLY, Map.of());
        String folder = System.getProperty("gavel.libhs");
        Matchers matchers =
                folder == null ? Matchers.java() : Matchers.of(Matchers.Choice.NATIVE, Path.of(folder));
        return new Engine(1, program, settings, matchers);
    }

    /** IPv4 (RFC 791, 3.1), TCP (RFC 9293, 3.1), and the text of a web page. */
    private static QueuedPacket packet() {
        ByteBuf bytes = Unpooled.directBuffer(HEADERS + LENGTH + BEHIND);
        bytes.writeByte(0x45).writeByte(0).writeShort(HEADERS + LENGTH); // version, header length, DSCP, total length
        bytes.writeInt(0).writeByte(64).writeByte(6).writeShort(0); // no fragment, TTL, TCP, no checksum
        bytes.writeInt(0xc0000201).writeInt(0xc6336401); // 192.0.2.1 to 198.51.100.1
        bytes.writeShort(49152).writeShort(PORT).writeInt(1).writeInt(1); // ports, sequence, acknowledgment
        bytes.writeByte(0x50).writeByte(0x18).writeShort(512).writeInt(0); // length, PSH ACK, window, no checksum
        String text = "GET /index.html HTTP/1.1\r\nHost: www.example.com\r\nAccept: text/html, */*\r\n"
                + "Accept-Language: en-GB,en;q=0.7\r\nCookie: session=2f9c61d0; theme=dark; seen=yes\r\n\r\n"
                + "<!DOCTYPE html><p class=\"lead\">The quick brown fox jumps over the lazy dog.</p>\r\n";
        int length = HEADERS + LENGTH;
        while (bytes.writerIndex() < length) {
            byte[] some = text.getBytes(StandardCharsets.US_ASCII);
            bytes.writeBytes(some, 0, Math.min(some.length, length - bytes.writerIndex()));
        }
        return new QueuedPacket(bytes, 0, bytes.capacity()).reset(0, 1, 0).bytes(0, length, length);
    }
}
