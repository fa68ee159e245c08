package dev.gavel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.config.source.ConfigException;
import dev.gavel.kit.TestPrograms;
import dev.gavel.match.Matchers;
import dev.gavel.policy.program.Program;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.Fragments;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known answers where {@code an evil} of {@code an evil word} was copied to us, and {@code truncated} is to accept. */
class CutPacketsTest {
    private static final String HEADERS = "450000280000000040110000" + "0a000001" + "0a000002" // IPv4, 40 bytes
            + "04000035" + "00140000"; // UDP, 20 bytes
    private static final String PAYLOAD = "616e206576696c20776f7264"; // an evil word
    private static final int CAPTURED = 28 + 7;

    @ParameterizedTest
    @CsvSource({
        "evil,RULE",
        "\\bevil,RULE",
        "n\\b.evi,RULE",
        "(\\ban )?\\bevi\\Bl,RULE",
        "evil\\b,TRUNCATED",
        "evil\\B,TRUNCATED",
        "evil\\bx?,TRUNCATED",
        "evil$,TRUNCATED",
        "\\bvil,TRUNCATED",
    })
    void blocksWhatBytesThatFollowCannotChange(String regex, Reason reason) throws ConfigException {
        QueuedPacket packet = new QueuedPacket(
                        Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(HEADERS + PAYLOAD)), 0, 40)
                .reset(0, 1, 0)
                .bytes(0, CAPTURED, 40);
        Ruling ruling = new Ruling();
        try (Engine engine = engine(regex);
                Inspector inspector = new Inspector(engine, DeviceNames.NONE)) {
            inspector.inspect(packet, ruling);
        }
        assertThat(ruling.verdict()).isEqualTo(reason == Reason.RULE ? Verdict.DROP : Verdict.ACCEPT);
        assertThat(ruling.reason()).isEqualTo(reason);
    }

    private static Engine engine(String regex) throws ConfigException {
        String policy = "policy: p\nrules:\n  - {name: r, verdict: drop, when: 'payload matches /" + regex + "/'}\n";
        Program program = TestPrograms.program(policy);
        EngineSettings settings = new EngineSettings(0, Verdict.DROP, Verdict.ACCEPT, Fragments.HEADERS_ONLY, Map.of());
        return new Engine(1, program, settings, Matchers.java());
    }
}
