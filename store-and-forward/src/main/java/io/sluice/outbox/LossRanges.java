package io.sluice.outbox;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The loss ranges within one transaction: drops are added, touching ranges become one, and where the reserve is full the
 * ranges of a device become one across the rows and epochs between them. Confined to thread {@code outbox-writer}.
 */
final class LossRanges {

    /** About 1 MiB of rows. */
    static final int RESERVE = 8192;

    private final Map<Long, LossRange> committed;
    private final Ledger ledger;
    private final Map<Long, LossRange> changed = new LinkedHashMap<>();
    private final Set<Long> removed = new LinkedHashSet<>();
    /** The range that the last drop of a stream went into: the next drop mostly touches it. */
    private final Map<Integer, Long> recent = new HashMap<>();

    LossRanges(Map<Long, LossRange> committed, Ledger ledger) {
        this.committed = committed;
        this.ledger = ledger;
    }

    private @Nullable LossRange get(long id) {
        LossRange range = changed.get(id);
        return range != null || removed.contains(id) ? range : committed.get(id);
    }

    private Collection<LossRange> all() {
        Map<Long, LossRange> all = new TreeMap<>(committed);
        all.putAll(changed);
        all.keySet().removeAll(removed);
        return all.values();
    }

    private void put(LossRange range) {
        changed.put(range.id(), range);
    }

    private void remove(LossRange range) {
        changed.remove(range.id());
        removed.add(range.id());
    }

    boolean touches(StreamKey key) {
        return all().stream().anyMatch(range -> range.device().equals(key.device()) && range.touches(key.epoch()));
    }

    /** @return the range that the position named and that is gone now; null if there is none in this version */
    @Nullable
    LossRange acknowledged(long position) {
        LossRange range = get(LossRange.idOf(position));
        if (range == null || !range.isAt(position)) {
            return null;
        }
        remove(range);
        return range;
    }

    /** Adds one dropped message; its number is in {@code stream.gone} already. */
    void add(State.StreamState stream, long sequence, LossReason reason, long readings) {
        LossRange drop = new LossRange(
                0,
                stream.key.device(),
                stream.key.epoch(),
                sequence,
                stream.key.epoch(),
                sequence,
                Map.of(reason, new Outgoing.Count(1, readings)),
                0);
        LossRange neighbour = neighbour(stream, sequence);
        if (neighbour != null) {
            LossRange grown = neighbour.mergedWith(drop);
            put(grown);
            recent.put(stream.key.id(), grown.id());
            mergeFollowing(stream, grown);
            return;
        }
        LossRange range = withId(drop, ledger.nextRange++);
        put(range);
        recent.put(stream.key.id(), range.id());
        if (committed.size() + changed.size() - removed.size() > RESERVE) {
            mergeAllOf(range.device());
        }
    }

    private static LossRange withId(LossRange range, long id) {
        return new LossRange(
                id,
                range.device(),
                range.firstEpoch(),
                range.first(),
                range.lastEpoch(),
                range.last(),
                range.counts(),
                range.version() + 1);
    }

    private @Nullable LossRange neighbour(State.StreamState stream, long sequence) {
        Long id = recent.get(stream.key.id());
        LossRange last = id == null ? null : get(id);
        if (last != null && touch(last, stream, sequence, sequence)) {
            return last;
        }
        return all().stream()
                .filter(range -> touch(range, stream, sequence, sequence))
                .findFirst()
                .orElse(null);
    }

    private void mergeFollowing(State.StreamState stream, LossRange grown) {
        long next = grown.last() + 1;
        if (stream.gone.contains(next)) {
            all().stream()
                    .filter(other -> other.id() != grown.id() && other.first() > grown.last())
                    .filter(other -> touch(other, stream, grown.first(), grown.last()))
                    .findFirst()
                    .ifPresent(other -> {
                        put(grown.mergedWith(other));
                        remove(other);
                    });
        }
    }

    /** Whether no number that still waits lies between the range and the span. */
    private static boolean touch(LossRange range, State.StreamState stream, long first, long last) {
        if (!range.device().equals(stream.key.device()) || !range.touches(stream.key.epoch())) {
            return false;
        }
        boolean endsHere = range.lastEpoch().equals(stream.key.epoch());
        boolean beginsHere = range.firstEpoch().equals(stream.key.epoch());
        if (endsHere && range.last() < first) {
            return stream.gone.containsAll(range.last() + 1, first - 1);
        }
        if (beginsHere && range.first() > last) {
            return stream.gone.containsAll(last + 1, range.first() - 1);
        }
        return true;
    }

    private void mergeAllOf(String device) {
        LossRange whole = null;
        for (LossRange range : all()) {
            if (range.device().equals(device)) {
                if (whole != null) {
                    remove(range);
                }
                whole = whole == null ? range : whole.mergedWith(range);
            }
        }
        if (whole != null) {
            put(whole);
        }
    }

    boolean isChanged() {
        return !changed.isEmpty() || !removed.isEmpty();
    }

    Collection<LossRange> changed() {
        return changed.values();
    }

    Set<Long> removed() {
        return removed;
    }

    void save(Medium medium, State state, ToIntFunction<String> deviceIds) throws SQLException {
        for (LossRange range : changed.values()) {
            medium.save(
                    range,
                    deviceIds.applyAsInt(range.device()),
                    state.runOf(range.firstEpoch()),
                    state.runOf(range.lastEpoch()));
        }
        for (long id : removed) {
            medium.deleteRange(id);
        }
    }

    void install(Map<Long, LossRange> into) {
        into.putAll(changed);
        into.keySet().removeAll(removed);
    }
}
