package dev.gavel.nfqueue;

import java.util.Set;

/**
 * How one queue is to be bound.
 *
 * @param number 0 to 65535
 * @param maxLength packets that may wait in the kernel, at least 1
 * @param copyRange bytes of each packet that are copied to us, 1 to 65531
 * @param receiveBufferBytes room for messages in the socket, as asked for; the kernel doubles it
 * @param flags what to ask for; what the kernel refuses is left out and can be read from the bound socket
 */
public record QueueSettings(int number, int maxLength, int copyRange, long receiveBufferBytes, Set<QueueFlag> flags) {
    public QueueSettings {
        flags = Set.copyOf(flags);
    }
}
