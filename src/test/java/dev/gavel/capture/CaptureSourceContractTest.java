package dev.gavel.capture;

import dev.gavel.queue.PacketSource;
import dev.gavel.queue.PacketSourceContract;

class CaptureSourceContractTest extends PacketSourceContract {
    private static final int RAW_IP = 101;
    private static final String REST_OF_HEADER = "00000000" + "40110000" + "7f000001" + "7f000001";

    @Override
    protected PacketSource open(int... lengths) {
        String[] packets = new String[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            packets[i] = String.format("4500%04x", lengths[i]) + REST_OF_HEADER + "00".repeat(lengths[i] - 20);
        }
        return Captures.source(Captures.pcap(RAW_IP, packets));
    }

    @Override
    protected void bringAnother() {
        // A file holds what it holds.
    }

    @Override
    protected boolean holdsWhatWaits() {
        return false;
    }

    @Override
    protected int nothing() {
        return PacketSource.END;
    }
}
