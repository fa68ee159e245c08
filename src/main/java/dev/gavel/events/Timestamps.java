package dev.gavel.events;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as EVE writes them, always UTC: {@code 2026-11-20T08:31:02.123456+0000}. The writer thread's. */
final class Timestamps {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final String ZONE = "+0000";

    private final StringBuilder text = new StringBuilder();
    private long second = -1;
    private int digits;
    private long offsetNs;

    /** Learns the time of day again: what {@link System#nanoTime} says is meant of it from now on. */
    void synchronize() {
        offsetNs = nanos(Instant.now()) - System.nanoTime();
    }

    private static long nanos(Instant time) {
        return time.getEpochSecond() * NANOS_PER_SECOND + time.getNano();
    }

    /** The time of day at {@code ns} of {@link System#nanoTime}; good until the next call. */
    CharSequence of(long ns) {
        long epochNs = ns + offsetNs;
        if (epochNs / NANOS_PER_SECOND != second) {
            second = epochNs / NANOS_PER_SECOND;
            text.setLength(0);
            SECOND.formatTo(Instant.ofEpochSecond(second), text);
            digits = text.length();
        }
        text.setLength(digits);
        long micros = epochNs % NANOS_PER_SECOND / 1000;
        for (long unit = 100_000; unit > 0; unit /= 10) {
            text.append((char) ('0' + micros / unit % 10));
        }
        return text.append(ZONE);
    }
}
