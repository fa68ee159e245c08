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
 * Runs one search of the program over the field it applies to, for one packet at a time. A packet is scanned when one
 * of the patterns is first needed. Belongs to one thread.
 */
final class FieldScan implements AutoCloseable {
    private final Field field;
    private final int from;
    private final int to;
    private final Scanner scanner;
    private final Hits hits;
    private final int[] ends; // by pattern: where its slice of the field ends
    private final boolean[] dependsOnEnd;
    private boolean scanned;
    private int length; // number of bytes scanned
    private int original; // number of bytes to scan if the packet had been captured whole

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
        scanner = matcher.scanner(); // created last: nothing would close it if a later statement threw
    }

    /** Forgets the hits of the current packet; call before another packet is scanned. */
    void reset() {
        if (scanned) {
            hits.clear();
            scanned = false;
        }
    }

    /** Scans {@code packet} unless this was done since the last {@link #reset}. */
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

    /**
     * Scans a field that is {@code original} bytes long, of which {@code length} bytes were captured, at {@code
     * offset}.
     */
    private void scan(ByteBuf buffer, int offset, int length, int original) {
        scanned = true;
        int start = Math.min(from, length);
        this.length = Math.min(to, length) - start;
        this.original = Math.min(to, original) - Math.min(from, original);
        scanner.scan(buffer, offset + start, this.length, hits);
    }

    /** The patterns found; null if bytes that were not captured could add more. */
    @Nullable
    Hits hits() {
        return length >= original ? hits : null;
    }

    /** OPEN if bytes that were not captured could add a hit of {@code pattern}, or turn one found into none. */
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
