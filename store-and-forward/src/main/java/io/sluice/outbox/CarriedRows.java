package io.sluice.outbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;

/** Counts the rows that a {@link Salvage} has carried over, and works out from them what is lost. */
final class CarriedRows {

    private final State state;
    private final Map<Integer, SequenceSet> sequences = new HashMap<>();
    private final Ledger counts = new Ledger();

    /** From now on nothing waits in any stream but what is {@linkplain #add added}. */
    CarriedRows(State state) {
        this.state = state;
        for (State.StreamState stream : state.streams.values()) {
            stream.waitingReadings = 0;
            stream.waitingBytes = 0;
        }
    }

    void add(Row row) {
        sequences.computeIfAbsent(row.stream().id(), none -> new SequenceSet()).add(row.sequence());
        counts.stored(row);
        advance(row);
        state.ledger.nextPosition = Math.max(state.ledger.nextPosition, row.position() + 1);
    }

    long messages() {
        return counts.storedMessages;
    }

    /** A row that came after the state was saved last says how far its stream had come. */
    private void advance(Row row) {
        State.StreamState stream =
                Objects.requireNonNull(state.streams.get(row.stream().id()), "rows are kept for known streams only");
        stream.arrived(row.readings(), row.bytes());
        if (row.sequence() > stream.last) {
            stream.last = row.sequence();
            if (row.lastReadingNanos() != Row.NO_READING) {
                stream.lastReadingNanos = Optional.of(row.lastReadingNanos());
            }
        }
    }

    /** The rest of what was stored is lost: one range for each stream, from its first missing number to its last. */
    ForwardingOutbox.Change markLost() {
        List<ForwardingOutbox.Dropped> dropped = new ArrayList<>();
        List<LossRange> ranges = new ArrayList<>();
        for (State.StreamState stream : state.streams.values()) {
            List<Long> missing = missing(stream);
            for (long sequence : missing) {
                stream.gone.add(sequence);
                dropped.add(new ForwardingOutbox.Dropped(stream.key, sequence, sequence));
            }
            if (!missing.isEmpty()) {
                ranges.add(unreadable(stream.key, missing.getFirst(), missing.getLast(), missing.size()));
            }
        }
        ranges.forEach(range -> state.ranges.put(range.id(), range));
        countLost();
        return new ForwardingOutbox.Change(state.ledger.nextPosition - 1, List.of(), dropped, ranges, List.of());
    }

    private List<Long> missing(State.StreamState stream) {
        SequenceSet here = sequences.getOrDefault(stream.key.id(), new SequenceSet());
        return LongStream.rangeClosed(stream.gone.lowestAbsent(), stream.last)
                .filter(sequence -> !stream.gone.contains(sequence) && !here.contains(sequence))
                .boxed()
                .toList();
    }

    private LossRange unreadable(StreamKey key, long first, long last, long messages) {
        return new LossRange(
                state.ledger.nextRange++,
                key.device(),
                key.epoch(),
                first,
                key.epoch(),
                last,
                Map.of(LossReason.UNREADABLE, new Outgoing.Count(messages, 0)),
                1);
    }

    /** Pending becomes what was carried over; the rest is lost, or unknown if the counters were not readable either. */
    private void countLost() {
        Ledger ledger = state.ledger;
        if (ledger.storedMessages == 0) {
            ledger.storedMessages = counts.storedMessages;
            ledger.storedReadings = counts.storedReadings;
            ledger.pendingMessages = counts.pendingMessages;
            ledger.pendingReadings = counts.pendingReadings;
            ledger.pendingBytes = counts.pendingBytes;
            return;
        }
        ledger.lost(
                LossReason.UNREADABLE,
                ledger.pendingMessages - counts.pendingMessages,
                ledger.pendingReadings - counts.pendingReadings,
                ledger.pendingBytes - counts.pendingBytes);
    }
}
