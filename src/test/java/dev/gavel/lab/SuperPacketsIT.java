package dev.gavel.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bulk TCP through a router: taken as super-packets of up to 64 KB, and judged over all their bytes. */
@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {0, 2})
class SuperPacketsIT {
    private static final int PORT = 7000;
    private static final int TRANSFER_BYTES = 3_000_000;
    private static final int FORBIDDEN_AT = 2_000_000;
    private static final String FORBIDDEN = "FORBIDDEN";
    /** Without a byte for longer than this the transfer has stalled. */
    private static final int STALLED_MS = 1500;
    /** Two rules: one that only a super-packet can meet, one for what is sent again in smaller pieces. */
    private static final String POLICY = """
            policy: bulk
            rules:
              - name: beyond-the-first-segment
                when: payload[1448:] contains "FORBIDDEN"
                verdict: drop
              - name: anywhere
                when: payload contains "FORBIDDEN"
                verdict: drop
            """;

    @Parameter
    private int workers;

    private Lab lab;
    private Daemon daemon;

    @BeforeEach
    void start() {
        lab = new Lab(Lab.Place.FORWARD);
        lab.iptables().add("queue", "-A FORWARD -p tcp --dport %d -j NFQUEUE".formatted(PORT));
        daemon = new Setup(lab.gate(), workers)
                .queue(0)
                .policy("10-bulk.yaml", POLICY)
                .start();
    }

    @AfterEach
    void stop() {
        try {
            Ledger.check(daemon, lab.iptables(), "queue");
            daemon.stop();
        } finally {
            lab.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void carriesCleanBytesUnchanged(Ip ip) throws Exception {
        byte[] sent = randomBytes();
        byte[] received = transfer(ip, sent);
        assertThat(sha256(received)).isEqualTo(sha256(sent));
        Metrics metrics = daemon.metrics();
        assertThat(metrics.sum("gavel_bytes_total") / metrics.sum("gavel_packets_total"))
                .as("bytes a packet")
                .isGreaterThan(20_000);
    }

    @ParameterizedTest
    @EnumSource
    void stopsAtAForbiddenStringDeepInASuperPacket(Ip ip) throws Exception {
        byte[] sent = randomBytes();
        // Over and over, so that no cut between two packets can hide it: patterns over several packets are another
        // test's.
        byte[] pattern = FORBIDDEN.repeat(1000).getBytes(ISO_8859_1);
        System.arraycopy(pattern, 0, sent, FORBIDDEN_AT, pattern.length);
        byte[] received = transfer(ip, sent);
        assertThat(received.length).isLessThan(FORBIDDEN_AT + FORBIDDEN.length());
        assertThat(received).isEqualTo(Arrays.copyOf(sent, received.length));
        assertThat(daemon.metric("gavel_rule_matches_total", "rule", "beyond-the-first-segment"))
                .isPositive();
    }

    private static byte[] randomBytes() {
        byte[] bytes = new byte[TRANSFER_BYTES];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    /** Sends {@code bytes} from client to server, in large writes; returns what has arrived when no more comes. */
    private byte[] transfer(Ip ip, byte[] bytes) throws Exception {
        try (ServerSocket listener = lab.server().call(() -> new ServerSocket(PORT));
                Socket sender = lab.client().call(Socket::new)) {
            lab.client().background(() -> {
                sender.connect(new InetSocketAddress(ip.server(), PORT));
                sender.setSoLinger(true, 0);
                sender.getOutputStream().write(bytes);
                sender.shutdownOutput();
                return null;
            });
            try (Socket receiver = listener.accept()) {
                receiver.setSoTimeout(STALLED_MS);
                return readAll(receiver);
            }
        }
    }

    private static byte[] readAll(Socket receiver) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[1 << 16];
        try {
            for (int n = 0; n >= 0; n = receiver.getInputStream().read(chunk)) {
                all.write(chunk, 0, n);
            }
        } catch (SocketTimeoutException | SocketException e) {
            // Stalled: what came so far is the answer.
        }
        return all.toByteArray();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
