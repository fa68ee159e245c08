package dev.gavel.sys;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd how the service is doing, over the datagram socket that {@code NOTIFY_SOCKET} names; does nothing where
 * that is not set. Any thread may notify.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/sd_notify.3.html">sd_notify(3)</a>
 */
public final class ServiceManager implements AutoCloseable {
    private static final int SUN_PATH = 108; // room for a path in struct sockaddr_un

    private final @Nullable NativeSocket socket;
    private final long watchdogMicros;

    /** The manager that {@code environment} tells of, or none. */
    public ServiceManager(Map<String, String> environment) {
        String path = environment.get("NOTIFY_SOCKET");
        socket = path == null || path.isEmpty() ? null : connect(path);
        String micros = environment.get("WATCHDOG_USEC");
        String process = environment.get("WATCHDOG_PID");
        boolean ours = process == null
                || process.equals(Long.toString(ProcessHandle.current().pid()));
        watchdogMicros = socket == null || micros == null || !ours ? 0 : Long.parseLong(micros);
    }

    private static NativeSocket connect(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= SUN_PATH) {
            throw new IllegalArgumentException("NOTIFY_SOCKET of " + bytes.length + " bytes (expected: at most 107)");
        }
        if (bytes[0] == '@') {
            bytes[0] = 0; // an abstract address
        }
        ByteBuf address = Unpooled.directBuffer(2 + SUN_PATH)
                .writeShortLE(NativeSocket.AF_UNIX)
                .writeBytes(bytes);
        NativeSocket socket = NativeSocket.open(NativeSocket.AF_UNIX, NativeSocket.SOCK_DGRAM, 0);
        try {
            socket.connect(address);
            return socket;
        } catch (SyscallException e) {
            socket.close();
            throw e;
        } finally {
            address.release();
        }
    }

    /** Sends {@code state}, such as {@code READY=1}; lines are separated by line feeds. */
    public void notify(String state) {
        if (socket == null) {
            return;
        }
        ByteBuf message = Unpooled.directBuffer().writeBytes(state.getBytes(StandardCharsets.UTF_8));
        try {
            int errno = socket.send(message.memoryAddress(), message.readableBytes());
            if (errno != 0) {
                throw new SyscallException("sd_notify", errno);
            }
        } finally {
            message.release();
        }
    }

    /** How soon after a {@code WATCHDOG=1} the next must come, in microseconds; 0: no watchdog. */
    public long watchdogMicros() {
        return watchdogMicros;
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
    }
}
