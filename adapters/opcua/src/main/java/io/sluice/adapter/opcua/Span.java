package io.sluice.adapter.opcua;

/** A span of time, in UTC nanoseconds. */
record Span(long firstNanos, long lastNanos) {

    /** The shortest that holds both. */
    Span and(Span other) {
        return new Span(Math.min(firstNanos, other.firstNanos), Math.max(lastNanos, other.lastNanos));
    }
}
