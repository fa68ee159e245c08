package dev.gavel.events;

import dev.gavel.queue.Alert;
import dev.gavel.queue.Decision;
import dev.gavel.queue.EventType;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.VerdictListener;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Leaves a record of each packet that gives an event. Belongs to one thread that judges; allocates nothing. */
final class EventRecorder implements VerdictListener {
    private final EventRing ring;
    private final boolean alerts;
    private final boolean anomalies;

    EventRecorder(EventRing ring, Set<EventType> types) {
        this.ring = ring;
        alerts = types.contains(EventType.ALERT);
        anomalies = types.contains(EventType.ANOMALY);
    }

    @Override
    public void judged(QueuedPacket packet, Decision judged) {
        if (anomalies && (judged.reason() == Reason.MALFORMED || judged.reason() == Reason.TRUNCATED)) {
            record(packet, judged, null, 0, System.nanoTime());
        }
        int count = alerts ? judged.alertCount() : 0;
        for (int i = 0; i < count; i++) {
            long nowNs = System.nanoTime();
            long withheld = judged.alert(i).admit(nowNs);
            if (withheld != Alert.WITHHELD) {
                record(packet, judged, judged.alert(i), withheld, nowNs);
            }
        }
    }

    private void record(QueuedPacket packet, Decision judged, @Nullable Alert alert, long withheld, long nowNs) {
        PacketEvent event = ring.claim();
        if (event == null) {
            return;
        }
        event.alert = alert;
        event.suppressed = withheld;
        event.latencyNs = nowNs - packet.receivedNs();
        event.judged(judged);
        event.packet(packet);
        ring.publish();
    }
}
