package dev.gavel.pipeline;

import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A queue in memory: what is put in comes out by receive, with ids from 1, and verdicts are written down when sent. */
public final class FakeSource implements PacketSource {
    /** One verdict, as sent. */
    record Sent(int packetId, Verdict verdict, String thread) {}

    private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Sent> sent = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;
    private volatile boolean broken;
    private volatile boolean closed;
    private final AtomicInteger lastId = new AtomicInteger();

    public void put(byte[] packet) {
        if (!stopped) {
            waiting.add(packet);
        }
    }

    /** From now on the kernel refuses every send. */
    void breakSends() {
        broken = true;
    }

    List<Sent> sent() {
        return new ArrayList<>(sent);
    }

    public boolean isClosed() {
        return closed;
    }

    int notReceived() {
        return waiting.size();
    }

    @Override
    public int receive(QueuedPacket[] slots, int count) {
        try {
            return fill(slots, count, waiting.poll(10, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int poll(QueuedPacket[] slots, int count) {
        return fill(slots, count, waiting.poll());
    }

    private int fill(QueuedPacket[] slots, int count, byte @Nullable [] first) {
        byte[] packet = first;
        int received = 0;
        while (packet != null) {
            QueuedPacket slot = slots[received++];
            slot.reset(0, lastId.incrementAndGet(), System.nanoTime());
            slot.buffer().setBytes(slot.slotOffset(), packet);
            slot.bytes(slot.slotOffset(), packet.length, packet.length);
            packet = received < count ? waiting.poll() : null;
        }
        return received;
    }

    @Override
    public VerdictSink verdicts() {
        return new Sink();
    }

    @Override
    public DeviceNames devices() {
        return DeviceNames.NONE;
    }

    @Override
    public void stopQueueing() {
        stopped = true;
    }

    @Override
    public int waiting() {
        return lastId.get() - sent.size() + waiting.size();
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class Sink implements VerdictSink {
        private final List<Sent> added = Collections.synchronizedList(new ArrayList<>());

        @Override
        public int size() {
            return added.size();
        }

        @Override
        public void add(int packetId, Verdict verdict) {
            if (added.size() == CAPACITY) {
                throw new IllegalStateException("more than a sink can hold");
            }
            added.add(new Sent(packetId, verdict, Thread.currentThread().getName()));
        }

        @Override
        public void add(int packetId, Verdict verdict, int mark) {
            add(packetId, verdict);
        }

        @Override
        public void clear() {
            added.clear();
        }

        @Override
        public void flush() {
            if (broken) {
                throw new UncheckedIOException(new IOException("send: EPERM"));
            }
            sent.addAll(added);
            added.clear();
        }
    }
}
