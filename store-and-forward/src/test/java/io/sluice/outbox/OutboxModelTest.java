package io.sluice.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;

/**
 * Runs random histories of append, commit, acknowledge, reject, evict, kill, restore, clone and clock step against a model
 * that is nothing but maps. Commits happen only when the history says so, so that a copy of the files is what a kill leaves.
 */
class OutboxModelTest {

    enum Action {
        APPEND,
        APPEND_MANY,
        COMMIT,
        ACKNOWLEDGE,
        ACKNOWLEDGE_OLDEST,
        REJECT,
        LOSE,
        KILL,
        STOP,
        SAVE_IMAGE,
        RESTORE_IMAGE,
        CLONE,
        CLOCK_BACK,
        CLOCK_FORWARD
    }

    private record Name(String device, RunEpoch epoch, long sequence) {}

    /** One database: what is on its disk, as the model has it. */
    private static final class World {
        final Path directory;
        TreeMap<Long, Name> pending = new TreeMap<>();
        final Map<Name, String> reached = new HashMap<>();
        final Set<Name> acknowledged = new HashSet<>();
        final List<Row> read = new ArrayList<>();
        final List<Row> uncommittedAcks = new ArrayList<>();
        SqliteOutbox outbox;

        World(Path directory, SqliteOutbox outbox) {
            this.directory = directory;
            this.outbox = outbox;
        }
    }

    private final Bench.Machine machine = new Bench.Machine();
    private final Map<Name, String> everywhere = new HashMap<>();
    private final List<SqliteOutbox> opened = new ArrayList<>();
    private int bodies;
    private int directories;

    @Property(tries = 40, shrinking = ShrinkingMode.BOUNDED)
    void noNumberEverStandsForTwoContentsAndNothingDisappearsUnaccounted(
            @ForAll @Size(min = 5, max = 40) List<Action> history, @ForAll long seed) throws Exception {
        Path root = Files.createTempDirectory("outbox-model");
        try {
            run(root, history, new Random(seed));
        } finally {
            opened.forEach(SqliteOutbox::close);
            opened.clear();
            delete(root);
        }
    }

    private void run(Path root, List<Action> history, Random random) throws Exception {
        List<World> worlds = new ArrayList<>(List.of(open(root)));
        Path image = copy(root, worlds.getFirst());
        for (Action action : history) {
            World world = worlds.get(random.nextInt(worlds.size()));
            switch (action) {
                case APPEND -> append(world, random, 1);
                case APPEND_MANY -> append(world, random, 30);
                case COMMIT -> commitAndCheck(world);
                case ACKNOWLEDGE -> acknowledge(world, random, false);
                case ACKNOWLEDGE_OLDEST -> acknowledge(world, random, true);
                case REJECT -> reject(world, random);
                case LOSE -> world.outbox.lost("d0", LossReason.SOURCE_GAP, 3, 1, 2);
                case KILL -> worlds.set(worlds.indexOf(world), reopen(root, copy(root, world), world));
                case STOP -> stop(world);
                case SAVE_IMAGE -> {
                    commitAndCheck(world);
                    image = copy(root, world);
                }
                case RESTORE_IMAGE -> worlds.set(worlds.indexOf(world), imagined(root, image));
                case CLONE -> {
                    if (worlds.size() < 3) {
                        worlds.add(imagined(root, copy(root, world)));
                    }
                }
                case CLOCK_BACK -> machine.wallSeconds.addAndGet(-random.nextInt(400_000_000));
                case CLOCK_FORWARD -> machine.wallSeconds.addAndGet(random.nextInt(60_000_000));
            }
        }
        for (World world : worlds) {
            commitAndCheck(world);
            drain(world);
        }
    }

    private SqliteOutbox openIn(Path directory) {
        OutboxSettings settings = new OutboxSettings(
                directory,
                6_000,
                Optional.empty(),
                0,
                Duration.ofHours(1),
                OutboxSettings.WhenFull.DROP_OLDEST,
                1 << 20);
        SqliteOutbox outbox = SqliteOutbox.open(settings, machine.host());
        opened.add(outbox);
        return outbox;
    }

