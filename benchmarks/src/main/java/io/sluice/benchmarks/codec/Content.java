package io.sluice.benchmarks.codec;

import java.util.List;
import java.util.stream.IntStream;

/** What both sides say: float32 readings of one device, each with its own name and nanosecond time, all good. */
record Content(
        String gateway, String device, String epoch, long sequence, String[] names, float[] values, long[] timesNanos) {

    static Content of(int size) {
        List<String> names =
                IntStream.range(0, size).mapToObj("%03d-voltage"::formatted).toList();
        float[] values = new float[size];
        long[] times = new long[size];
        for (int i = 0; i < size; i++) {
            values[i] = 225 + i * 0.173f;
            times[i] = 1_795_252_443_120_450_000L + i * 1_000_003L;
        }
        return new Content(
                "plant-7", "meter-1", "6a1f03b2-00c0ffee00c0ffee", 4_711, names.toArray(String[]::new), values, times);
    }

    int size() {
        return values.length;
    }
}
