package io.sluice.outbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Rows and commands in memory; what the state holds anyway is not kept twice. Guarded by its owner. */
final class Heap implements Medium {

    private record Stored(Row row, long ageMillis) {}

    private record Command(long expiresNanos, byte @Nullable [] result) {}

    private final TreeMap<Long, Stored> rows = new TreeMap<>();
    private final Map<String, Command> commands = new HashMap<>();

    List<Row> rows(long from, long to, int limit, Predicate<Row> wanted) {
        return rows.subMap(from, true, to, true).values().stream()
                .map(Stored::row)
                .filter(wanted)
                .limit(limit)
                .toList();
    }

    @Override
    public List<Head> heads(long fromPosition, long toPosition, int limit) {
        List<Head> heads = new ArrayList<>();
        rows.subMap(fromPosition, true, toPosition, true).values().stream()
                .limit(limit)
                .forEach(stored -> heads.add(head(stored)));
        return heads;
    }

    private static Head head(Stored stored) {
        Row row = stored.row();
        return new Head(
                row.position(), row.stream().id(), row.sequence(), row.readings(), row.bytes(), stored.ageMillis());
    }

    @Override
    public void insert(List<Row> added, long ageMillis) {
        added.forEach(row -> rows.put(row.position(), new Stored(row, ageMillis)));
    }

    @Override
    public void commitRows(List<Row> added, long ageMillis) {
        insert(added, ageMillis);
    }

    @Override
    public void delete(long firstPosition, long lastPosition) {
        rows.subMap(firstPosition, true, lastPosition, true).clear();
    }

    @Override
    public Optional<CommandLedger.Acceptance> command(String id, long nowNanos) {
        Command known = commands.get(id);
        if (known == null || known.expiresNanos() <= nowNanos) {
            return Optional.empty();
        }
        return Optional.of(
                known.result() == null
                        ? new CommandLedger.Acceptance.Unfinished()
                        : new CommandLedger.Acceptance.Finished(known.result()));
    }

    @Override
    public void addCommand(String id, long expiresNanos, long nowNanos) {
        commands.values().removeIf(command -> command.expiresNanos() <= nowNanos);
        commands.put(id, new Command(expiresNanos, null));
    }

    @Override
    public void finishCommand(String id, byte[] result) {
        commands.computeIfPresent(
                id, (same, known) -> known.result() == null ? new Command(known.expiresNanos(), result) : known);
    }

    // ---- what is in the state, or of no use in memory

    @Override
    public void keepDeadLetter(long position, StreamKey stream, String reason, long rejectedNanos) {}

    @Override
    public void saveDevice(int id, String name) {}

    @Override
    public void saveAlias(int device, int number, byte[] key) {}

    @Override
    public void save(List<State.StreamState> streams, ToIntFunction<String> deviceIds) {}

    @Override
    public void deleteStream(int id) {}

    @Override
    public void save(LossRange range, int device, int firstRun, int lastRun) {}

    @Override
    public void deleteRange(long id) {}

    @Override
    public void save(Ledger ledger, Ledger before, long ageMillis, long monotonicNanos) {}

    @Override
    public void commit() {}
}
