package dev.gavel.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.config.source.ConfigException;
import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.TestEngines;
import dev.gavel.kit.TestPipelines;
import dev.gavel.match.Matchers;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Generations whose patterns are native memory come and go under load. In a virtual machine of its own, whose heap is
 * touched before and cannot grow: what grows then is native. With generations that are never closed it is 59 MB.
 */
class ReloadTest {
    private static final int RELOADS = 400;
    private static final int WARM_UP = 150;
    private static final int PATTERNS = 100;
    private static final long GROWTH_LIMIT_BYTES = 20L << 20;

    private final Matchers matchers = Matchers.of(Matchers.Choice.NATIVE, Path.of(System.getProperty("gavel.native")));
    private final FakeSource source = new FakeSource();

    /** Words and expressions that no packet has, now more and now fewer, then one of either that every packet meets. */
    private Engine engine(int generation) throws ConfigException {
        StringBuilder policy = new StringBuilder("policy: p\nrules:\n");
        for (int i = 0; i < PATTERNS + generation % 20; i++) {
            String test = i % 50 == 1 ? "matches /word-%d-%d+x?/" : "contains \"word-%d-%d\"";
            policy.append(
                    "  - {name: r%d, when: 'payload %s', verdict: drop}%n".formatted(i, test.formatted(generation, i)));
        }
        String last = generation % 2 == 0 ? "matches /ne+dle-*$/" : "contains \"needle\"";
        policy.append("  - {name: all, when: 'payload %s', verdict: drop}%n".formatted(last));
        return TestEngines.of(generation, policy.toString(), matchers);
    }

    /** Of a flow of its own, so that each worker gets some and takes the new generation at once. */
    private static byte[] packet(int port) {
        byte[] packet = ByteBufUtil.decodeHexDump("450000280000000040110000" + "0a000001" + "0a000002" // IPv4, 40 bytes
                + "04000035" + "00140000" // UDP, 20 bytes
                + "2d6e6565646c652d2d2d2d2d"); // -needle-----
        packet[21] = (byte) port;
        return packet;
    }

    @ParameterizedTest(name = "{0} workers")
    @ValueSource(strings = {"0", "2"})
    void freesEachGenerationAndJudgesOn(String workers) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms200m",
                        "-Xmx200m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dgavel.native=" + System.getProperty("gavel.native"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReloadTest.class.getName(),
                        workers)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    /** Swaps generations; the status is not 0 if a packet was not judged, or memory has grown. */
    public static void main(String[] arguments) {
        try {
            new ReloadTest().swap(Integer.parseInt(arguments[0]));
            System.exit(0); // the pipeline's threads may linger
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void swap(int workers) throws Exception {
        Engine engine = engine(1);
        Engine first = engine;
        Pipeline pipeline = new Pipeline(
                List.of(source),
                engine,
                TestPipelines.settings(
                        workers, Verdict.ACCEPT, () -> new Inspector(first, DeviceNames.NONE), Rejector.SILENT));
        pipeline.start();
        long before = 0;
        int sent = 0;
        for (int generation = 2; generation < 2 + WARM_UP + RELOADS; generation++) {
            Engine next = engine(generation);
            for (int i = 0; i < 40; i++) {
                if (i == 20) {
                    pipeline.use(next);
                }
                source.put(packet(i));
                sent++;
            }
            while (!pipeline.isUnused(engine)) {
                Thread.onSpinWait();
            }
            engine.close();
            engine = next;
            if (generation == WARM_UP) {
                before = residentBytes();
            }
        }
        assertThat(pipeline.drain(Duration.ofSeconds(20))).isTrue();
        engine.close();
        assertThat(source.sent()).hasSize(sent).allMatch(verdict -> verdict.verdict() == Verdict.DROP);
        assertThat(residentBytes() - before).isLessThan(GROWTH_LIMIT_BYTES);
    }

    private static long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
