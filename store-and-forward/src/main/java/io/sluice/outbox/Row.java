package io.sluice.outbox;

/**
 * A stored message.
 *
 * @param lastReadingNanos UTC nanoseconds of its newest reading, {@link #NO_READING} if it has none or was read without it
 * @param body the bytes as appended, or an event as {@link EventCodec} writes it
 */
record Row(
        long position, StreamKey stream, long sequence, Kind kind, int readings, long lastReadingNanos, byte[] body) {

    static final long NO_READING = Long.MIN_VALUE;

    /** What a row adds to the stored bytes beside its body: keys, header and its share of the pages. */
    static final int OVERHEAD_BYTES = 48;

    /** The ordinal is stored: append only. */
    enum Kind {
        DATA,
        CLOCK_STEP,
        START,
        LOSS,
        EPOCH_END;

        private static final Kind[] ALL = values();

        static Kind of(int stored) {
            return ALL[stored];
        }
    }

    long bytes() {
        return body.length + (long) OVERHEAD_BYTES;
    }

    Outgoing.Content content() {
        return switch (kind) {
            case DATA, CLOCK_STEP -> new Outgoing.Body(body);
            case START -> EventCodec.start(body);
            case LOSS -> EventCodec.loss(body);
            case EPOCH_END -> EventCodec.epochEnd(body);
        };
    }
}
