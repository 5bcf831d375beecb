package io.sluice.outbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The view of one database file: lists by SQL, counters from a {@link Source}. */
final class DatabaseView implements OutboxView {

    private static final int OLDEST_ROWS = 5_000;

    /** Everything but rows and dead letters, as of one commit. */
    record Counters(
            Optional<RunEpoch> epoch,
            List<Stream> streams,
            List<LossRange> ranges,
            Balance balance,
            long commits,
            long ageMillis,
            Optional<Written> written,
            String degraded) {}

    record Stream(StreamKey key, long last, long settled, long messages, long readings, long bytes) {

        static Stream of(State.StreamState stream, Iterable<LossRange> ranges) {
            long settled = stream.gone.lowestAbsent();
            for (LossRange range : ranges) {
                if (range.device().equals(stream.key.device()) && range.touches(stream.key.epoch())) {
                    settled = Math.min(settled, range.lowestIn(stream.key.epoch()));
                }
            }
            return new Stream(
                    stream.key,
                    stream.last,
                    settled,
                    stream.waitingMessages(),
                    stream.waitingReadings,
                    stream.waitingBytes);
        }

        private boolean isSettled() {
            return settled > last;
        }
    }

    /** Where the counters come from: a running outbox's memory, or the file. */
    @FunctionalInterface
    interface Source {
        Counters counters(Connection connection) throws SQLException;
    }

    private final UntouchedFile file;
    private final Source source;

    /** @param running whether this process has the file open for writing */
    DatabaseView(Path file, Source source, boolean running) {
        this.file = new UntouchedFile(file, running);
        this.source = source;
    }

    static OutboxView ofStopped(Path directory, SqliteOutbox.Host host) {
        Path file = directory.resolve("outbox.db");
        if (!Files.isRegularFile(file)) {
            throw new OutboxException(
                    "there is no outbox in %s: no file outbox.db; is it outbox.directory of the configuration, and has the"
                                    .formatted(directory)
                            + " gateway run?");
        }
        DatabaseView view = new DatabaseView(
                file,
                connection -> counters(new StateLoader(connection)
                        .load(host.monotonicNanos().getAsLong(), host.bootId().get())),
                false);
        view.file.query(opened -> opened); // whatever keeps it from being read is said now
        return view;
    }

    private static Counters counters(State state) {
        Ledger ledger = state.ledger;
        return counters(
                state,
                ledger.balance(ledger.storedReadings + ledger.lostBeforeStoring(), 0, Map.of()),
                state.ageMillis,
                Optional.empty(),
                "");
    }

    /** The caller holds the state's monitor, if others use it. */
    static Counters counters(State state, Balance balance, long ageMillis, Optional<Written> written, String degraded) {
        List<LossRange> ranges = List.copyOf(state.ranges.values());
        State.Run run = state.runs.get(state.currentRun);
        return new Counters(
                Optional.ofNullable(run).map(State.Run::epoch),
                state.streams.values().stream()
                        .map(stream -> Stream.of(stream, ranges))
                        .toList(),
                ranges,
                balance,
                state.ledger.commits,
                ageMillis,
                written,
                degraded);
    }

    @Override
    public Statistics statistics() {
        return file.query(opened -> {
            Counters counters = source.counters(opened);
            Map<Integer, Duration> oldest = oldestAges(opened, counters);
            return new Statistics(
                    counters.epoch(),
                    counters.streams().stream()
                            .filter(stream -> !stream.isSettled() || isCurrent(stream, counters))
                            .sorted(Comparator.comparing(
                                            (Stream stream) -> stream.key().device())
                                    .thenComparing(stream -> stream.key().epoch()))
                            .map(stream -> statistics(stream, isCurrent(stream, counters), oldest))
                            .toList(),
                    counters.balance(),
                    counters.ranges().size(),
                    deadLetters(opened),
                    counters.commits(),
                    counters.written(),
                    file.databaseBytes(),
                    file.logBytes(),
                    counters.degraded());
        });
    }

    private static boolean isCurrent(Stream stream, Counters counters) {
        return counters.epoch().equals(Optional.of(stream.key().epoch()));
    }

    private static StreamStatistics statistics(Stream stream, boolean current, Map<Integer, Duration> oldest) {
        return new StreamStatistics(
                stream.key().device(),
                stream.key().epoch(),
                current,
                stream.last(),
                stream.settled(),
                stream.messages(),
                stream.readings(),
                stream.bytes(),
                Optional.ofNullable(oldest.get(stream.key().id())));
    }