    private World open(Path root) {
        Path directory = root.resolve("w" + directories++);
        return new World(directory, openIn(directory));
    }

    /** The files as they are now: what a kill at this moment leaves. */
    private Path copy(Path root, World world) throws IOException {
        Path target = Files.createDirectories(root.resolve("w" + directories++));
        for (String name : new String[] {"outbox.db", "outbox.db-wal"}) {
            Path from = world.directory.resolve(name);
            if (Files.exists(from)) {
                Files.copy(from, target.resolve(name));
            }
        }
        return target;
    }

    /** After a kill: what was committed is there, what was not is gone. */
    private World reopen(Path root, Path files, World before) throws Exception {
        World after = new World(files, openIn(files));
        after.pending = new TreeMap<>(before.pending);
        after.reached.putAll(before.reached);
        after.acknowledged.addAll(before.acknowledged);
        after.uncommittedAcks.clear();
        commitAndCheck(after);
        return after;
    }

    private void stop(World world) throws Exception {
        world.outbox.close();
        applyAcks(world);
        world.outbox = openIn(world.directory);
        commitAndCheck(world);
    }

    /** A world from files whose history the model does not follow: takes it as it finds it. */
    private World imagined(Path root, Path image) throws Exception {
        Path directory = Files.createDirectories(root.resolve("w" + directories++));
        for (String name : new String[] {"outbox.db", "outbox.db-wal"}) {
            if (Files.exists(image.resolve(name))) {
                Files.copy(image.resolve(name), directory.resolve(name));
            }
        }
        World world = new World(directory, openIn(directory));
        for (Row row : rows(world)) {
            world.pending.put(row.position(), name(row));
            world.reached.put(name(row), content(row));
        }
        commitAndCheck(world);
        return world;
    }

