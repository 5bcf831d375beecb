package io.sluice.gateway.runtime;

import java.util.function.LongSupplier;

/**
 * Keeps the heap near what is alive in it. The serial collector clears the young part all the time, but looks through the
 * old one only when the heap has reached its limit, a quarter of the machine's memory; what a busy start or a burst left
 * there would stay until then. Confined to one thread.
 */
public final class HeapTrim {

    /** A heap of this size is let alone. */
    private static final long SMALL_BYTES = 64L << 20;

    private final LongSupplier heapBytes;
    private final Runnable collect;
    private long limitBytes = SMALL_BYTES;

    /** Of this process. */
    public HeapTrim() {
        this(() -> Runtime.getRuntime().totalMemory(), System::gc);
    }

    /**
     * @param heapBytes what the heap takes from the system
     * @param collect looks through all of the heap, and gives back what it does not need
     */
    HeapTrim(LongSupplier heapBytes, Runnable collect) {
        this.heapBytes = heapBytes;
        this.collect = collect;
    }

    /** To be called every few seconds. If the heap has doubled since, collects: some two milliseconds for each MiB alive. */
    public void trim() {
        if (heapBytes.getAsLong() > limitBytes) {
            collect.run();
            limitBytes = Math.max(SMALL_BYTES, 2 * heapBytes.getAsLong());
        }
    }
}
