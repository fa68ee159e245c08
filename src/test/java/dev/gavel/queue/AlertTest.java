package dev.gavel.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gavel.kit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AlertTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Alert.Source SOURCE = new Alert.Source("web", "bad", "enforce");

    private static Alert alert(long count, long perNs) {
        return new Alert(SOURCE, null, 0, 3, count, perNs);
    }

    @Test
    void isNamedByItsMessageOrElseByItsRule() {
        assertThat(alert(1, 1).signature()).isEqualTo("web/bad");
        assertThat(new Alert(SOURCE, "hello", 0, 3, 1, 1).signature()).isEqualTo("hello");
    }

    @Test
    void givesItsRateAtOnceAndThenEvenly() {
        Alert alert = alert(10, SECOND);
        long now = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            assertThat(alert.admit(now)).isZero();
        }
        assertThat(alert.admit(now)).isEqualTo(Alert.WITHHELD);
        assertThat(alert.admit(now + SECOND / 10 - 1)).isEqualTo(Alert.WITHHELD);
        assertThat(alert.admit(now + SECOND / 10)).as("how many were withheld").isEqualTo(2);
        assertThat(alert.admit(now + SECOND / 10)).isEqualTo(Alert.WITHHELD);
        assertThat(alert.admit(now + 100 * SECOND)).isEqualTo(1);
    }

    @Test
    void countsEachWithheldEventOnceAndExceedsTheRateByNoMoreThanItsDepth() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        Alert alert = alert(5, SECOND);
        long start = System.nanoTime();
        long now = start;
        List<Long> admitted = new ArrayList<>();
        long told = 0;
        int pending = 0;
        int events = 20_000;
        for (int i = 0; i < events; i++) {
            now += random.nextInt(4) == 0 ? random.nextLong(SECOND) : random.nextInt(1000);
            long withheld = alert.admit(now);
            if (withheld == Alert.WITHHELD) {
                pending++;
            } else {
                assertThat(withheld).as("seed %d, event %d", seed, i).isEqualTo(pending);
                told += pending;
                pending = 0;
                admitted.add(now);
            }
        }
        assertThat(admitted.size() + told + pending).isEqualTo(events);
        for (int i = 5; i < admitted.size(); i++) { // six events need at least the time in which one token comes
            assertThat(admitted.get(i) - admitted.get(i - 5))
                    .as("seed %d, event %d", seed, i)
                    .isGreaterThanOrEqualTo(SECOND / 5);
        }
    }

    @Test
    void holdsForAllThreadsTogether() throws InterruptedException {
        Alert alert = alert(1000, SECOND);
        long now = System.nanoTime();
        AtomicInteger admitted = new AtomicInteger();
        AtomicLong told = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int j = 0; j < 10_000; j++) {
                    long withheld = alert.admit(now);
                    if (withheld != Alert.WITHHELD) {
                        admitted.incrementAndGet();
                        told.addAndGet(withheld);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(admitted).hasValue(1000);
        assertThat(told.get() + alert.admit(now + SECOND)).isEqualTo(39_000);
    }

    @Test
    void withholdsNothingWithoutARate() {
        Alert alert = alert(Long.MAX_VALUE, 1);
        for (int i = 0; i < 100_000; i++) {
            assertThat(alert.admit(7)).isZero();
        }
    }

    @Test
    void refusesARateOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> alert(0, SECOND)).withMessageContaining("0 each");
    }
}
