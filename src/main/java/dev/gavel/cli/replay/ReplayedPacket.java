package dev.gavel.cli.replay;

import dev.gavel.capture.CapturedFrame;
import dev.gavel.capture.Resolution;
import dev.gavel.engine.Ruling;
import dev.gavel.policy.program.Visit;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Supplier;

/**
 * One judged packet.
 *
 * @param length bytes from the IP header on; of the frame if it is not IP
 * @param flow from 1; 0: none
 * @param way tells the packet's way through the policies, while it is the one judged last
 */
record ReplayedPacket(CapturedFrame frame, int length, int flow, Ruling ruling, Supplier<List<Visit>> way) {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter NANOS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** RFC 3339, UTC, with as many digits as the capture has. */
    String time() {
        Instant time = Instant.ofEpochSecond(frame.seconds(), frame.nanos());
        return (frame.resolution() == Resolution.NANOSECONDS ? NANOS : MICROS).format(time);
    }
}