    private void append(World world, Random random, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            String body = "body-" + bodies++;
            world.outbox.append(
                    "d" + random.nextInt(3),
                    new Entry.Data(body.getBytes(StandardCharsets.UTF_8), 1 + random.nextInt(5), bodies));
        }
    }

    private void acknowledge(World world, Random random, boolean oldest) {
        if (world.read.isEmpty()) {
            return;
        }
        int at = oldest ? 0 : random.nextInt(world.read.size());
        for (int i = 0; i < 4 && at < world.read.size(); i++) {
            Row row = world.read.remove(at);
            if (random.nextBoolean()) {
                world.outbox.acknowledge(row);
            } else {
                world.outbox.acknowledge(row.position());
            }
            world.uncommittedAcks.add(row);
        }
    }

    private void reject(World world, Random random) {
        if (!world.read.isEmpty()) {
            world.outbox.reject(
                    world.read.remove(random.nextInt(world.read.size())).position(), "poison");
        }
    }

    private void applyAcks(World world) {
        world.uncommittedAcks.forEach(row -> world.acknowledged.add(name(row)));
        world.uncommittedAcks.clear();
    }

    private void commitAndCheck(World world) throws Exception {
        world.outbox.flush().get(10, TimeUnit.SECONDS);
        applyAcks(world);
        List<Row> rows = rows(world);
        ForwardingOutbox.Snapshot snapshot = world.outbox.attach(change -> {});
        checkContents(world, rows);
        checkDisappearances(world, rows, snapshot);
        checkStreams(world, rows, snapshot);
        checkBalance(world.outbox.balance());
        world.pending.clear();
        world.read.clear();
        for (Row row : rows) {
            world.pending.put(row.position(), name(row));
            world.read.add(row);
        }
    }

    private void checkContents(World world, List<Row> rows) {
        for (Row row : rows) {
            String content = content(row);
            String known = everywhere.putIfAbsent(name(row), content);
            assertThat(known == null || known.equals(content))
                    .as("%s: %s, %s", name(row), known, content)
                    .isTrue();
            world.reached.put(name(row), content);
            assertThat(world.acknowledged).as("nothing acknowledged reappears").doesNotContain(name(row));
        }
    }

    private void checkDisappearances(World world, List<Row> rows, ForwardingOutbox.Snapshot snapshot) {
        Set<Name> here = new HashSet<>();
        rows.forEach(row -> here.add(name(row)));
        for (Name name : world.reached.keySet()) {
            if (!here.contains(name) && !world.acknowledged.contains(name)) {
                assertThat(snapshot.ranges()).as("a range for %s", name).anyMatch(range -> covers(range, name));
            }
        }
    }

    private static boolean covers(LossRange range, Name name) {
        return range.device().equals(name.device())
                && range.touches(name.epoch())
                && (!range.firstEpoch().equals(name.epoch()) || range.first() <= name.sequence())
                && (!range.lastEpoch().equals(name.epoch()) || name.sequence() <= range.last());
    }

    private void checkStreams(World world, List<Row> rows, ForwardingOutbox.Snapshot snapshot) {
        for (ForwardingOutbox.StreamSnapshot stream : snapshot.streams()) {
            List<Long> waiting = rows.stream()
                    .filter(row -> row.stream().equals(stream.key()))
                    .map(Row::sequence)
                    .toList();
            assertThat(waiting).isSorted().doesNotHaveDuplicates();
            assertThat(stream.last() - stream.gone().size()).isEqualTo(waiting.size());
            assertThat(stream.gone().lowestAbsent())
                    .isEqualTo(waiting.isEmpty() ? stream.last() + 1 : waiting.getFirst());
        }
    }

    private static void checkBalance(Balance balance) {
        assertThat(balance.offeredReadings())
                .isEqualTo(balance.storedReadings()
                        + sum(balance.lostReadingsBeforeStoring())
                        + balance.inHandOffReadings());
        assertThat(balance.inHandOffReadings()).isZero();
        assertThat(balance.storedReadings())
                .isEqualTo(balance.acknowledgedReadings() + balance.pendingReadings() + sum(balance.lostReadings()));
        assertThat(balance.storedMessages())
                .isEqualTo(balance.acknowledgedMessages() + balance.pendingMessages() + sum(balance.lostMessages()));
    }

    private static long sum(Map<LossReason, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private void drain(World world) throws Exception {
        while (!world.read.isEmpty()) {
            List.copyOf(world.read).forEach(row -> {
                world.outbox.acknowledge(row);
                world.uncommittedAcks.add(row);
            });
            commitAndCheck(world);
        }
        assertThat(world.outbox.balance().pendingMessages()).isZero();
        assertThat(world.outbox.balance().pendingReadings()).isZero();
        assertThat(world.outbox.balance().storedBytes()).isZero();
    }

    private static Name name(Row row) {
        return new Name(row.stream().device(), row.stream().epoch(), row.sequence());
    }

    private static String content(Row row) {
        return row.kind() == Row.Kind.DATA
                ? new String(row.body(), StandardCharsets.UTF_8)
                : row.content().toString();
    }

    private static List<Row> rows(World world) {
        Map<Integer, StreamKey> keys = new HashMap<>();
        world.outbox
                .attach(change -> {})
                .streams()
                .forEach(stream -> keys.put(stream.key().id(), stream.key()));
        List<Row> all = new ArrayList<>();
        try (DiskReader reader = new DiskReader(
                world.directory.resolve("outbox.db"),
                new Tail(0),
                keys::get,
                () -> 0,
                new ReentrantLock(),
                damage -> {})) {
            long from = 1;
            for (List<Row> rows = reader.read(from, Long.MAX_VALUE, 100);
                    !rows.isEmpty();
                    rows = reader.read(from, Long.MAX_VALUE, 100)) {
                all.addAll(rows);
                from = rows.getLast().position() + 1;
            }
        }
        return all;
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
