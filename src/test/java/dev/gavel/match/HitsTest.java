package dev.gavel.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HitsTest {
    @Test
    void containsWhatWasAddedAndNothingElse() {
        Hits hits = new Hits(130);
        for (int pattern : new int[] {0, 63, 64, 129, 64}) {
            hits.add(pattern);
        }
        for (int pattern = 0; pattern < 130; pattern++) {
            assertThat(hits.contains(pattern))
                    .as("%d", pattern)
                    .isEqualTo(pattern == 0 || pattern == 63 || pattern == 64 || pattern == 129);
        }
        assertThat(hits.size()).isEqualTo(4);
        assertThat(hits.patterns()).isEqualTo(130);
    }

    @Test
    void isEmptyAgainOnceCleared() {
        Hits hits = new Hits(70);
        hits.add(1);
        hits.add(69);
        hits.clear();
        assertThat(hits.contains(1)).isFalse();
        assertThat(hits.contains(69)).isFalse();
        assertThat(hits.size()).isZero();
        hits.add(1);
        assertThat(hits.contains(1)).isTrue();
        assertThat(hits.size()).isEqualTo(1);
    }

    @Test
    void isFullWithEveryPattern() {
        Hits hits = new Hits(2);
        hits.add(1);
        hits.add(1);
        assertThat(hits.isFull()).isFalse();
        hits.add(0);
        assertThat(hits.isFull()).isTrue();
        assertThat(new Hits(0).isFull()).isTrue();
    }

    @Test
    void refusesPatternsThatItIsNotFor() {
        Hits hits = new Hits(3);
        assertThatThrownBy(() -> hits.add(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> hits.contains(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new Hits(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
