package dev.gavel.cli.replay;

import dev.gavel.capture.CaptureSource;
import dev.gavel.capture.CaptureWriter;
import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.Ruling;
import dev.gavel.flow.FlowKey;
import dev.gavel.packet.Decoding;
import dev.gavel.policy.program.Rule;
import dev.gavel.policy.program.Visit;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Judges a capture packet by packet, and reports. */
final class Replay implements AutoCloseable {
    private static final int SLOT_BYTES = 256 * 1024; // the longest packet that a capture may hold

    private final Inspector inspector;
    private final CaptureSource source;
    private final Report report;
    private final @Nullable CaptureWriter writer;
    private final ByteBuf memory = Unpooled.directBuffer(SLOT_BYTES, SLOT_BYTES);
    private final QueuedPacket packet = new QueuedPacket(memory, 0, SLOT_BYTES);
    private final Ruling ruling = new Ruling();
    private final Map<FlowKey, Integer> flows = new HashMap<>();
    private final Totals totals = new Totals();

    /** Judges {@code source} with {@code engine}; packets that pass go to {@code write} if that is given. */
    Replay(Engine engine, CaptureSource source, Report report, @Nullable OutputStream write) {
        engine.program().refillLimits();
        inspector = new Inspector(engine, source.devices());
        this.source = source;
        this.report = report;
        writer = write == null ? null : new CaptureWriter(write, source);
    }

    void run() throws IOException {
        QueuedPacket[] slots = {packet};
        while (source.receive(slots, 1) != PacketSource.END) {
            judge();
        }
        totals.flows = flows.size();
        report.summary(totals);
    }

    private void judge() throws IOException {
        if (source.frame().isIp()) {
            inspector.inspect(packet, ruling);
        } else {
            ruling.set(Verdict.ACCEPT, Reason.NOT_IP);
        }
        ReplayedPacket judged = new ReplayedPacket(source.frame(), packet.originalLength(), flow(), ruling, this::way);
        totals.add(ruling);
        report.packet(judged);
        if (writer != null && !ruling.verdict().blocks()) {
            writer.writeFrame();
        }
    }

    private List<Visit> way() {
        return source.frame().isIp() ? inspector.explain(packet, ruling) : List.of();
    }

    /** Number of the packet's flow, from 1; 0 for a packet that has none. */
    private int flow() {
        boolean decoded = source.frame().isIp() && packet.decoding() == Decoding.OK;
        FlowKey key = decoded ? FlowKey.of(packet.view()) : null;
        return key == null ? 0 : flows.computeIfAbsent(key, k -> flows.size() + 1);
    }

    /** Rules that a packet has met: those it only met, then the one that decided. */
    static List<Rule> met(Ruling ruling) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < ruling.findings().continuedCount(); i++) {
            rules.add(ruling.findings().continued(i));
        }
        Rule decided = ruling.rule();
        if (decided != null) {
            rules.add(decided);
        }
        return rules;
    }

    @Override
    public void close() throws IOException {
        inspector.close();
        memory.release();
        if (writer != null) {
            writer.close();
        }
    }
}
