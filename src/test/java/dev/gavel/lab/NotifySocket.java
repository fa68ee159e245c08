package dev.gavel.lab;

import static dev.gavel.lab.Libc.LIBC;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Plays systemd: the datagram socket on which a service tells its state, see sd_notify(3). */
public final class NotifySocket implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SUN_PATH = 2;

    private final Path path;
    private final int fd;
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

    /** A line of the service, and when it came. */
    public record Message(String line, long receivedNs) {}

    public NotifySocket(Path path) {
        this.path = path;
        byte[] name = path.toString().getBytes(US_ASCII);
        ByteBuffer address = ByteBuffer.allocate(SUN_PATH + name.length + 1).order(ByteOrder.nativeOrder());
        address.putShort(0, (short) AF_UNIX).position(SUN_PATH).put(name);
        fd = Libc.checked("socket", LIBC.socket(AF_UNIX, SOCK_DGRAM, 0));
        Libc.checked("bind", LIBC.bind(fd, address.array(), address.capacity()));
        Thread reader = new Thread(this::read, "notify socket");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        byte[] buffer = new byte[4096];
        for (long length = 0; length >= 0; length = LIBC.recv(fd, buffer, buffer.length, 0)) {
            long now = System.nanoTime();
            String datagram = new String(Arrays.copyOf(buffer, (int) length), UTF_8);
            datagram.lines().forEach(line -> messages.add(new Message(line, now)));
        }
    }

    /** For the service's environment. */
    public Path path() {
        return path;
    }

    /** The next message that is {@code line}; others on the way are dropped. Fails if none comes in ten seconds. */
    public Message await(String line) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            Message message = messages.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (message == null) {
                throw new AssertionError("no " + line + " within ten seconds");
            }
            if (message.line().equals(line)) {
                return message;
            }
        }
    }

    /** Whether {@code line} has come and was not yet asked for. */
    public boolean has(String line) {
        return messages.stream().anyMatch(message -> message.line().equals(line));
    }

    @Override
    public void close() {
        LIBC.close(fd);
    }
}
