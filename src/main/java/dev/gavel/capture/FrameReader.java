package dev.gavel.capture;

import dev.gavel.queue.DeviceNames;
import java.io.IOException;

/** Takes the frames out of one file format. */
interface FrameReader {
    /**
     * Fills {@code frame} with the next one: time, link, bytes.
     *
     * @return false if the file ends, also if it ends within the frame
     * @throws CaptureException if the file contradicts itself
     */
    boolean read(CapturedFrame frame) throws IOException;

    /** Link type of the first interface; Ethernet as long as there was none. */
    int linkType();

    /** The finest one of the interfaces so far. */
    Resolution resolution();

    /** Names of the interfaces so far. */
    DeviceNames devices();
}
