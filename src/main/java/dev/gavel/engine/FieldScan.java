package dev.gavel.engine;

import dev.gavel.match.Hits;
import dev.gavel.match.Matcher;
import dev.gavel.match.Scanner;
import dev.gavel.packet.PacketView;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Search;
import dev.gavel.policy.facts.Truth;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One search of the program in the field that it is for, in one packet after the other: the packet is scanned when the
 * first of its patterns is asked for. Of one thread.
 */
final class FieldScan implements AutoCloseable {
    private final Field field;
    private final int from;
    private final int to;
    private final Scanner scanner;
    private final Hits hits;
    private final int[] ends; // of each pattern's slice
    private final boolean[] dependsOnEnd;
    private boolean scanned;
    private int length; // of the bytes that were scanned
    private int original; // what length would be had all bytes been copied to us

    FieldScan(Search search, Matcher matcher) {
        field = search.bytes();
        from = search.from();
        to = search.to();
        hits = new Hits(matcher.patterns());
        ends = new int[matcher.patterns()];
        dependsOnEnd = new boolean[matcher.patterns()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = search.patterns().get(i).to();
            dependsOnEnd[i] = search.patterns().get(i).dependsOnEnd();
        }
        scanner = matcher.scanner(); // last: nobody would close it
    }

    /** The next packet is another. */
    void reset() {
        if (scanned) {
            hits.clear();
            scanned = false;
        }
    }

    /** Scans {@code packet} unless that has been done. */
    FieldScan of(QueuedPacket packet, PacketView view) {
        if (!scanned) {
            if (field == Field.PACKET) {
                scan(packet.buffer(), view.offset(), view.captured(), view.ipLength());
            } else if (field != Field.PAYLOAD) {
                throw HeaderFacts.unanswered("bytes", field);
            } else if (view.payloadLength() < 0) {
                scan(packet.buffer(), 0, 0, 0);
            } else {
                scan(packet.buffer(), view.payloadOffset(), view.payloadLength(), view.originalPayloadLength());
            }
        }
        return this;
    }

    /** Scans a field of {@code original} bytes, of which there are {@code length} from {@code offset} on. */
    private void scan(ByteBuf buffer, int offset, int length, int original) {
        scanned = true;
        int start = Math.min(from, length);
        this.length = Math.min(to, length) - start;
        this.original = Math.min(to, original) - Math.min(from, original);
        scanner.scan(buffer, offset + start, this.length, hits);
    }

    /** What was found; null where bytes that were not copied to us could hold more. */
    @Nullable
    Hits hits() {
        return length >= original ? hits : null;
    }

    /**
     * OPEN if bytes that were not copied to us could add a hit of {@code pattern}, or turn one that was found into
     * none.
     */
    Truth hit(int pattern) {
        boolean isCut = length < original;
        if (isCut && dependsOnEnd[pattern]) {
            return ends[pattern] < original
                    ? Truth.FALSE
                    : Truth.OPEN; // the slice ends within the packet: a hit at its end is impossible
        }
        boolean found = hits.contains(pattern);
        boolean open = isCut && !found && ends[pattern] > length;
        return open ? Truth.OPEN : found ? Truth.TRUE : Truth.FALSE;
    }

    @Override
    public void close() {
        scanner.close();
    }
}
