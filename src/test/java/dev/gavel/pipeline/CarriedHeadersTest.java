package dev.gavel.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.Ruling;
import dev.gavel.engine.TestEngines;
import dev.gavel.events.Events;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.EventType;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Verdict;
import io.netty.buffer.ByteBufUtil;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A packet is decoded once on its way. The bytes of its headers are wiped as soon as that has happened: whoever decoded
 * them again would find no IP packet.
 */
class CarriedHeadersTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int PACKETS = 64; // judged in one batch: the inspector is at later packets before it is told
    private static final String POLICY = """
            policy: p
            rules:
              - {name: rude, when: ip.ttl == 33 and udp.dst_port == 53, verdict: reject, event: true}
            """;

    @TempDir
    private Path folder;

    private final FakeSource source = new FakeSource();
    private final Engine engine = TestEngines.of(POLICY);
    private final Queue<Integer> told = new ConcurrentLinkedQueue<>();

    private final class WipingInspector extends Inspector {
        private final boolean decodedByReader;

        WipingInspector(boolean decodedByReader) {
            super(engine, DeviceNames.NONE);
            this.decodedByReader = decodedByReader;
        }

        @Override
        public void inspect(QueuedPacket packet, Ruling ruling) {
            if (decodedByReader) {
                wipe(packet);
            }
            super.inspect(packet, ruling);
            wipe(packet);
        }

        private void wipe(QueuedPacket packet) {
            packet.buffer().setZero(packet.offset(), packet.capturedLength());
        }
    }

    private static byte[] packet(int port) {
        byte[] packet = ByteBufUtil.decodeHexDump("450000200000000021110000" + "0a000001" + "0a000002" // IPv4, TTL 33
                + "04000035" + "000c0000" // UDP to port 53, 12 bytes
                + "00000000");
        packet[21] = (byte) port;
        return packet;
    }

    @ParameterizedTest(name = "{0} workers")
    @ValueSource(ints = {0, 1, 3})
    void ofARejectedPacketWithAnEventNobodyDecodesTheHeadersAgain(int workers) throws Exception {
        Path file = folder.resolve("events.json");
        Events events = new Events(new Events.Settings(file, Set.of(EventType.ALERT), "here"));
        events.open();
        events.start(DeviceNames.NONE, () -> 0, () -> 0);
        for (int i = 0; i < PACKETS; i++) {
            source.put(packet(i));
        }
        Pipeline pipeline = new Pipeline(
                List.of(source),
                engine,
                new Pipeline.Settings(
                        workers,
                        LIMIT.toNanos(),
                        Verdict.DROP,
                        () -> new WipingInspector(workers > 1),
                        rejected -> told.add(rejected.view().sourcePort()),
                        events::listener));
        pipeline.start();
        assertThat(pipeline.drain(LIMIT)).isTrue();
        events.close(LIMIT);
        Integer[] ports = new Integer[PACKETS];
        for (int i = 0; i < PACKETS; i++) {
            ports[i] = 1024 + i;
        }
        assertThat(told).containsExactlyInAnyOrder(ports);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(PACKETS);
        for (int i = 0; i < PACKETS; i++) {
            String port = "\"src_ip\":\"10.0.0.1\",\"src_port\":" + ports[i] + ",";
            assertThat(lines).filteredOn(line -> line.contains(port)).hasSize(1);
        }
    }
}
