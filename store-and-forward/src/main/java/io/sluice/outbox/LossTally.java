package io.sluice.outbox;

import java.util.EnumMap;
import java.util.Map;

/** Readings of one device lost before they had a number, until the next commit records them. Not thread-safe. */
final class LossTally {

    private final Map<LossReason, Long> readings = new EnumMap<>(LossReason.class);
    private long firstNanos = Long.MAX_VALUE;
    private long lastNanos = Long.MIN_VALUE;

    void add(LossReason reason, long count, long from, long to) {
        readings.merge(reason, count, Long::sum);
        firstNanos = Math.min(firstNanos, from);
        lastNanos = Math.max(lastNanos, to);
    }

    void addAll(LossTally other) {
        other.readings.forEach((reason, count) -> add(reason, count, other.firstNanos, other.lastNanos));
    }

    Map<LossReason, Long> readings() {
        return readings;
    }

    Outgoing.Loss event() {
        return new Outgoing.Loss(new EnumMap<>(readings), firstNanos, lastNanos);
    }
}
