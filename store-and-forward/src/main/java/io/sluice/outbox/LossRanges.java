package io.sluice.outbox;

import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The loss ranges within one transaction: drops are added, ranges of neighbouring numbers become one, and where the reserve is
 * full the ranges of a device become one across the rows and epochs between them. Until then a range holds lost numbers
 * only, so that a receiver knows of each unseen number whether it was lost here or is missing. Confined to thread {@code
 * outbox-writer}.
 */
final class LossRanges {

    /** About 1 MiB of rows. */
    static final int RESERVE = 8192;

    private static final Comparator<LossRange> BY_BEGIN = Comparator.comparing(LossRange::device)
            .thenComparing(LossRange::compareBegin)
            .thenComparing(LossRange::id);

    private final Map<Long, LossRange> committed;
    private final Ledger ledger;
    private final Map<Long, LossRange> changed = new LinkedHashMap<>();
    private final Set<Long> removed = new LinkedHashSet<>();
    /** All of them as they are now; null until something asks for their order. */
    private @Nullable NavigableSet<LossRange> sorted;

    LossRanges(Map<Long, LossRange> committed, Ledger ledger) {
        this.committed = committed;
        this.ledger = ledger;
    }

    private @Nullable LossRange get(long id) {
        LossRange range = changed.get(id);
        return range != null || removed.contains(id) ? range : committed.get(id);
    }

    private NavigableSet<LossRange> all() {
        if (sorted == null) {
            Map<Long, LossRange> all = new HashMap<>(committed);
            all.putAll(changed);
            all.keySet().removeAll(removed);
            sorted = new TreeSet<>(BY_BEGIN);
            sorted.addAll(all.values());
        }
        return sorted;
    }

    private void put(LossRange range) {
        if (sorted != null) {
            LossRange before = get(range.id());
            if (before != null) {
                sorted.remove(before);
            }
            sorted.add(range);
        }
        changed.put(range.id(), range);
    }

    private void remove(LossRange range) {
        if (sorted != null) {
            sorted.remove(range);
        }
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

    /** Adds one dropped message. */
    void add(StreamKey key, long sequence, LossReason reason, long readings) {
        LossRange drop = new LossRange(
                ledger.nextRange,
                key.device(),
                key.epoch(),
                sequence,
                key.epoch(),
                sequence,
                Map.of(reason, new Outgoing.Count(1, readings)),
                1);
        LossRange before = all().floor(drop);
        if (before != null && before.takes(drop)) {
            LossRange grown = before.mergedWith(drop);
            put(grown);
            mergeFollowing(grown);
            return;
        }
        ledger.nextRange++;
        put(drop);
        mergeFollowing(drop);
        if (all().size() > RESERVE) {
            mergeAllOf(key.device());
        }
    }

    private void mergeFollowing(LossRange grown) {
        LossRange next = all().higher(grown);
        if (next != null && grown.takes(next)) {
            remove(next);
            put(grown.mergedWith(next));
        }
    }

    private void mergeAllOf(String device) {
        LossRange whole = null;
        for (LossRange range : List.copyOf(all())) {
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
