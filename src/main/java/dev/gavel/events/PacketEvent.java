package dev.gavel.events;

import dev.gavel.packet.Answerable;
import dev.gavel.packet.ChecksumState;
import dev.gavel.packet.Decoding;
import dev.gavel.packet.Layer;
import dev.gavel.packet.PacketView;
import dev.gavel.queue.Alert;
import dev.gavel.queue.Decision;
import dev.gavel.queue.Hook;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/** What an event says of one packet, an entry of a ring: written by the thread that judged, then read by the writer. */
final class PacketEvent {
    /** Null: an anomaly. */
    @Nullable
    Alert alert;

    long suppressed;
    Verdict verdict = Verdict.DROP;
    Reason reason = Reason.ERROR;
    int generation;
    int mark;
    int changedMask;

    long receivedNs;
    long latencyNs;
    int queueNumber;
    int packetId;

    @Nullable
    Hook hook;

    int inDevice;
    int outDevice;

    /** 0: all about addresses, and what follows them in the packet, is absent. */
    int ipVersion;

    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int protocol;
    int sourcePort;
    int destinationPort;
    int icmpType;
    int icmpCode;
    int flowHash;
    /** Who is told of a reject. */
    Answerable answers = Answerable.NONE;

    boolean isTcp;
    /** Of the malformed header, else null. */
    @Nullable
    Layer layer;

    void judged(Decision judged) {
        verdict = judged.verdict();
        reason = judged.reason();
        generation = judged.generation();
        mark = judged.mark();
        changedMask = judged.changedMask();
    }

    void packet(QueuedPacket packet) {
        PacketView view = packet.view();
        receivedNs = packet.receivedNs();
        queueNumber = packet.queueNumber();
        packetId = packet.packetId();
        hook = packet.hook();
        inDevice = packet.inDevice();
        outDevice = packet.outDevice();
        ipVersion = view.version();
        sourceHigh = view.sourceHigh();
        sourceLow = view.sourceLow();
        destinationHigh = view.destinationHigh();
        destinationLow = view.destinationLow();
        protocol = view.protocol();
        sourcePort = view.sourcePort();
        destinationPort = view.destinationPort();
        icmpType = view.icmpType();
        icmpCode = view.icmpCode();
        flowHash = packet.flowHash();
        isTcp = view.isTcp();
        boolean answered = verdict == Verdict.REJECT && packet.decoding() == Decoding.OK;
        answers = answered ? Answerable.to(view, checksum(packet)) : Answerable.NONE;
        layer = reason == Reason.MALFORMED ? view.malformedLayer() : null;
    }

    private static ChecksumState checksum(QueuedPacket packet) {
        return packet.isGso() || packet.isChecksumNotReady() ? ChecksumState.NOT_READY : ChecksumState.COMPLETE;
    }
}
