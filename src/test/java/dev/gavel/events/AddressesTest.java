package dev.gavel.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Seeds;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
    /** The examples of RFC 5952, section 4, and the ends. */
    @ParameterizedTest
    @CsvSource({
        "20010db800000000, 0000000000020001, 2001:db8::2:1",
        "20010db800000001, 0001000100010001, 2001:db8:0:1:1:1:1:1",
        "2001000000000001, 0000000000000001, 2001:0:0:1::1",
        "20010db800000000, 0001000000000001, 2001:db8::1:0:0:1",
        "0000000000000000, 0000000000000000, ::",
        "0000000000000000, 0000000000000001, ::1",
        "fe80000000000000, 0000000000000000, fe80::",
        "0000000100020003, 0004000500060000, 0:1:2:3:4:5:6:0",
        "ffffffffffffffff, ffffffffffffffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    })
    void writesIpv6AsRfc5952Wants(String high, String low, String text) {
        assertThat(Addresses.text(6, Long.parseUnsignedLong(high, 16), Long.parseUnsignedLong(low, 16)))
                .isEqualTo(text);
    }

    @Test
    void writesIpv4() {
        assertThat(Addresses.text(4, 0, 0xc0000201L)).isEqualTo("192.0.2.1");
        assertThat(Addresses.text(4, 0, 0xffffffffL)).isEqualTo("255.255.255.255");
    }

    @Test
    void writesWhatOthersReadAsTheSameAddress() throws UnknownHostException {
        long seed = Seeds.take();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            long mask = 0;
            for (int group = 0; group < 4; group++) {
                mask = mask << 16 | (random.nextBoolean() ? 0xffff : 0);
            }
            ByteBuffer bytes = ByteBuffer.allocate(16);
            bytes.putLong((random.nextLong() & mask) | (1L << 60)).putLong(random.nextLong() & mask);
            assertThat(InetAddress.getByName(Addresses.text(6, bytes.getLong(0), bytes.getLong(8)))
                            .getAddress())
                    .as("seed %d, address %d", seed, i)
                    .isEqualTo(bytes.array());
        }
    }
}
