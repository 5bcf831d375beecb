package io.sluice.outbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One group on its way to the disk: every change is made in the open transaction and on copies of the state; {@link
 * #install} makes them the state after the commit. Dropped without that, it leaves no trace, so that a number that was
 * rolled back was never used. Confined to thread {@code outbox-writer}.
 */
final class Transaction {

    /** The moment of the group. */
    record Moment(long ageMillis, long monotonicNanos, long wallNanos, String bootId) {}

    private static final int FIRST_CHUNK = 4;
    private static final int EVICTION_CHUNK = 512;

    private final State base;
    private final Medium medium;
    private final Moment moment;
    private final LossRanges ranges;
    final Ledger ledger;

    private final Map<Integer, State.StreamState> touched = new LinkedHashMap<>();
    private final Map<String, State.StreamState> created = new HashMap<>();
    private final Set<Integer> removed = new LinkedHashSet<>();
    private final Map<String, Integer> newDevices = new LinkedHashMap<>();
    private final Map<String, TreeMap<Integer, byte[]>> newAliases = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private int inserted;
    private final List<Long> leaving = new ArrayList<>();
    private final List<ForwardingOutbox.Dropped> dropped = new ArrayList<>();
    private final Set<String> maybeEnded = new LinkedHashSet<>();
    /** Whether something changed that the rows do not say. */
    private boolean changesState;

    private boolean savesState;
    private final List<Runnable> answers = new ArrayList<>();

    Transaction(State base, Medium medium, Moment moment) {
        this.base = base;
        this.medium = medium;
        this.moment = moment;
        this.ledger = base.ledger.copy();
        this.ranges = new LossRanges(base.ranges, ledger);
    }

    private State.@Nullable StreamState stream(int id) {
        State.StreamState copy = touched.get(id);
        if (copy == null && !removed.contains(id) && base.streams.containsKey(id)) {
            copy = base.streams.get(id).copy();
            touched.put(id, copy);
        }
        return copy;
    }

    // ---- rows that leave

    void acknowledge(Row row) {
        leave(row.position(), row.stream().id(), row.sequence(), row.readings(), row.bytes());
    }

    /** Looks the row up first: for a caller that knows only the position. */
    void acknowledge(long position) throws SQLException {
        if (position < 0) {
            acknowledgeRange(position);
            return;
        }
        for (Medium.Head head : medium.heads(position, position, 1)) {
            leave(position, head.stream(), head.sequence(), head.readings(), head.bytes());
        }
    }

    private void leave(long position, int streamId, long sequence, int readings, long bytes) {
        State.StreamState stream = stream(streamId);
        if (stream == null || stream.gone.contains(sequence)) {
            return;
        }
        changesState = true;
        stream.left(sequence, readings, bytes);
        ledger.acknowledged(readings, bytes);
        leaving.add(position);
        noteMaybeEnded(stream);
    }

    private void acknowledgeRange(long position) {
        LossRange range = ranges.acknowledged(position);
        if (range != null) {
            maybeEnded.add(range.device());
        }
    }

    void reject(long position, String reason) throws SQLException {
        for (Medium.Head head : medium.heads(position, position, 1)) {
            State.StreamState stream = stream(head.stream());
            if (stream == null || stream.gone.contains(head.sequence())) {
                continue;
            }
            medium.keepDeadLetter(position, stream.key, reason, moment.wallNanos());
            drop(stream, head, LossReason.REJECTED);
            leaving.add(position);
        }
    }

    private void drop(State.StreamState stream, Medium.Head head, LossReason reason) {
        changesState = true;
        stream.left(head.sequence(), head.readings(), head.bytes());
        ledger.lost(reason, 1, head.readings(), head.bytes());
        ranges.add(stream.key, head.sequence(), reason, head.readings());
        noteDropped(stream.key, head.sequence());
    }

    private void noteDropped(StreamKey key, long sequence) {
        ForwardingOutbox.Dropped last = dropped.isEmpty() ? null : dropped.getLast();
        if (last != null && last.key().equals(key) && last.last() + 1 == sequence) {
            dropped.removeLast();
            dropped.add(new ForwardingOutbox.Dropped(key, last.first(), sequence));
        } else {
            dropped.add(new ForwardingOutbox.Dropped(key, sequence, sequence));
        }
    }

    /** Deletes what {@code acknowledge} and {@code reject} noted: one statement for each run of neighbours. */
    void deleteLeaving() throws SQLException {
        leaving.sort(Comparator.naturalOrder());
        for (int i = 0; i < leaving.size(); ) {
            int end = i + 1;
            while (end < leaving.size() && leaving.get(end) == leaving.get(i) + (end - i)) {
                end++;
            }
            medium.delete(leaving.get(i), leaving.get(end - 1));
            i = end;
        }
        leaving.clear();
    }

    /** Drops the oldest rows, all of which must be inserted, until no more than {@code limit} bytes are stored. */
    void evictDownTo(long limit) throws SQLException {
        dropOldestWhile(head -> ledger.pendingBytes > limit, LossReason.EVICTED);
    }

    /** Drops rows that were stored before this age. */
    void expire(long beforeAgeMillis) throws SQLException {
        dropOldestWhile(head -> head.ageMillis() < beforeAgeMillis, LossReason.EXPIRED);
    }

    /** Looks at few rows first: mostly there is nothing to drop. */
    private void dropOldestWhile(Condition goes, LossReason reason) throws SQLException {
        int chunk = FIRST_CHUNK;
        while (dropOldest(goes, reason, chunk)) {
            chunk = EVICTION_CHUNK;
        }
    }

    private interface Condition {
        boolean holds(Medium.Head head);
    }

    /** @return whether there may be more to drop */
    private boolean dropOldest(Condition goes, LossReason reason, int chunk) throws SQLException {
        List<Medium.Head> heads = medium.heads(0, Long.MAX_VALUE, chunk);
        long last = 0;
        for (Medium.Head head : heads) {
            if (!goes.holds(head)) {
                break;
            }
            last = head.position();
            State.StreamState stream = stream(head.stream());
            if (stream != null) {
                drop(stream, head, reason);
            }
        }
        if (last > 0) {
            medium.delete(0, last);
            long upTo = last;
            rows.removeIf(row -> row.position() <= upTo);
            inserted = rows.size();
        }
        return last > 0 && last == heads.getLast().position();
    }

    // ---- rows that come

    void append(String device, Entry entry) {
        State.StreamState stream = current(device);
        switch (entry) {
            case Entry.Data data ->
                add(
                        stream,
                        Row.Kind.DATA,
                        data.readings(),
                        data.readings() > 0 ? data.lastReadingNanos() : Row.NO_READING,
                        data.body());
            case Entry.ClockStep step -> add(stream, Row.Kind.CLOCK_STEP, step.body());
        }
    }

    void loss(String device, LossTally tally) {
        tally.readings().forEach(ledger::lostBeforeStoring);
        changesState = true;
        add(current(device), Row.Kind.LOSS, EventCodec.encode(tally.event()));
    }

    private void add(State.StreamState stream, Row.Kind kind, byte[] body) {
        add(stream, kind, 0, Row.NO_READING, body);
    }

    private void add(State.StreamState stream, Row.Kind kind, int readings, long lastReadingNanos, byte[] body) {
        Row row = new Row(ledger.nextPosition++, stream.key, stream.last + 1, kind, readings, lastReadingNanos, body);
        stream.grew(row);
        ledger.stored(row);
        rows.add(row);
    }

    private State.StreamState current(String device) {
        State.StreamState known = created.get(device);
        if (known != null) {
            return known;
        }
        Integer id = base.currentStreams.get(device);
        State.StreamState existing = id == null ? null : stream(id);
        return existing != null ? existing : begin(device);
    }

    private State.StreamState begin(String device) {
        int id = base.lastStreamId + created.size() + 1;
        StreamKey key = new StreamKey(id, device, base.currentEpoch());
        State.StreamState stream = new State.StreamState(key, base.currentRun, new SequenceSet());
        State.StreamState previous = base.newestOf(device);
        created.put(device, stream);
        touched.put(id, stream);
        if (previous == null) {
            newDevice(device);
        } else if (!waited(previous)) {
            removed.add(previous.key.id()); // if it drains only now, endEpochs says so and removes it
        }
        add(stream, Row.Kind.START, EventCodec.encode(start(previous)));
        return stream;
    }

    /** Whether something of it still waited before this transaction. */
    private boolean waited(State.StreamState committed) {
        return !committed.drained() || base.hasRange(committed.key);
    }

    private State.StreamState current(State.StreamState committed) {
        return touched.getOrDefault(committed.key.id(), committed);
    }

    private void newDevice(String device) {
        if (!base.devices.containsKey(device) && !newDevices.containsKey(device)) {
            newDevices.put(device, base.devices.size() + newDevices.size() + 1);
        }
    }

    private Outgoing.Start start(State.@Nullable StreamState previous) {
        if (previous == null) {
            return new Outgoing.Start(
                    Optional.empty(), 0, false, Optional.empty(), moment.bootId(), moment.wallNanos());
        }
        State.Run run = base.runs.get(previous.run);
        return new Outgoing.Start(
                Optional.of(previous.key.epoch()),
                previous.last,
                run != null && run.clean(),
                previous.lastReadingNanos,
                moment.bootId(),
                moment.wallNanos());
    }

    int bind(String device, byte[] key) throws SQLException {
        Aliases known = base.aliases.get(device);
        Integer number = known == null ? null : known.number(key);
        if (number != null) {
            return number;
        }
        newDevice(device);
        TreeMap<Integer, byte[]> added = newAliases.computeIfAbsent(device, none -> new TreeMap<>());
        for (Map.Entry<Integer, byte[]> entry : added.entrySet()) {
            if (Arrays.equals(entry.getValue(), key)) {
                return entry.getKey();
            }
        }
        int next = (known == null ? 1 : known.next()) + added.size();
        added.put(next, key);
        saveNewDevices();
        medium.saveAlias(device(device), next, key);
        return next;
    }

    void opened(StreamKey key) {
        State.StreamState stream = stream(key.id());
        if (stream != null) {
            changesState = true;
            stream.opened = true;
        }
    }

    /** Whether a device has its first row of this run here. */
    boolean beginsStreams() {
        return !created.isEmpty();
    }

    /** For a device whose first row of this run comes after its opening heartbeat. */
    void opened(Set<String> devices) {
        for (State.StreamState stream : created.values()) {
            stream.opened |= devices.contains(stream.key.device());
        }
    }

    // ---- commands

    void handle(HandOff.CommandRequest request) throws SQLException {
        switch (request) {
            case HandOff.CommandRequest.Accept accept -> {
                CommandLedger.Acceptance acceptance = accept(accept);
                answers.add(() -> accept.answer().complete(acceptance));
            }
            case HandOff.CommandRequest.Finish finish -> {
                changesState = true;
                medium.finishCommand(finish.id(), finish.result());
                answers.add(() -> finish.answer().complete(null));
            }
        }
    }

    private CommandLedger.Acceptance accept(HandOff.CommandRequest.Accept request) throws SQLException {
        Optional<CommandLedger.Acceptance> known = medium.command(request.id(), moment.wallNanos());
        if (known.isPresent()) {
            return known.get();
        }
        changesState = true;
        medium.addCommand(request.id(), request.expiresNanos(), moment.wallNanos());
        return new CommandLedger.Acceptance.First();
    }

    /** Tells those who asked; after the commit. */
    void answer() {
        answers.forEach(Runnable::run);
    }

    // ---- the end of an epoch

    private void noteMaybeEnded(State.StreamState stream) {
        if (stream.run != base.currentRun && stream.drained()) {
            maybeEnded.add(stream.key.device());
        }
    }

    private boolean isDrained(State.StreamState stream) {
        return stream.drained() && !ranges.touches(stream.key);
    }

    /** Appends an epoch end for every older epoch whose last row or loss range was acknowledged here. */
    void endEpochs() {
        for (String device : maybeEnded) {
            for (State.StreamState committed : List.copyOf(base.streams.values())) {
                boolean older = committed.run != base.currentRun
                        && committed.key.device().equals(device)
                        && !removed.contains(committed.key.id());
                if (older && waited(committed) && isDrained(current(committed))) {
                    Outgoing.EpochEnd end = new Outgoing.EpochEnd(committed.key.epoch(), committed.last);
                    add(current(device), Row.Kind.EPOCH_END, EventCodec.encode(end));
                    removed.add(committed.key.id());
                }
            }
        }
    }

    // ---- to the disk, and into the state

    private void saveNewDevices() throws SQLException {
        for (Map.Entry<String, Integer> device : newDevices.entrySet()) {
            medium.saveDevice(device.getValue(), device.getKey());
        }
    }

    private int device(String name) {
        Integer id = base.devices.getOrDefault(name, newDevices.get(name));
        if (id == null) {
            throw new IllegalStateException("device " + name + " has no number yet");
        }
        return id;
    }

    /** Writes the rows that were appended since the last call. */
    void insertRows() throws SQLException {
        saveNewDevices();
        medium.insert(rows.subList(inserted, rows.size()), moment.ageMillis());
        inserted = rows.size();
    }

    /** Whether it has rows or changes the state. */
    boolean isEmpty() {
        return rows.isEmpty() && !changesState();
    }

    /**
     * Whether something changes that cannot be told from the rows: then the state must be saved with them. Otherwise it
     * may wait, since whoever loads it looks at the rows that came after.
     */
    boolean changesState() {
        return changesState || !created.isEmpty() || !removed.isEmpty() || !newAliases.isEmpty() || ranges.isChanged();
    }

    /**
     * Writes and commits.
     *
     * @param withState whether the state is saved too, of this group and of those before that were committed without
     */
    void commit(boolean withState) throws SQLException {
        savesState = withState;
        ledger.commits++;
        if (withState) {
            insertRows();
            saveState();
            medium.commit();
        } else {
            medium.commitRows(rows.subList(inserted, rows.size()), moment.ageMillis());
        }
    }

    private void saveState() throws SQLException {
        Set<Integer> due = new LinkedHashSet<>(base.unsaved);
        due.addAll(touched.keySet());
        due.removeAll(removed);
        medium.save(due.stream().map(this::seen).toList(), this::device);
        for (int id : removed) {
            medium.deleteStream(id);
        }
        ranges.save(medium, base, this::device);
        medium.save(ledger, base.ledger, moment.ageMillis(), moment.monotonicNanos());
    }

    private State.StreamState seen(int id) {
        State.StreamState copy = touched.get(id);
        return copy != null ? copy : Objects.requireNonNull(base.streams.get(id), "unsaved streams are known");
    }

    /** Whether the commit is on disk although it was reported as failed. */
    boolean isIn(Database reopened) throws SQLException {
        return savesState ? reopened.commits() == ledger.commits : reopened.lastPosition() == ledger.nextPosition - 1;
    }

    List<Row> rows() {
        return rows;
    }

    /** Makes the changes part of the state, after the commit. */
    ForwardingOutbox.Change install() {
        synchronized (base) {
            List<ForwardingOutbox.StreamSnapshot> grown = grown();
            base.ledger = ledger;
            base.devices.putAll(newDevices);
            touched.forEach(base.streams::put);
            created.forEach((device, stream) -> base.currentStreams.put(device, stream.key.id()));
            base.lastStreamId += created.size();
            removed.forEach(base.streams::remove);
            noteUnsaved();
            newAliases.forEach(
                    (device, keys) -> keys.forEach(base.aliases.computeIfAbsent(device, none -> new Aliases())::put));
            ranges.install(base.ranges);
            return new ForwardingOutbox.Change(
                    ledger.nextPosition - 1,
                    grown,
                    dropped,
                    List.copyOf(ranges.changed()),
                    List.copyOf(ranges.removed()));
        }
    }

    private void noteUnsaved() {
        if (savesState) {
            base.unsaved.clear();
            base.unsavedRows = 0;
        } else {
            base.unsaved.addAll(touched.keySet());
            base.unsavedRows += rows.size();
        }
    }

    private List<ForwardingOutbox.StreamSnapshot> grown() {
        List<ForwardingOutbox.StreamSnapshot> grown = new ArrayList<>();
        for (State.StreamState stream : touched.values()) {
            State.StreamState before = base.streams.get(stream.key.id());
            if (before == null || before.last != stream.last) {
                grown.add(stream.snapshot());
            }
        }
        return grown;
    }
}
