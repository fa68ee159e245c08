package dev.gavel.engine;

import dev.gavel.packet.Layer;
import dev.gavel.packet.PacketView;
import dev.gavel.policy.program.Evaluation;
import dev.gavel.policy.program.Findings;
import dev.gavel.policy.program.Rule;
import dev.gavel.policy.program.Shadows;
import dev.gavel.policy.program.Visit;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.Fragments;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.List;

/**
 * Judges packets, one at a time, with one generation of policies. Belongs to one thread; allocates nothing for a
 * packet.
 */
public class Inspector implements AutoCloseable {
    private final PacketFacts facts;
    private final InspectorCounters counters = new InspectorCounters();
    private final Evaluation evaluation = new Evaluation();
    private Engine engine;
    private boolean policiesAsked; // about the packet inspected last

    /** An inspector that judges with {@code engine} first. */
    public Inspector(Engine engine, DeviceNames devices) {
        this.engine = engine;
        facts = new PacketFacts(devices, engine);
        counters.use(engine.program());
    }

    /** Judges with {@code next} from now on. If this throws, the inspector keeps its current engine. */
    public final void use(Engine next) {
        if (next != engine) {
            facts.use(next);
            counters.use(next.program());
            engine = next;
        }
    }

    /** Judges {@code packet} and writes the verdict and its reason to {@code ruling}. */
    public void inspect(QueuedPacket packet, Ruling ruling) {
        ruling.by(engine.generation());
        policiesAsked = false;
        EngineSettings settings = engine.settings();
        if (engine.isOwn(packet)) {
            ruling.set(Verdict.ACCEPT, Reason.OWN);
            return;
        }
        switch (packet.decoding()) {
            case OK -> judge(packet, ruling);
            case NOT_IP -> judgeUnknown(packet, ruling);
            case CUT -> ruling.set(settings.truncated(), Reason.TRUNCATED);
            case MALFORMED -> malformed(packet.view().malformedLayer(), ruling);
        }
        engine.sendAccept(packet, ruling);
    }

    /**
     * The guards, rules and defaults evaluated for {@code packet}, which must be the packet inspected last. Empty if
     * the policies were not evaluated.
     */
    public final List<Visit> explain(QueuedPacket packet, Ruling ruling) {
        return policiesAsked ? engine.program().explain(packet.queueNumber(), facts, evaluation.findings()) : List.of();
    }

    /** The generation that the inspector currently judges with. */
    public final Engine engine() {
        return engine;
    }

    private void judgeUnknown(QueuedPacket packet, Ruling ruling) {
        if (packet.capturedLength() == 0) {
            malformed(Layer.IP, ruling); // nothing shows that a packet without a byte is harmless
        } else {
            ruling.set(Verdict.ACCEPT, Reason.NOT_IP);
        }
    }

    private void malformed(Layer layer, Ruling ruling) {
        counters.malformed(layer);
        ruling.set(engine.settings().malformed(), Reason.MALFORMED);
    }

    private void judge(QueuedPacket packet, Ruling ruling) {
        PacketView view = packet.view();
        if (view.isLaterFragment() && engine.settings().fragments() == Fragments.DROP) {
            ruling.set(Verdict.DROP, Reason.FRAGMENT);
            return;
        }
        facts.of(packet, view);
        policiesAsked = true;
        engine.program().judge(packet.queueNumber(), facts, evaluation);
        Findings found = evaluation.findings();
        // a rule is open only if bytes of the packet were not captured
        if (found.isOpen() && !found.verdict().blocks()) {
            ruling.set(engine.settings().truncated(), Reason.TRUNCATED);
            return;
        }
        ruling.set(found, packet.mark());
        count(found);
    }

    private void count(Findings found) {
        Rule rule = found.rule();
        if (rule != null) {
            counters.matched(rule);
        }
        for (int i = 0; i < found.continuedCount(); i++) {
            counters.matched(found.continued(i));
        }
        Shadows shadows = found.shadows();
        for (int i = 0; i < shadows.count(); i++) {
            Rule shadow = shadows.met(i).rule();
            if (shadow != null) {
                counters.matched(shadow);
            }
        }
        for (int i = 0; i < shadows.verdictCount(); i++) {
            counters.wouldHave(shadows.verdict(i), found.verdict());
        }
    }

    public final InspectorCounters counters() {
        return counters;
    }

    /** Frees the scanners; the engine itself stays open. */
    @Override
    public final void close() {
        facts.close();
    }
}
