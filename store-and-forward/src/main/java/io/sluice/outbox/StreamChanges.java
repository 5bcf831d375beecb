package io.sluice.outbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The streams as a transaction leaves them: copies of those it changes, new ones, ended ones. */
final class StreamChanges {

    private final State base;
    private final Map<Integer, State.StreamState> touched = new LinkedHashMap<>();
    private final Map<String, State.StreamState> created = new HashMap<>();
    private final Set<Integer> removed = new LinkedHashSet<>();

    StreamChanges(State base) {
        this.base = base;
    }

    /** A copy to be changed; null if there is no such stream any more. */
    State.@Nullable StreamState changing(int id) {
        State.StreamState copy = touched.get(id);
        if (copy == null && !removed.contains(id) && base.streams.containsKey(id)) {
            copy = base.streams.get(id).copy();
            touched.put(id, copy);
        }
        return copy;
    }

    /** The device's stream of this run, to be changed; null if it has none yet. */
    State.@Nullable StreamState current(String device) {
        State.StreamState known = created.get(device);
        if (known != null) {
            return known;
        }
        Integer id = base.currentStreams.get(device);
        return id == null ? null : changing(id);
    }

    /** The device's stream of this run begins; an earlier one of which nothing waits any more goes. */
    State.StreamState begin(String device, State.@Nullable StreamState previous) {
        int id = base.lastStreamId + created.size() + 1;
        StreamKey key = new StreamKey(id, device, base.currentEpoch());
        State.StreamState stream = new State.StreamState(key, base.currentRun, new SequenceSet());
        created.put(device, stream);
        touched.put(id, stream);
        if (previous != null && !waited(previous)) {
            removed.add(previous.key.id()); // if it drains only now, Transaction.endEpochs says so and removes it
        }
        return stream;
    }

    Collection<State.StreamState> created() {
        return created.values();
    }

    boolean isRemoved(int id) {
        return removed.contains(id);
    }

    void remove(int id) {
        removed.add(id);
    }

    /** Whether streams came or went. */
    boolean isChanged() {
        return !created.isEmpty() || !removed.isEmpty();
    }

    /** Whether something of it still waited before this transaction. */
    boolean waited(State.StreamState committed) {
        return !committed.drained() || base.hasRange(committed.key);
    }

    /** As it stands now. */
    State.StreamState now(State.StreamState committed) {
        return touched.getOrDefault(committed.key.id(), committed);
    }

    /** Those whose entry is to be written. */
    List<State.StreamState> due() {
        Set<Integer> due = new LinkedHashSet<>(base.unsaved);
        due.addAll(touched.keySet());
        due.removeAll(removed);
        return due.stream().map(this::seen).toList();
    }

    private State.StreamState seen(int id) {
        State.StreamState copy = touched.get(id);
        return copy != null ? copy : Objects.requireNonNull(base.streams.get(id), "unsaved streams are known");
    }

    Set<Integer> removed() {
        return removed;
    }

    /** Those that were changed. */
    Set<Integer> touched() {
        return touched.keySet();
    }

    /** Those that have a new last number; before {@link #install}. */
    List<ForwardingOutbox.StreamSnapshot> grown() {
        List<ForwardingOutbox.StreamSnapshot> grown = new ArrayList<>();
        for (State.StreamState stream : touched.values()) {
            State.StreamState before = base.streams.get(stream.key.id());
            if (before == null || before.last != stream.last) {
                grown.add(stream.snapshot());
            }
        }
        return grown;
    }

    /** Makes the changes part of the state. */
    void install() {
        touched.forEach(base.streams::put);
        created.forEach((device, stream) -> base.currentStreams.put(device, stream.key.id()));
        base.lastStreamId += created.size();
        removed.forEach(base.streams::remove);
    }
}
