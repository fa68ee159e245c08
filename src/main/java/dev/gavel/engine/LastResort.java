package dev.gavel.engine;

import dev.gavel.packet.Decoding;
import dev.gavel.packet.PacketView;
import dev.gavel.policy.program.OverloadVerdict;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;

/**
 * Says what happens to packets that are not judged: the first policy with an {@code overload} of its own whose guard is
 * true, else the daemon. Looks at headers only, and only if there is such a policy; decodes them for itself, since the
 * thread that owns the packet may be decoding them in its slot. Used by one thread at a time; allocates nothing.
 */
public final class LastResort {
    private final Verdict otherwise;
    private final PacketView view = new PacketView();
    private final PacketFacts headers;

    /** {@code otherwise} is the daemon's verdict, {@code devices} are those of the packets' source. */
    public LastResort(Verdict otherwise, DeviceNames devices) {
        this.otherwise = otherwise;
        headers = PacketFacts.ofHeaders(devices);
    }

    /** Says in {@code ruling} what happens to {@code packet} and why; an accept is sent the way its queue asks for. */
    public void decide(Engine engine, QueuedPacket packet, Reason reason, Ruling ruling) {
        ruling.by(engine.generation());
        if (engine.isOwn(packet)) {
            ruling.set(Verdict.ACCEPT, Reason.OWN);
            return;
        }
        ruling.set(otherwise, reason);
        if (!engine.program().overloadVerdicts().isEmpty()) {
            askPolicies(engine, packet, reason, ruling);
        }
        engine.sendAccept(packet, ruling);
    }

    private void askPolicies(Engine engine, QueuedPacket packet, Reason reason, Ruling ruling) {
        try {
            if (isReadable(packet)) {
                headers.of(packet, view);
                OverloadVerdict own = engine.program().overloadVerdict(packet.queueNumber(), headers);
                if (own != null) {
                    ruling.set(own, reason);
                }
            }
        } catch (RuntimeException e) {
            ruling.set(otherwise, reason); // perhaps for the same cause as the inspector, which was reported
        }
    }

    private boolean isReadable(QueuedPacket packet) {
        return view.decode(packet.buffer(), packet.offset(), packet.capturedLength(), packet.originalLength())
                == Decoding.OK;
    }
}
