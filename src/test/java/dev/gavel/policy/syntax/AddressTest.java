package dev.gavel.policy.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Seeds;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                ":",
                ":::",
                "1:2:3",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "12345::",
                "::g",
                "1:2:3:4:5:6:7::8",
                "::1.2.3",
                "1.2.3.4::",
                "::1:",
                ":1::",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1:2:3:4:5:6:7:",
                "::-1"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThat(Address.parse(text)).isNull();
    }

    @Test
    void readsWhatTheJdkWrites() throws UnknownHostException {
        long seed = Seeds.take();
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            byte[] bytes = new byte[16];
            random.nextBytes(bytes);
            for (int j = random.nextInt(16); j < 16 && random.nextBoolean(); j++) {
                bytes[j] = 0;
            }
            ByteBuffer numbers = ByteBuffer.wrap(bytes);
            String text = InetAddress.getByAddress(bytes).getHostAddress();
            assertThat(Address.parse(text))
                    .as("seed %d, %s", seed, text)
                    .isEqualTo(new Address(6, numbers.getLong(0), numbers.getLong(8)));
            byte[] four = {bytes[0], bytes[1], bytes[2], bytes[3]};
            assertThat(Address.parse(InetAddress.getByAddress(four).getHostAddress()))
                    .isEqualTo(new Address(4, 0, numbers.getInt(0) & 0xffff_ffffL));
        }
    }

    @Test
    void readsGapsAndEmbeddedIpv4() {
        assertThat(Address.parse("::")).isEqualTo(new Address(6, 0, 0));
        assertThat(Address.parse("1::")).isEqualTo(new Address(6, 0x0001_0000_0000_0000L, 0));
        assertThat(Address.parse("::1:2")).isEqualTo(new Address(6, 0, 0x1_0002));
        assertThat(Address.parse("::ffff:1.2.3.4")).isEqualTo(new Address(6, 0, 0xffff_0102_0304L));
        assertThat(Address.parse("1:2:3:4:5:6:1.2.3.4"))
                .isEqualTo(new Address(6, 0x0001_0002_0003_0004L, 0x0005_0006_0102_0304L));
        assertThat(Address.parse("1:2:3::5:6:7:8"))
                .isEqualTo(new Address(6, 0x0001_0002_0003_0000L, 0x0005_0006_0007_0008L));
    }

    @Test
    void spansPrefixes() {
        Address ipv4 = Address.parse("10.1.2.3");
        assertThat(ipv4.first(0)).isEqualTo(Address.parse("0.0.0.0"));
        assertThat(ipv4.last(0)).isEqualTo(Address.parse("255.255.255.255"));
        assertThat(ipv4.first(31)).isEqualTo(Address.parse("10.1.2.2"));
        assertThat(ipv4.last(32)).isEqualTo(ipv4);
        Address ipv6 = Address.parse("2001:db8:1:2:3:4:5:6");
        assertThat(ipv6.first(0)).isEqualTo(Address.parse("::"));
        assertThat(ipv6.last(64)).isEqualTo(Address.parse("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assertThat(ipv6.first(65)).isEqualTo(Address.parse("2001:db8:1:2::"));
        assertThat(ipv6.last(1)).isEqualTo(Address.parse("7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
        assertThat(ipv6.last(128)).isEqualTo(ipv6);
    }
}
