package dev.gavel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Seeds;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CapturedInterfaceTest {
    private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(9_223_372_035L);

    @Test
    void convertsEveryUnitAsExactArithmeticDoes() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        CapturedFrame frame = new CapturedFrame();
        for (int unit = 0; unit < 256; unit++) {
            CapturedInterface from = new CapturedInterface(1, 0, unit, 0, 0);
            boolean binary = unit >= 0x80;
            assertThat(from.isUnitKnown()).as("%d", unit).isEqualTo(binary ? unit - 0x80 <= 63 : unit <= 19);
            for (int i = 0; i < 200 && from.isUnitKnown(); i++) {
                long stamp = random.nextLong() >>> random.nextInt(64);
                BigDecimal perSecond =
                        binary ? new BigDecimal(BigInteger.TWO.pow(unit - 0x80)) : BigDecimal.TEN.pow(unit);
                BigDecimal exact = new BigDecimal(Long.toUnsignedString(stamp));
                BigDecimal seconds = exact.divideToIntegralValue(perSecond);
                String trial = "seed " + seed + ", unit " + unit + ", stamp " + Long.toUnsignedString(stamp);
                assertThat(from.stamp(frame, stamp)).as(trial).isEqualTo(seconds.compareTo(MOST_SECONDS) <= 0);
                if (seconds.compareTo(MOST_SECONDS) <= 0) {
                    BigDecimal nanos =
                            exact.remainder(perSecond).scaleByPowerOfTen(9).divide(perSecond, 0, RoundingMode.DOWN);
                    assertThat(frame.seconds()).as(trial).isEqualTo(seconds.longValueExact());
                    assertThat(frame.nanos()).as(trial).isEqualTo(nanos.intValueExact());
                }
            }
        }
    }

    @Test
    void saysNanosecondsOfAnythingFinerThanMicroseconds() {
        assertThat(new CapturedInterface(1, 0, 3, 0, 0).resolution()).isEqualTo(Resolution.MICROSECONDS);
        assertThat(new CapturedInterface(1, 0, 6, 0, 0).resolution()).isEqualTo(Resolution.MICROSECONDS);
        assertThat(new CapturedInterface(1, 0, 7, 0, 0).resolution()).isEqualTo(Resolution.NANOSECONDS);
        assertThat(new CapturedInterface(1, 0, 0x80 + 10, 0, 0).resolution()).isEqualTo(Resolution.MICROSECONDS);
        assertThat(new CapturedInterface(1, 0, 0x80 + 20, 0, 0).resolution()).isEqualTo(Resolution.NANOSECONDS);
    }

    @Test
    void refusesOffsetsOfCenturies() {
        CapturedFrame frame = new CapturedFrame();
        assertThat(new CapturedInterface(1, 0, 6, Long.MIN_VALUE, 0).stamp(frame, 0))
                .isFalse();
        assertThat(new CapturedInterface(1, 0, 6, Long.MAX_VALUE, 0).stamp(frame, 0))
                .isFalse();
        assertThat(new CapturedInterface(1, 0, 6, -5, 0).stamp(frame, 1)).isTrue();
        assertThat(frame.timeNs()).isEqualTo(-4_999_999_000L);
    }
}
