package dev.gavel.nfqueue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacketIdsTest {
    private final PacketIds ids = new PacketIds();

    /** The gaps before ids that come one after the other. */
    private int[] gaps(long... all) {
        int[] gaps = new int[all.length];
        for (int i = 0; i < all.length; i++) {
            gaps[i] = ids.gapBefore((int) all[i]);
        }
        return gaps;
    }

    @Test
    void missesNothingFromOneOn() {
        assertThat(gaps(1, 2, 3)).containsExactly(0, 0, 0);
    }

    @Test
    void missesWhatWasLostBeforeTheFirst() {
        assertThat(gaps(5, 6)).containsExactly(4, 0);
    }

    @Test
    void missesWhatWasLeftOut() {
        assertThat(gaps(1, 3, 10, 11)).containsExactly(0, 1, 6, 0);
    }

    @Test
    void goesOnFromZeroBehindTheLargest() {
        ids.gapBefore(0x7fff_fffe); // a gap is less than 2^31: two steps to the end
        assertThat(gaps(0x7fff_ffffL, 0x8000_0000L)).containsExactly(0, 0);
        ids.gapBefore(0xffff_fffe);
        assertThat(gaps(0xffff_ffffL, 0, 1)).containsExactly(0, 0, 0);
    }

    @Test
    void missesWhatWasLeftOutAcrossTheEnd() {
        ids.gapBefore(0x7fff_fffe);
        ids.gapBefore(0xffff_fffd);
        assertThat(gaps(2, 3)).containsExactly(4, 0); // 2^32 - 2, 2^32 - 1, 0, 1
    }

    @Test
    void missesNothingWhenAnIdComesTwice() {
        assertThat(gaps(1, 1, 2)).containsExactly(0, 0, 0);
    }

    @Test
    void goesOnFromAnIdThatLiesBehind() {
        assertThat(gaps(1, 2, 3, 1, 2, 4)).containsExactly(0, 0, 0, 0, 0, 1);
    }
}
