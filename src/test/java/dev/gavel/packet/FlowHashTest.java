package dev.gavel.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Seeds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FlowHashTest {
    private final FlowHash hash = new FlowHash();
    private final PacketView view = new PacketView();

    /** Both from Python 3.11, whose {@code hash} of bytes is SipHash-1-3, with the key 0 ({@code PYTHONHASHSEED=0}). */
    @Test
    void isSipHash13OfTheEndsInAscendingOrder() {
        FlowHash zero = new FlowHash(0, 0);
        // hash(bytes.fromhex("010200c0" "026433c6" "31d4" "bb01" "06")): little-endian ends, ports, protocol
        assertThat(zero.hash(Packets.view(Packets.IPV4_TCP))).isEqualTo((int) 0x194359b1768a90f2L);
        // hash(bytes.fromhex("00000000b80d0120" "0100000000000000" "00000000b80d0120" "ff00000000000000" "31d4" "bb01"
        // "06"))
        assertThat(zero.hash(Packets.view(Packets.IPV6_TCP))).isEqualTo((int) 0x928c9d29523154f0L);
    }

    @Test
    void agreesForBothDirections() {
        long seed = Seeds.take();
        RandomPackets packets = new RandomPackets(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] packet = packets.next();
            String what =
                    "seed " + seed + ", packet " + i + ": " + HexFormat.of().formatHex(packet);
            int there = hash.hash(Packets.view(packet));
            assertThat(hash.hash(Packets.view(Packets.reversed(packet))))
                    .as(what)
                    .isEqualTo(there);
        }
    }

    @Test
    void agreesForBothDirectionsBetweenPortsOfOneHost() {
        byte[] toItself = Packets.with(Packets.bytes(Packets.IPV4_TCP), 16, "c0000201");
        for (String ports : new String[] {"d43101bb", "00010002", "ffff0000", "7fff8000", "00070007"}) {
            byte[] packet = Packets.with(toItself, 24, ports);
            expectSame(packet, Packets.reversed(packet));
        }
    }

    @Test
    void agreesForAnEchoAndItsReply() {
        byte[] ipv4 = Packets.bytes(Packets.IPV4_ECHO);
        byte[] reply = Packets.with(Packets.reversed(ipv4), 20, "00");
        assertThat(hash.hash(Packets.view(reply))).isEqualTo(hash.hash(Packets.view(ipv4)));

        byte[] ipv6 = Packets.bytes(Packets.IPV6_ECHO);
        byte[] request = Packets.with(Packets.reversed(ipv6), 40, "80");
        assertThat(hash.hash(Packets.view(request))).isEqualTo(hash.hash(Packets.view(ipv6)));
    }

    @Test
    void tellsEchoesByTheirIdentifierAndOtherIcmpByNothing() {
        byte[] echo = Packets.bytes(Packets.IPV4_ECHO);
        expectOther(echo, Packets.with(echo, 24, "beee"));
        byte[] unreachable = Packets.with(echo, 20, "0303");
        expectSame(unreachable, Packets.with(unreachable, 24, "beee"));
        expectSame(unreachable, Packets.with(unreachable, 20, "0b00"));
        byte[] ipv6 = Packets.bytes(Packets.IPV6_ECHO);
        expectOther(ipv6, Packets.with(ipv6, 44, "beee"));
        byte[] tooBig = Packets.with(ipv6, 40, "02");
        expectSame(tooBig, Packets.with(tooBig, 44, "beee"));
    }

    @Test
    void agreesForAllFragmentsOfADatagram() {
        byte[] ipv4 = Packets.bytes(Packets.IPV4_UDP);
        byte[] first = Packets.with(ipv4, 6, "2000");
        expectSame(first, Packets.with(Packets.with(ipv4, 6, "2001"), 20, "ffffffff"));
        expectSame(first, Packets.with(Packets.with(ipv4, 6, "0002"), 20, "00000000"));
        expectSame(first, Packets.reversed(first));
    }

    /** The first fragment's protocol stands behind more headers, a later one's is what its fragment header says. */
    @Test
    void agreesForAllFragmentsOfAnIpv6Datagram() {
        String addresses = "20010db8000000000000000000000001" + "20010db80000000000000000000000ff";
        String first = "60000000" + "001a" + "2c" + "40" + addresses // 26 bytes, fragment
                + "3c00" + "0001" + "0000abcd" // then options; offset 0, more; id
                + "1100" + "010400000000" // then UDP
                + "0035" + "d431" + "0400" + "0000" + "4142"; // 1,024 bytes, of which 10 here
        String later = "60000000" + "000a" + "2c" + "40" + addresses + "3c00" + "0011" + "0000abcd" + "4142";
        String liar = "60000000" + "000a" + "2c" + "40" + addresses + "0600" + "0018" + "0000abcd" + "4142";
        expectSame(Packets.bytes(first), Packets.bytes(later));
        expectSame(Packets.bytes(first), Packets.bytes(liar));
    }

    @Test
    void tellsApartEveryPartOfTheKey() {
        byte[] tcp = Packets.bytes(Packets.IPV4_TCP);
        expectOther(tcp, Packets.with(tcp, 9, "84")); // SCTP
        expectOther(tcp, Packets.with(tcp, 12, "c0000200"));
        expectOther(tcp, Packets.with(tcp, 16, "c6336403"));
        expectOther(tcp, Packets.with(tcp, 24, "d430"));
        expectOther(tcp, Packets.with(tcp, 26, "01ba"));
        expectOther(tcp, Packets.with(tcp, 24, "01bbd431")); // ports, but not addresses, exchanged
        byte[] ipv6 = Packets.bytes(Packets.IPV6_TCP);
        for (int at = 8; at < 40; at++) {
            expectOther(ipv6, Packets.with(ipv6, at, "77"));
        }
    }

    @Test
    void hasAnotherKeyInEveryInstance() {
        PacketView tcp = Packets.view(Packets.IPV6_TCP);
        long hashes = Stream.generate(FlowHash::new)
                .limit(8)
                .map(each -> each.hash(tcp))
                .distinct()
                .count();
        assertThat(hashes).isGreaterThan(1);
    }

    /**
     * An attacker who knew one key would find a million flows for one of 16 workers; under another key they spread
     * evenly.
     */
    @Test
    void spreadsFlowsThatCollideUnderAnotherKey() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        FlowHash known = new FlowHash(random.nextLong(), random.nextLong());
        FlowHash unknown = new FlowHash(random.nextLong(), random.nextLong());
        int flows = 1_000_000;
        int[] buckets = new int[1024];
        int[] workers = new int[7];
        byte[] packet = Packets.bytes(Packets.IPV4_TCP);
        ByteBuf buffer = Unpooled.wrappedBuffer(packet);
        for (int found = 0; found < flows; ) {
            buffer.setInt(12, random.nextInt());
            buffer.setShort(24, random.nextInt());
            view.decode(buffer, 0, packet.length, packet.length);
            if ((known.hash(view) & 15) == 0) {
                int other = unknown.hash(view);
                buckets[other & 0x3ff]++;
                workers[Math.floorMod(other, workers.length)]++;
                found++;
            }
        }
        assertThat(chiSquare(buckets, flows)).as("seed %d", seed).isBetween(1023 - 290.0, 1023 + 290.0); // 6.4 sigma
        assertThat(chiSquare(workers, flows)).as("seed %d", seed).isLessThan(60); // 6 degrees: one in 10^10
    }

    private static double chiSquare(int[] counts, int total) {
        double expected = (double) total / counts.length;
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    private void expectSame(byte[] packet, byte[] other) {
        assertThat(hash.hash(Packets.view(other))).isEqualTo(hash.hash(Packets.view(packet)));
    }

    /** With two keys: a chance of one in 2^64 to fail for nothing. */
    private void expectOther(byte[] packet, byte[] other) {
        FlowHash second = new FlowHash();
        PacketView first = Packets.view(packet);
        PacketView changed = Packets.view(other);
        boolean isSame = hash.hash(first) == hash.hash(changed) && second.hash(first) == second.hash(changed);
        assertThat(isSame).isFalse();
    }
}