    /** Looks at the oldest rows until each stream that has one was met; those not met are at most as old as the last. */
    private static Map<Integer, Duration> oldestAges(Connection opened, Counters counters) throws SQLException {
        Set<Integer> sought = new HashSet<>();
        counters.streams().stream()
                .filter(stream -> stream.messages() > 0)
                .forEach(stream -> sought.add(stream.key().id()));
        Map<Integer, Duration> ages = new HashMap<>();
        try (PreparedStatement statement = opened.prepareStatement(
                        "SELECT stream, age_ms FROM message ORDER BY position LIMIT " + OLDEST_ROWS);
                ResultSet row = statement.executeQuery()) {
            Duration last = Duration.ZERO;
            while (!sought.isEmpty() && row.next()) {
                last = age(counters.ageMillis(), row.getLong(2));
                if (sought.remove(row.getInt(1))) {
                    ages.put(row.getInt(1), last);
                }
            }
            for (int id : sought) {
                ages.put(id, last);
            }
        }
        return ages;
    }

    private static Duration age(long nowMillis, long storedMillis) {
        return Duration.ofMillis(Math.max(0, nowMillis - storedMillis));
    }

    @Override
    public List<WaitingMessage> waiting(long afterPosition, int limit) {
        requirePage(limit);
        return file.query(opened -> {
            Counters counters = source.counters(opened);
            Map<Integer, StreamKey> keys = new HashMap<>();
            counters.streams().forEach(stream -> keys.put(stream.key().id(), stream.key()));
            List<WaitingMessage> page = new ArrayList<>();
            try (PreparedStatement statement =
                    opened.prepareStatement("SELECT position, stream, sequence, kind, readings, length(body), age_ms"
                            + " FROM message WHERE position > ? ORDER BY position LIMIT ?")) {
                statement.setLong(1, afterPosition);
                statement.setInt(2, limit);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        StreamKey key = keys.get(row.getInt(2));
                        if (key != null) { // else it came or went with a commit between the two looks
                            page.add(waiting(row, key, counters.ageMillis()));
                        }
                    }
                }
            }
            return page;
        });
    }

    private static WaitingMessage waiting(ResultSet row, StreamKey key, long nowMillis) throws SQLException {
        return new WaitingMessage(
                row.getLong(1),
                key.device(),
                key.epoch(),
                row.getLong(3),
                text(Row.Kind.of(row.getInt(4)).name()),
                row.getInt(5),
                row.getInt(6),
                age(nowMillis, row.getLong(7)));
    }

    private static String text(String kind) {
        return kind.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public List<DeadLetter> deadLetters(long afterPosition, int limit) {
        requirePage(limit);
        return file.query(opened -> {
            List<DeadLetter> page = new ArrayList<>();
            try (PreparedStatement statement = opened.prepareStatement("SELECT position, device, epoch, sequence, kind,"
                    + " readings, length(body), reason, rejected_ns FROM dead_letter WHERE position > ? ORDER BY position"
                    + " LIMIT ?")) {
                statement.setLong(1, afterPosition);
                statement.setInt(2, limit);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        page.add(deadLetter(row));
                    }
                }
            }
            return page;
        });
    }

    private static DeadLetter deadLetter(ResultSet row) throws SQLException {
        return new DeadLetter(
                row.getLong(1),
                row.getString(2),
                RunEpoch.parse(row.getString(3)),
                row.getLong(4),
                text(Row.Kind.of(Integer.parseInt(row.getString(5))).name()),
                row.getInt(6),
                row.getInt(7),
                row.getString(8),
                Instant.ofEpochSecond(0, row.getLong(9)));
    }

    @Override
    public List<WaitingLoss> losses() {
        return file.query(opened -> source.counters(opened).ranges().stream()
                .sorted(Comparator.comparing(LossRange::device).thenComparing(LossRange::compareBegin))
                .map(range -> new WaitingLoss(
                        range.device(),
                        range.firstEpoch(),
                        range.first(),
                        range.lastEpoch(),
                        range.last(),
                        range.counts()))
                .toList());
    }

    private static long deadLetters(Connection opened) throws SQLException {
        try (PreparedStatement statement = opened.prepareStatement("SELECT count(*) FROM dead_letter");
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static void requirePage(int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new IllegalArgumentException("a page has 1 to %d rows, not %d".formatted(LARGEST_PAGE, limit));
        }
    }
}
