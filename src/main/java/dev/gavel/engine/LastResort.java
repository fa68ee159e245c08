package dev.gavel.engine;

import dev.gavel.packet.Decoding;
import dev.gavel.packet.PacketView;
import dev.gavel.policy.program.OverloadVerdict;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;

/**
 * Decides the verdict of packets that could not be judged, or not in time. The first policy with its own {@code
 * overload} verdict and a true guard decides, otherwise the daemon's setting. Reads headers only, and only if there is
 * such a policy. Decodes them into its own view, because the thread that owns the packet may be decoding them in the
 * slot at the same time. Used by one thread at a time; allocates nothing.
 */
public final class LastResort {
    private final Verdict otherwise;
    private final PacketView view = new PacketView();
    private final PacketFacts headers;

    /**
     * {@code otherwise} is the verdict if no policy decides; {@code devices} names the devices of the packets' source.
     */
    public LastResort(Verdict otherwise, DeviceNames devices) {
        this.otherwise = otherwise;
        headers = PacketFacts.ofHeaders(devices);
    }

    /**
     * Writes the verdict of {@code packet} and {@code reason} to {@code ruling}; an accept is sent as the queue
     * requires.
     */
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
            // not logged: the inspector probably failed for the same cause, and that was logged
            ruling.set(otherwise, reason);
        }
    }

    private boolean isReadable(QueuedPacket packet) {
        return view.decode(packet.buffer(), packet.offset(), packet.capturedLength(), packet.originalLength())
                == Decoding.OK;
    }
}
