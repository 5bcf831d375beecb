package io.sluice.gateway.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeapTrimTest {

    private final AtomicLong mebibytes = new AtomicLong();
    private final AtomicInteger collections = new AtomicInteger();
    private long afterwards;

    private final HeapTrim heap = new HeapTrim(() -> mebibytes.get() << 20, () -> {
        collections.incrementAndGet();
        mebibytes.set(afterwards);
    });

    private int collectionsAt(long size, long whatIsLeft) {
        mebibytes.set(size);
        afterwards = whatIsLeft;
        heap.trim();
        return collections.get();
    }

    @Test
    void aSmallHeapIsLetAlone() {
        assertThat(collectionsAt(64, 10)).isZero();
    }

    @Test
    void aHeapThatGrewIsCollected() {
        assertThat(collectionsAt(65, 10)).isOne();
    }

    @Test
    void whatIsAliveIsNotLookedThroughAgainBeforeTheHeapHasDoubled() {
        collectionsAt(300, 100);

        assertThat(collectionsAt(200, 100)).isOne();
        assertThat(collectionsAt(201, 100)).isEqualTo(2);
    }

    @Test
    void aHeapThatBecameSmallIsAllowedToGrowToTheLeastLimitAgain() {
        collectionsAt(300, 10);

        assertThat(collectionsAt(64, 10)).isOne();
        assertThat(collectionsAt(65, 10)).isEqualTo(2);
    }
}
