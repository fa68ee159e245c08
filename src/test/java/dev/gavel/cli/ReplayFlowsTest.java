package dev.gavel.cli;

import static dev.gavel.cli.Pcap.hex;
import static dev.gavel.cli.Pcap.icmp;
import static dev.gavel.cli.Pcap.tcp;
import static dev.gavel.cli.Pcap.udp;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which packets {@code gavel replay} takes for one flow; interfaces.md, section 2. */
class ReplayFlowsTest {
    private static final String DEMO = "examples/demo.yaml";

    @TempDir
    private Path folder;

    @Test
    void takesBothDirectionsForOneFlow() throws IOException {
        Path capture = new Pcap()
                .add(tcp(1, 1000, 2, 80, "ask"))
                .add(tcp(2, 80, 1, 1000, "answer"))
                .add(udp(1, 1000, 2, 80, "")) // another protocol
                .add(tcp(1, 1001, 2, 80, "ask")) // another port
                .add(tcp(1, 80, 2, 1000, "")) // the ports the other way round
                .add(tcp(1, 1000, 2, 80, "more"))
                .write(folder);
        assertThat(Run.json(DEMO, capture).column("flow")).containsExactly(1, 1, 2, 3, 4, 1);
    }

    @Test
    void takesEchoesWithOneIdentifierForOneFlow() throws IOException {
        byte[] identifier = hex("beef0001");
        Path capture = new Pcap()
                .add(icmp(1, 2, 8, identifier))
                .add(icmp(2, 1, 0, identifier))
                .add(icmp(1, 2, 8, hex("beee0001")))
                .write(folder);
        assertThat(Run.json(DEMO, capture).column("flow")).containsExactly(1, 1, 2);
    }

    @Test
    void takesAnIcmpErrorForThePacketThatItQuotes() throws IOException {
        byte[] question = udp(1, 1000, 2, 53, "?");
        byte[] quote = ByteBuffer.allocate(4 + 28)
                .put(new byte[4])
                .put(question, 0, 28)
                .array();
        Path capture = new Pcap()
                .add(icmp(9, 1, 3, new byte[32])) // quotes nothing that makes sense
                .add(question)
                .add(icmp(9, 1, 11, quote)) // from a router on the way
                .add(udp(2, 53, 1, 1000, "!"))
                .write(folder);
        List<Object> flows = Run.json(DEMO, capture).column("flow");
        assertThat(flows.subList(1, 4)).containsExactly(2, 2, 2);
    }

    @Test
    void numbersNoFlowForLaterFragments() throws IOException {
        byte[] first = Pcap.datagram(1000, 2000, "12345678");
        Path capture = new Pcap()
                .add(Pcap.fragment(Pcap.UDP, 1, 2, 0x2000, first))
                .add(Pcap.fragment(Pcap.UDP, 1, 2, 0x0002, "rest".getBytes(US_ASCII)))
                .add(udp(2, 2000, 1, 1000, "answer"))
                .write(folder);
        assertThat(Run.json(DEMO, capture).column("flow")).containsExactly(1, null, 1);
    }
}
