package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import dev.gavel.sys.NativeSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Packets of a list, over and over at a steady rate, that come into a namespace by its device {@value #DEVICE}. They
 * are put on the wire as they are (packet(7)), so the kernel has not looked at them before the first hook; what it
 * answers gets lost. Where the machine does not keep pace, fewer are sent: what is late by more than 10 ms is not made
 * up for.
 */
final class Feed implements AutoCloseable {
    static final String DEVICE = "eth0";

    private static final String WIRE = "wire";
    private static final String MAC = "02:00:00:00:00:02";
    private static final byte[] ETHERNET = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int AF_PACKET = 17;
    private static final int SOCKADDR_LL_BYTES = 20;
    private static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MOST_LATE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final List<ByteBuf> frames;
    private final int packetsPerTurn;
    private final long turnNs;
    private final AtomicLong sent = new AtomicLong();
    private final Future<?> sender;
    private volatile boolean stopped;

    /** Starts at once; {@code rate} is in packets a second, each of which is a whole IP packet or a fragment. */
    Feed(Netns netns, List<byte[]> packets, int rate) {
        frames = packets.stream().map(Feed::frame).toList();
        packetsPerTurn = (int) Math.max(1, rate * TURN_NS / TimeUnit.SECONDS.toNanos(1));
        turnNs = packetsPerTurn * TimeUnit.SECONDS.toNanos(1) / rate;
        int wire = connect(netns);
        sender = netns.start(() -> {
            try (NativeSocket socket = NativeSocket.open(AF_PACKET, NativeSocket.SOCK_RAW, 0)) {
                bind(socket, wire);
                send(socket);
            }
            return null;
        });
        netns.closing(this);
    }

    /**
     * All that comes by {@link #DEVICE} goes to queue {@code number}; counted as "queue", and as "passed" behind it.
     */
    static void intoQueue(Iptables iptables, int number) {
        iptables.add("queue", "-t raw -A PREROUTING -i %s -j NFQUEUE --queue-num %d".formatted(DEVICE, number));
        iptables.add("passed", "-t mangle -A PREROUTING -i %s -j DROP".formatted(DEVICE));
    }

    private static ByteBuf frame(byte[] packet) {
        int type = packet[0] >> 4 == 4 ? IPV4 : IPV6;
        return Unpooled.directBuffer(ETHERNET.length + 2 + packet.length)
                .writeBytes(ETHERNET)
                .writeShort(type)
                .writeBytes(packet);
    }

    /** Returns the wire's index. */
    private static int connect(Netns netns) {
        netns.ip("link", "add", WIRE, "type", "veth", "peer", "name", DEVICE);
        netns.sysctl("ipv6/conf/" + WIRE + "/disable_ipv6", "1"); // nothing but ours comes from there
        netns.ip("link", "set", DEVICE, "address", MAC, "up");
        netns.ip("link", "set", WIRE, "up");
        Await.until(() -> assertThat(netns.run("ip", "link", "show", DEVICE)).contains("state UP"));
        String link = netns.run("ip", "link", "show", WIRE);
        return Integer.parseInt(link.substring(0, link.indexOf(':')));
    }

    /** To {@code struct sockaddr_ll}, without protocol: it receives nothing. */
    private static void bind(NativeSocket socket, int device) {
        ByteBuf address = Unpooled.directBuffer(SOCKADDR_LL_BYTES);
        address.writeShortLE(AF_PACKET).writeShort(0);
        address.writeIntLE(device).writeZero(SOCKADDR_LL_BYTES - 8);
        try {
            socket.bind(address);
        } finally {
            address.release();
        }
    }

    private void send(NativeSocket socket) {
        int next = 0;
        long due = System.nanoTime();
        while (!stopped) {
            for (int i = 0; i < packetsPerTurn; i++) {
                send(socket, frames.get(next));
                next = (next + 1) % frames.size();
            }
            due = Math.max(due + turnNs, System.nanoTime() - MOST_LATE_NS);
            LockSupport.parkNanos(due - System.nanoTime());
        }
        LockSupport.parkNanos(REST_NS);
        send(socket, frames.get(next)); // only a later id shows that packets are missing
    }

    private void send(NativeSocket socket, ByteBuf frame) {
        int errno = socket.send(frame.memoryAddress(), frame.readableBytes());
        if (errno != 0) {
            throw new IllegalStateException("errno " + errno);
        }
        sent.incrementAndGet();
    }

    /** Waits until {@code count} more have been sent, for a minute at most. */
    void awaitMore(long count) {
        awaitInAll(sent.get() + count);
    }

    /** As {@link #awaitMore}, of all since the start. */
    void awaitInAll(long enough) {
        Await.within(TimeUnit.MINUTES.toNanos(1), () -> {
            if (sent.get() < enough) {
                if (sender.isDone()) {
                    sender.get(); // throws
                }
                throw new AssertionError("sent " + sent + ", not yet " + enough);
            }
        });
    }

    /** Ends it and returns how many were sent. */
    long stop() {
        stopped = true;
        try {
            sender.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return sent.get();
    }

    @Override
    public void close() {
        try {
            stop();
        } finally {
            frames.forEach(ByteBuf::release);
        }
    }
}
