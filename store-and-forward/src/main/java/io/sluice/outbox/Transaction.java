package io.sluice.outbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One group on its way to the disk: every change is made in the open transaction and on copies of the state; {@link
 * #install} makes them the state after the commit. Dropped without that, it leaves no trace, so that a number that was
 * rolled back was never used. Confined to thread {@code outbox-writer}.
 */
final class Transaction {

    /** The moment of the group. */
    record Moment(long ageMillis, long monotonicNanos, long wallNanos, String bootId) {}

    private final State base;
    private final Medium medium;
    private final Moment moment;
    private final LossRanges ranges;
    final Ledger ledger;

    private final StreamChanges streams;
    private final NewNames names;
    private final Arrivals rows;
    private final Departures departures;
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
        this.streams = new StreamChanges(base);
        this.names = new NewNames(base, medium);
        this.rows = new Arrivals(medium, moment.ageMillis());
        this.departures = new Departures(base, medium, moment.wallNanos(), streams, rows, ranges, ledger);
    }

    /** The rows that leave. */
    Departures departures() {
        return departures;
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
        State.StreamState existing = streams.current(device);
        return existing != null ? existing : begin(device);
    }

    private State.StreamState begin(String device) {
        State.StreamState previous = base.newestOf(device);
        if (previous == null) {
            names.addDevice(device);
        }
        State.StreamState stream = streams.begin(device, previous);
        add(stream, Row.Kind.START, EventCodec.encode(start(previous)));
        return stream;
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
        return names.bind(device, key);
    }

    void opened(StreamKey key) {
        State.StreamState stream = streams.changing(key.id());
        if (stream != null) {
            changesState = true;
            stream.opened = true;
        }
    }

    /** Whether a device has its first row of this run here. */
    boolean beginsStreams() {
        return !streams.created().isEmpty();
    }

    /** For a device whose first row of this run comes after its opening heartbeat. */
    void opened(Set<String> devices) {
        for (State.StreamState stream : streams.created()) {
            stream.opened |= devices.contains(stream.key.device());
        }
    }

    // ---- commands

    void handle(Group.CommandRequest request) throws SQLException {
        switch (request) {
            case Group.CommandRequest.Accept accept -> {
                CommandLedger.Acceptance acceptance = accept(accept);
                answers.add(() -> accept.answer().complete(acceptance));
            }
            case Group.CommandRequest.Finish finish -> {
                changesState = true;
                medium.finishCommand(finish.id(), finish.result());
                answers.add(() -> finish.answer().complete(null));
            }
        }
    }

    private CommandLedger.Acceptance accept(Group.CommandRequest.Accept request) throws SQLException {
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

    private boolean isDrained(State.StreamState stream) {
        return stream.drained() && !ranges.touches(stream.key);
    }

    /** Appends an epoch end for every older epoch whose last row or loss range was acknowledged here. */
    void endEpochs() {
        for (String device : departures.maybeEnded()) {
            for (State.StreamState committed : List.copyOf(base.streams.values())) {
                boolean older = committed.run != base.currentRun
                        && committed.key.device().equals(device)
                        && !streams.isRemoved(committed.key.id());
                if (older && streams.waited(committed) && isDrained(streams.now(committed))) {
                    Outgoing.EpochEnd end = new Outgoing.EpochEnd(committed.key.epoch(), committed.last);
                    add(current(device), Row.Kind.EPOCH_END, EventCodec.encode(end));
                    streams.remove(committed.key.id());
                }
            }
        }
    }

    // ---- to the disk, and into the state

    /** Writes the rows that were appended since the last call. */
    void insertRows() throws SQLException {
        names.saveDevices();
        rows.insert();
    }

    /** Whether it has rows or changes the state. */
    boolean isEmpty() {
        return rows.all().isEmpty() && !changesState();
    }

    /**
     * Whether something changes that cannot be told from the rows: then the state must be saved with them. Otherwise it
     * may wait, since whoever loads it looks at the rows that came after.
     */
    boolean changesState() {
        return changesState || departures.any() || streams.isChanged() || names.hasAliases() || ranges.isChanged();
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
            rows.commit();
        }
    }

    private void saveState() throws SQLException {
        medium.save(streams.due(), names::device);
        for (int id : streams.removed()) {
            medium.deleteStream(id);
        }
        ranges.save(medium, base, names::device);
        medium.save(ledger, base.ledger, moment.ageMillis(), moment.monotonicNanos());
    }

    /** Whether the commit is on disk although it was reported as failed. */
    boolean isIn(Database reopened) throws SQLException {
        return savesState ? reopened.commits() == ledger.commits : reopened.lastPosition() == ledger.nextPosition - 1;
    }

    List<Row> rows() {
        return rows.all();
    }

    /** Makes the changes part of the state, after the commit. */
    ForwardingOutbox.Change install() {
        synchronized (base) {
            List<ForwardingOutbox.StreamSnapshot> grown = streams.grown();
            base.ledger = ledger;
            streams.install();
            noteUnsaved();
            names.install();
            ranges.install(base.ranges);
            return new ForwardingOutbox.Change(
                    ledger.nextPosition - 1,
                    grown,
                    departures.dropped(),
                    List.copyOf(ranges.changed()),
                    List.copyOf(ranges.removed()));
        }
    }

    private void noteUnsaved() {
        if (savesState) {
            base.unsaved.clear();
            base.unsavedRows = 0;
        } else {
            base.unsaved.addAll(streams.touched());
            base.unsavedRows += rows.all().size();
        }
    }
}
