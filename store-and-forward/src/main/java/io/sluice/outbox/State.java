package io.sluice.outbox;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the database holds beside the rows, as of the last commit. Changed only by {@link Transaction#install}, which
 * holds the monitor of this object; readers on other threads hold it too.
 */
final class State {

    /** One run of the process that may still have rows, or whose last sequences the next start records need. */
    record Run(int id, RunEpoch epoch, boolean clean, String bootId) {}

    /** Where a stream stands. {@code gone}: numbers that no longer wait as a row. */
    static final class StreamState {
        final StreamKey key;
        final int run;
        long last;
        final SequenceSet gone;
        Optional<Long> lastReadingNanos = Optional.empty();
        boolean opened;
        long waitingReadings;
        long waitingBytes;

        StreamState(StreamKey key, int run, SequenceSet gone) {
            this.key = key;
            this.run = run;
            this.gone = gone;
        }

        StreamState copy() {
            StreamState copy = new StreamState(key, run, gone.copy());
            copy.last = last;
            copy.lastReadingNanos = lastReadingNanos;
            copy.opened = opened;
            copy.waitingReadings = waitingReadings;
            copy.waitingBytes = waitingBytes;
            return copy;
        }

        /** A row with the next number. */
        void grew(Row row) {
            last = row.sequence();
            arrived(row.readings(), row.bytes());
            if (row.lastReadingNanos() != Row.NO_READING) {
                lastReadingNanos = Optional.of(row.lastReadingNanos());
            }
        }

        void arrived(long readings, long bytes) {
            waitingReadings += readings;
            waitingBytes += bytes;
        }

        void left(long sequence, int readings, long bytes) {
            gone.add(sequence);
            waitingReadings -= readings;
            waitingBytes -= bytes;
        }

        long waitingMessages() {
            return last - gone.size();
        }

        boolean drained() {
            return gone.coversTo(last);
        }

        ForwardingOutbox.StreamSnapshot snapshot() {
            return new ForwardingOutbox.StreamSnapshot(key, last, gone.copy(), opened);
        }
    }

    Ledger ledger = new Ledger();
    final Map<String, Integer> devices = new HashMap<>();
    final Map<Integer, Run> runs = new HashMap<>();
    final TreeMap<Integer, StreamState> streams = new TreeMap<>();
    /** Streams of the current run, by device. */
    final Map<String, Integer> currentStreams = new HashMap<>();

    final TreeMap<Long, LossRange> ranges = new TreeMap<>();
    final Map<String, Aliases> aliases = new HashMap<>();
    int currentRun;
    int lastStreamId;
    /** Streams whose rows in the database say more than their entry, and how many rows do. */
    final Set<Integer> unsaved = new HashSet<>();

    int unsavedRows;
    /** Of the last commit of an earlier run in this boot: where the clock of ages goes on. */
    long ageMillis;

    RunEpoch currentEpoch() {
        Run run = runs.get(currentRun);
        if (run == null) {
            throw new IllegalStateException("no run has begun in this database");
        }
        return run.epoch();
    }

    int runOf(RunEpoch epoch) {
        return runs.values().stream()
                .filter(run -> run.epoch().equals(epoch))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no run has the epoch " + epoch))
                .id();
    }

    /** The device's stream of the newest run that has one. */
    @Nullable
    StreamState newestOf(String device) {
        return streams.values().stream()
                .filter(stream -> stream.key.device().equals(device))
                .max(Comparator.comparing(stream -> stream.key.epoch()))
                .orElse(null);
    }

    boolean hasRange(StreamKey key) {
        return ranges.values().stream()
                .anyMatch(range -> range.device().equals(key.device()) && range.touches(key.epoch()));
    }

    List<RunEpoch> pendingEpochs(String device) {
        return streams.values().stream()
                .filter(stream -> stream.key.device().equals(device) && stream.run != currentRun)
                .filter(stream -> !stream.drained() || hasRange(stream.key))
                .map(stream -> stream.key.epoch())
                .sorted()
                .toList();
    }

    List<ForwardingOutbox.StreamSnapshot> snapshots() {
        List<ForwardingOutbox.StreamSnapshot> all = new ArrayList<>();
        streams.values().forEach(stream -> all.add(stream.snapshot()));
        return all;
    }
}
