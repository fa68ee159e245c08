package dev.gavel.match;

import com.sun.management.ThreadMXBean;
import dev.gavel.match.pattern.LiteralPattern;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One scan of one packet for many literals. {@link #main} measures the CPU time of its thread instead of the clock's,
 * for machines that are not idle; {@code bench/match} runs it beside the same calls from C.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class ScanBenchmark {
    private static final int ROUNDS = 30;
    private static final int ROUND_BYTES = 12_000_000;

    /** LITERALS/BYTES/HITS. */
    @Param({"10/1448/0", "1000/1448/0", "10000/1448/0", "1000/65000/0", "1000/1448/50"})
    public String load;

    @Param({"NATIVE", "JAVA"})
    public Matchers.Choice engine;

    private Matcher matcher;
    private Scanner scanner;
    private Hits hits;
    private ByteBuf buffer;
    private int length;

    @Setup
    public void prepare() {
        String[] parts = load.split("/", -1);
        int count = Integer.parseInt(parts[0]);
        length = Integer.parseInt(parts[1]);
        int wanted = Integer.parseInt(parts[2]);
        List<LiteralPattern> literals =
                wanted == 0 ? Workload.literals(count) : Workload.shortFirst(count, length, wanted);
        byte[] text = wanted == 0 ? Workload.text(length) : Workload.text(length, literals, wanted);
        buffer = Unpooled.directBuffer(length + 64).writeBytes(text);
        matcher = Matchers.of(engine, Path.of(System.getProperty("gavel.native"))).compile(literals);
        scanner = matcher.scanner();
        hits = new Hits(count);
        if (scan() != wanted) {
            throw new IllegalStateException(hits.size() + " hits (expected: " + wanted + ")");
        }
    }

    @Benchmark
    public int scan() {
        hits.clear();
        scanner.scan(buffer, 0, length, hits);
        return hits.size();
    }

    /** Arguments: ENGINE LITERALS/BYTES/HITS. Prints the least and the median of {@value #ROUNDS} rounds, a scan. */
    public static void main(String[] arguments) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ScanBenchmark benchmark = new ScanBenchmark();
        benchmark.engine = Matchers.Choice.valueOf(arguments[0]);
        benchmark.load = arguments[1];
        benchmark.prepare();
        int scans = ROUND_BYTES / benchmark.length;
        double[] nanoseconds = new double[ROUNDS];
        long allocated = 0;
        for (int round = -ROUNDS; round < ROUNDS; round++) { // the first half warms up
            long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
            long before = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < scans; i++) {
                benchmark.scan();
            }
            nanoseconds[Math.max(round, 0)] = (threads.getCurrentThreadCpuTime() - before) / (double) scans;
            allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
        }
        Arrays.sort(nanoseconds);
        System.out.printf(
                "%-10s %-12s min %.0f, median %.0f ns, %.2f bytes allocated%n",
                benchmark.engine,
                benchmark.load,
                nanoseconds[0],
                nanoseconds[ROUNDS / 2],
                allocated / (double) scans);
        benchmark.free();
    }

    @TearDown
    public void free() {
        scanner.close();
        matcher.close();
        buffer.release();
    }
}
