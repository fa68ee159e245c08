package dev.gavel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetectorFactory;
import org.junit.jupiter.api.Test;

class LeakedBuffersTest {
    @Test
    void isInPlaceBeforeAnyTest() {
        // By name: naming the class would load it.
        assertThat(ResourceLeakDetectorFactory.instance().getClass().getName()).startsWith("dev.gavel.LeakedBuffers");
    }

    @Test
    void knowsEveryDirectBufferUntilItsRelease() {
        long before = LeakedBuffers.allocations();
        ByteBuf unpooled = Unpooled.directBuffer(1);
        ByteBuf pooled = PooledByteBufAllocator.DEFAULT.directBuffer(1);
        assertThat(LeakedBuffers.openSince(before))
                .hasSize(2)
                .allSatisfy(leak -> assertThat(leak).hasStackTraceContaining("knowsEveryDirectBufferUntilItsRelease"));
        unpooled.retainedSlice().release();
        assertThat(LeakedBuffers.openSince(before)).hasSize(2);
        unpooled.release();
        pooled.release();
        assertThat(LeakedBuffers.openSince(before)).isEmpty();
    }
}
