package dev.gavel.nfqueue;

import dev.gavel.netlink.NetlinkMessage;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.VerdictSink;
import dev.gavel.sys.Errno;
import dev.gavel.sys.MessageVector;
import dev.gavel.sys.NativeSocket;
import dev.gavel.sys.SyscallException;
import dev.gavel.sys.WallClock;
import io.netty.buffer.ByteBuf;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/**
 * One bound queue of the kernel: its socket, its owner for the kernel's eyes. One thread at a time receives; threads
 * that judge send through {@link #verdicts}.
 */
public final class QueueSocket implements PacketSource {
    private static final int RECEIVE_TIMEOUT_MS = 100;
    private static final int MAX_RECEIVE = 64;

    private final NativeSocket socket;
    private final QueueBinding binding;
    private final QueueSettings settings;
    private final int number;
    private final QueueCounters counters = new QueueCounters();
    private final MessageVector messages = new MessageVector(MAX_RECEIVE);
    private final NetlinkMessage message = new NetlinkMessage();
    private final PacketMessage packetMessage = new PacketMessage();
    private final PacketIds ids = new PacketIds();
    private final Collection<VerdictBatch> sinks = new ConcurrentLinkedQueue<>();
    private final WallClock clock = new WallClock();
    private long wallNs; // of this receive; 0: not asked for yet
    private boolean closed;

    private QueueSocket(NativeSocket socket, QueueBinding binding, QueueSettings settings) {
        this.socket = socket;
        this.binding = binding;
        this.settings = settings;
        number = settings.number();
    }

    /**
     * Binds a queue in the calling thread's network namespace; packets may wait from now on.
     *
     * @throws QueueBindException with the cause and its cure
     */
    public static QueueSocket bind(QueueSettings settings) throws QueueBindException {
        NativeSocket socket = QueueBinding.open(settings);
        try {
            QueueBinding binding = QueueBinding.bind(socket, settings);
            socket.receiveTimeout(RECEIVE_TIMEOUT_MS);
            return new QueueSocket(socket, binding, settings);
        } catch (QueueBindException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public int receive(QueuedPacket[] slots, int count) {
        ByteBuf early = binding.pollEarly();
        return early == null ? read(slots, socket.receive(messages, aim(slots, count))) : receiveEarly(early, slots[0]);
    }

    @Override
    public int poll(QueuedPacket[] slots, int count) {
        ByteBuf early = binding.pollEarly();
        return early == null ? read(slots, socket.poll(messages, aim(slots, count))) : receiveEarly(early, slots[0]);
    }

    /** Points the next receive at the first of {@code slots}; returns at how many. */
    private int aim(QueuedPacket[] slots, int count) {
        int room = Math.min(count, MAX_RECEIVE);
        for (int i = 0; i < room; i++) {
            QueuedPacket slot = slots[i];
            messages.target(i, slot.buffer().memoryAddress() + slot.slotOffset(), slot.slotLength());
        }
        return room;
    }

    private int read(QueuedPacket[] slots, int received) {
        if (received <= 0) {
            if (received == NativeSocket.OVERRUN) {
                counters.error(Errno.ENOBUFS);
            }
            return 0;
        }
        try {
            return readAll(slots, received);
        } catch (RuntimeException | Error e) {
            counters.unreadable.increment(); // received but not readable: will never be answered
            throw e;
        }
    }

    private int readAll(QueuedPacket[] slots, int received) {
        long now = System.nanoTime();
        wallNs = 0;
        int packets = 0;
        for (int i = 0; i < received; i++) {
            QueuedPacket slot = slots[i];
            if (read(slot, messages.length(i), now)) {
                slots[i] = slots[packets]; // keep packets together; a slot that held a reply is free again
                slots[packets++] = slot;
            }
        }
        counters.batch.record(packets);
        return packets;
    }

    private int receiveEarly(ByteBuf early, QueuedPacket slot) {
        int length = Math.min(early.readableBytes(), slot.slotLength());
        slot.buffer().setBytes(slot.slotOffset(), early, length);
        early.release();
        wallNs = 0;
        return read(slot, length, System.nanoTime()) ? 1 : 0;
    }

    /** Reads one datagram: a packet (true), or a reply of the kernel. */
    private boolean read(QueuedPacket slot, int length, long now) {
        ByteBuf buffer = slot.buffer();
        if (!message.wrap(buffer, slot.slotOffset(), length)) {
            counters.unreadable.increment();
            return false;
        }
        if (message.type() == Nfnl.MSG_PACKET && packetMessage.read(message, buffer, slot, now)) {
            count(slot);
            return true;
        }
        if (!message.hasError()) {
            counters.unreadable.increment();
        } else if (message.errno() != 0) {
            refused(message.errno());
        }
        return false;
    }

    private void refused(int errno) {
        counters.error(errno);
        if (errno == Errno.EPERM) {
            throw new SyscallException(
                    "verdict for queue " + number + " (CAP_NET_ADMIN lost, or another owner)", errno);
        }
    }

    private void count(QueuedPacket packet) {
        counters.packets.increment();
        counters.bytes.add(packet.originalLength());
        if (packet.capturedLength() < packet.originalLength()) {
            counters.truncated.increment();
        }
        counters.gaps.add(ids.gapBefore(packet.packetId()));
        if (packetMessage.stampNs() != 0) {
            countWait(packetMessage.stampNs());
        }
    }

    private void countWait(long stampNs) {
        if (wallNs == 0) {
            wallNs = clock.nowNs();
        }
        counters.waitNs.record(Math.max(0, wallNs - stampNs)); // the clock may have been set back meanwhile
    }

    @Override
    public VerdictSink verdicts() {
        return sink(() -> false);
    }

    @Override
    public VerdictSink allVerdicts() {
        return sink(() -> counters.unreadable.value() == 0); // a packet whose id we could not read is never answered
    }

    private VerdictSink sink(BooleanSupplier answersAll) {
        VerdictBatch sink = new VerdictBatch(socket, number, answersAll);
        sinks.add(sink);
        return sink;
    }

    @Override
    public DeviceNames devices() {
        return new CachedDevices();
    }

    @Override
    public void stopQueueing() {
        binding.maxLength(0);
    }

    @Override
    public int waiting() {
        KernelQueue queue = KernelQueue.read(number);
        return queue == null ? -1 : queue.waiting();
    }

    /** The queue's number. */
    public int number() {
        return number;
    }

    /** What the reader has seen. */
    public QueueCounters counters() {
        return counters;
    }

    /** What was asked for. */
    public QueueSettings settings() {
        return settings;
    }

    /** The flags that the kernel has taken. */
    public Set<QueueFlag> flags() {
        return binding.flags();
    }

    /** Room in the socket that the kernel has granted, in bytes of its own accounting (twice what was asked for). */
    public int receiveBufferBytes() {
        return socket.option(NativeSocket.SOL_SOCKET, NativeSocket.SO_RCVBUF);
    }

    /** No thread may be in {@link #receive} or hold a sink any more. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            binding.unbind();
            socket.close();
            messages.close();
            clock.close();
            binding.releaseEarly();
            sinks.forEach(VerdictBatch::release);
        }
    }
}
