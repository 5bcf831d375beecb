package io.sluice.benchmarks.gateway;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Counts what arrives, from {@link #begin} to {@link #end}: readings, polls that are missing, latencies. Any thread. */
final class Arrivals {
    private static final int MOST_LATENCIES = 2_000_000;

    /** Polls of one server between the first and the last seen. */
    private static final class Polls {
        private int first;
        private int last;
        private int distinct;
    }

    private final Map<String, Polls> byDevice = new HashMap<>();
    private final int[] latencies = new int[MOST_LATENCIES];
    private int latencyCount;
    private long readings;
    private long ever;

    /**
     * @param readings that arrived
     * @param missing polls between the first and the last seen of each server that did not arrive
     * @param p50Micros 0 if nothing arrived
     */
    record Summary(long readings, long messages, long missing, int p50Micros, int p99Micros) {}

    synchronized void add(Probe probe) {
        Instant now = Instant.now();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000 - probe.micros();
        if (latencyCount < MOST_LATENCIES) {
            latencies[latencyCount++] = (int) Math.min(micros, Integer.MAX_VALUE);
        }
        readings += probe.readings();
        ever++;
        Polls polls = byDevice.computeIfAbsent(probe.device(), _ -> new Polls());
        if (polls.distinct == 0) {
            polls.first = probe.poll();
        }
        // A repeat is at or below the last: QoS 1 without a loss of connection does not reorder.
        if (polls.distinct == 0 || probe.poll() > polls.last) {
            polls.distinct++;
            polls.last = probe.poll();
        }
    }

    /** Messages with a poll since the subscription. */
    synchronized long ever() {
        return ever;
    }

    synchronized int devices() {
        return byDevice.size();
    }

    synchronized void begin() {
        byDevice.clear();
        latencyCount = 0;
        readings = 0;
    }

    synchronized Summary end() {
        int[] sorted = Arrays.copyOf(latencies, latencyCount);
        Arrays.sort(sorted);
        long messages =
                byDevice.values().stream().mapToLong(polls -> polls.distinct).sum();
        long missing = byDevice.values().stream()
                .mapToLong(polls -> polls.last - polls.first + 1 - polls.distinct)
                .sum();
        return new Summary(readings, messages, missing, percentile(sorted, 0.5), percentile(sorted, 0.99));
    }

    private static int percentile(int[] sorted, double part) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1L, (long) (part * sorted.length))];
    }
}
