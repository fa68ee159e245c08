package dev.gavel.lab;

import dev.gavel.kit.Await;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Small datagrams from a client to a port of the server, at a steady rate, that nobody answers. */
final class Flood implements AutoCloseable {
    static final int PORT = 9;
    /** Packets a second; few where we get only the small receive buffer of a stock kernel. */
    static final int RATE = Sandbox.REAL_ROOT ? 20_000 : 2_000;

    private static final int PAYLOAD_BYTES = 64;
    private static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong sent = new AtomicLong();
    private final Future<?> sender;
    private volatile boolean stopped;

    Flood(Netns client) {
        sender = client.start(() -> {
            try (DatagramChannel channel = DatagramChannel.open()) {
                send(channel, new InetSocketAddress(Ip.V4.server(), PORT));
            }
            return null;
        });
    }

    private void send(DatagramChannel channel, InetSocketAddress server) throws Exception {
        ByteBuffer payload = ByteBuffer.allocateDirect(PAYLOAD_BYTES);
        while (!stopped) {
            for (int i = 0; i < RATE / 1000; i++) {
                channel.send(payload.clear(), server);
                sent.incrementAndGet();
            }
            LockSupport.parkNanos(TURN_NS);
        }
    }

    /** Waits until {@code count} more have been sent. */
    void awaitMore(int count) {
        long enough = sent.get() + count;
        Await.until(() -> {
            if (sent.get() < enough) {
                throw new AssertionError("sent " + sent + ", not yet " + enough);
            }
        });
    }

    /** Ends it and returns how many were sent. */
    long stop() throws ExecutionException, InterruptedException {
        stopped = true;
        sender.get();
        return sent.get();
    }

    @Override
    public void close() {
        stopped = true;
    }
}
