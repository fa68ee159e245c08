package dev.gavel;

import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails each test class that leaves a direct buffer unreleased, and says where it was allocated. JUnit finds it for all
 * tests. It takes the place of netty's own detector, which sees a leak only if the garbage collector happens to.
 */
public final class LeakedBuffers implements BeforeAllCallback, AfterAllCallback {
    private static final Set<Allocation> OPEN = ConcurrentHashMap.newKeySet();
    private static final AtomicLong COUNT = new AtomicLong();

    static { // before netty's first buffer, which fixes the detector
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
    }

    /** How many buffers were allocated so far. */
    static long allocations() {
        return COUNT.get();
    }

    /** Where the buffers were allocated that are not yet released, but for the first {@code count} there were. */
    static List<? extends Throwable> openSince(long count) {
        return OPEN.stream()
                .filter(allocation -> allocation.number > count)
                .sorted(Comparator.comparingLong(allocation -> allocation.number))
                .toList();
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(ExtensionContext.Namespace.create(LeakedBuffers.class, context.getUniqueId()));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        store(context).put("allocations", allocations());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<? extends Throwable> leaks = openSince(store(context).get("allocations", Long.class));
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " buffers were not released; the first:", leaks.get(0));
        }
    }

    /** A buffer that lives, with the stack of its allocation. */
    private static final class Allocation extends Exception implements ResourceLeakTracker<ByteBuf> {
        private static final long serialVersionUID = 1;

        private final long number = COUNT.incrementAndGet();

        Allocation(ByteBuf buffer) {
            super("allocated: " + buffer);
            OPEN.add(this);
        }

        @Override
        public void record() {}

        @Override
        public void record(Object hint) {}

        @Override
        public boolean close(ByteBuf buffer) {
            return OPEN.remove(this);
        }
    }

    private static final class Factory extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // abstract nevertheless, and the one that all others call
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int interval, long maxActive) {
            return new Detector<>(type, interval);
        }
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {
        Detector(Class<T> type, int interval) {
            super(type, interval);
        }

        @Override
        @SuppressWarnings("unchecked") // T is ByteBuf: buffers are all that we have netty for
        public ResourceLeakTracker<T> track(T buffer) {
            return (ResourceLeakTracker<T>) new Allocation((ByteBuf) buffer);
        }

        @Override
        public ResourceLeakTracker<T> trackForcibly(T buffer) {
            return track(buffer);
        }

        @Override
        public boolean isRecordEnabled() {
            return false;
        }
    }
}
