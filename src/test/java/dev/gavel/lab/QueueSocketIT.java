package dev.gavel.lab;

import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.nfqueue.QueueSocket;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.PacketSourceContract;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;

/** A queue of the kernel as a source of packets, without a daemon around it. */
class QueueSocketIT extends PacketSourceContract {
    private static final int QUEUE = 5;
    private static final int PORT = 7000;
    private static final int HEADERS = 28; // IPv4 and UDP

    private final Netns netns = new Netns("source");
    private final DatagramSocket receiver = netns.call(() -> new DatagramSocket(PORT));

    @AfterEach
    void closeNamespace() {
        receiver.close();
        netns.close();
    }

    @Override
    protected PacketSource open(int... lengths) throws Exception {
        new Iptables(netns).add(Ip.V4, "queue", "-A OUTPUT -p udp -j NFQUEUE --queue-num " + QUEUE);
        QueueSocket socket = bind();
        for (int length : lengths) {
            send(length);
        }
        return socket;
    }

    private QueueSocket bind() {
        return netns.call(
                () -> QueueSocket.bind(new QueueSettings(QUEUE, 1024, 0xffff, 1 << 17, EnumSet.of(QueueFlag.GSO))));
    }

    private void send(int length) throws Exception {
        netns.call(() -> {
            try (DatagramSocket sender = new DatagramSocket()) {
                int bytes = length - HEADERS;
                sender.send(new DatagramPacket(new byte[bytes], bytes, Ip.parse("127.0.0.1"), PORT));
                return null;
            }
        });
    }

    @Override
    protected void bringAnother() throws Exception {
        send(100);
    }

    @Override
    protected boolean holdsWhatWaits() {
        return true;
    }

    @Override
    protected int nothing() {
        return 0;
    }
}
