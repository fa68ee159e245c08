package dev.gavel.capture;

import static dev.gavel.capture.SampleFrames.ACK;
import static dev.gavel.capture.SampleFrames.CLIENT;
import static dev.gavel.capture.SampleFrames.CLIENT6;
import static dev.gavel.capture.SampleFrames.FIN;
import static dev.gavel.capture.SampleFrames.PSH;
import static dev.gavel.capture.SampleFrames.RESOLVER;
import static dev.gavel.capture.SampleFrames.SERVER;
import static dev.gavel.capture.SampleFrames.SERVER6;
import static dev.gavel.capture.SampleFrames.SYN;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;

/**
 * The capture that comes with the program, as the client's side saw it behind a firewall that drops and rejects. Its
 * file is committed; {@link #main} writes it anew.
 */
final class SampleCapture {
    static final Path FILE = Path.of("examples/sample.pcap");

    private static final int HTTP = 8080;
    private static final long START = Instant.parse("2026-11-20T08:31:02Z").getEpochSecond();
    private static final byte[] NOTHING = {};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long nowMicros;

    public static void main(String[] arguments) throws IOException {
        Files.createDirectories(FILE.getParent());
        Files.write(FILE, bytes());
    }

    static byte[] bytes() {
        SampleCapture capture = new SampleCapture();
        capture.out.writeBytes(little(24)
                .putInt(PcapReader.MICROSECONDS_MAGIC)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(CaptureInput.MAX_FRAME)
                .putInt(LinkLayer.ETHERNET)
                .array());
        capture.resolve();
        capture.passingRequest();
        capture.droppedRequest();
        capture.rejectedRequest();
        capture.others();
        return capture.out.toByteArray();
    }

    private void resolve() {
        add(0, SampleFrames.arpRequest(CLIENT, SERVER));
        String question = "03777777" + "076578616d706c65" + "03636f6d" + "00" + "0001" + "0001"; // www.example.com A IN
        byte[] query = HexFormat.of().parseHex("1a2b" + "0100" + "0001000000000000" + question);
        byte[] answer = HexFormat.of()
                .parseHex("1a2b" + "8180" + "0001000100000000" + question + "c00c" + "0001" + "0001" + "0000012c"
                        + "0004" + "c0000250"); // 300 s, 192.0.2.80
        add(1_200, SampleFrames.udp(CLIENT, 53_124, RESOLVER, 53, query));
        add(8_150, SampleFrames.udp(RESOLVER, 53, CLIENT, 53_124, answer));
    }

    private void passingRequest() {
        Conversation talk = new Conversation(40_001);
        talk.open();
        talk.ask(310, "GET / HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: sample\r\n\r\n");
        talk.answer(420, ACK, "");
        talk.answer(
                1_900,
                PSH | ACK,
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n");
        talk.send(90, ACK, "");
        talk.answer(130, FIN | ACK, "");
        talk.send(280, FIN | ACK, "");
        talk.answer(400, ACK, "");
    }

    private void droppedRequest() {
        Conversation talk = new Conversation(40_002);
        talk.open();
        talk.ask(300, "GET / HTTP/1.1\r\nHost: t.test.com\r\nUser-Agent: sample\r\n\r\n");
        talk.askAgain(204_000);
        talk.askAgain(412_000);
    }

    private void rejectedRequest() {
        Conversation talk = new Conversation(40_003);
        talk.open();
        talk.ask(290, "GET /admin?union select HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: sample\r\n\r\n");
    }

    private void others() {
        byte[] data = "ping over IPv6".getBytes(US_ASCII);
        add(5_000, SampleFrames.echo6(CLIENT6, SERVER6, 128, 0x77, data));
        add(610, SampleFrames.echo6(SERVER6, CLIENT6, 129, 0x77, data));
        byte[] honest = SampleFrames.udp(CLIENT, 5_000, SERVER, 5_001, "too short for its length".getBytes(US_ASCII));
        add(7_000, SampleFrames.withTotalLength(honest, 1_400));
    }

    private void add(int microsLater, byte[] frame) {
        nowMicros += microsLater;
        out.writeBytes(little(16)
                .putInt((int) (START + nowMicros / 1_000_000))
                .putInt((int) (nowMicros % 1_000_000))
                .putInt(frame.length)
                .putInt(frame.length)
                .array());
        out.writeBytes(frame);
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** One TCP connection of the client's. */
    private final class Conversation {
        private final int port;
        private int clientNext = 1_000_000;
        private int serverNext = 7_000_000;
        private byte[] asked = NOTHING;

        Conversation(int port) {
            this.port = port;
        }

        void open() {
            add(2_000, SampleFrames.tcp(CLIENT, port, SERVER, HTTP, clientNext++, 0, SYN, NOTHING));
            add(350, SampleFrames.tcp(SERVER, HTTP, CLIENT, port, serverNext++, clientNext, SYN | ACK, NOTHING));
            send(60, ACK, "");
        }

        void ask(int microsLater, String request) {
            asked = request.getBytes(US_ASCII);
            send(microsLater, PSH | ACK, request);
        }

        void askAgain(int microsLater) {
            int sequence = clientNext - asked.length;
            add(microsLater, SampleFrames.tcp(CLIENT, port, SERVER, HTTP, sequence, serverNext, PSH | ACK, asked));
        }

        void send(int microsLater, int flags, String text) {
            byte[] data = text.getBytes(US_ASCII);
            add(microsLater, SampleFrames.tcp(CLIENT, port, SERVER, HTTP, clientNext, serverNext, flags, data));
            clientNext += data.length + (flags & FIN);
        }

        void answer(int microsLater, int flags, String text) {
            byte[] data = text.getBytes(US_ASCII);
            add(microsLater, SampleFrames.tcp(SERVER, HTTP, CLIENT, port, serverNext, clientNext, flags, data));
            serverNext += data.length + (flags & FIN);
        }
    }
}
