package io.sluice.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that appends and forwards to mosquitto is killed at random instants, while its disk is well or fails in every
 * way that can be had. The property {@code sluice.kills} makes each test longer.
 */
class CrashTest {

    private static final int KILLS = Integer.getInteger("sluice.kills", 4);
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final Random random = new Random(42);
    private Mosquitto broker;
    private Witness witness;
    private Claims claims;
    private Map<String, String> environment = Map.of();
    private final List<Long> started = new ArrayList<>();

    @BeforeEach
    void start() {
        broker = Mosquitto.start(directory.resolve("broker"));
        witness = new Witness(broker.port());
        claims = new Claims();
    }

    @AfterEach
    void stop() throws IOException {
        for (long pid : started) { // libfaketime's, of those that were killed
            Files.deleteIfExists(Path.of("/dev/shm/faketime_shm_" + pid));
            Files.deleteIfExists(Path.of("/dev/shm/sem.faketime_sem_" + pid));
        }
        claims.close();
        witness.close();
        broker.close();
    }

    // ---- the process

    private Peer launch() throws IOException {
        return launch(broker.port(), directory.resolve("outbox"), List.of());
    }

    private Peer launch(int port, Path outbox, List<String> entering) throws IOException {
        Path file = WorkloadFile.write(directory, "mqtt://127.0.0.1:" + port, outbox);
        List<String> command = new ArrayList<>(entering);
        command.addAll(WorkloadFile.command(file, "127.0.0.1", claims.port()));
        Peer process = Peer.start("workload", directory, environment, command);
        started.add(process.pid());
        return process;
    }

    private Peer launch(int port, SmallDisk disk) throws IOException {
        return launch(port, disk.path().resolve("outbox"), disk.inside(List.of()));
    }

    /** A receiver judges an epoch from its first number if it heard the gateway before: it does from here on. */
    private void beHeardOnce() throws Exception {
        beHeardOnce(launch());
    }

    private void beHeardOnce(Peer started) throws Exception {
        try (Peer process = started;
                Claims.Run run = claims.accept(START_LIMIT)) {
            run.go(5);
            await().atMost(START_LIMIT).until(() -> witness.has(claims.lastRunsFirst()));
            process.kill();
            run.awaitEnd();
        }
    }

    private void runAndKill(Peer process) throws Exception {
        try (Claims.Run run = claims.accept(START_LIMIT)) {
            run.go(5);
            process.awaitExitOr(random.nextInt(400));
            assertThat(process.isAlive()).as(process.transcript()).isTrue();
            process.kill();
            run.awaitEnd();
        }
    }

    private void assertNothingIsMissingAfterAnotherStart() throws Exception {
        try (Peer process = launch()) {
            drain(process);
        }
        witness.check(claims);
        assertCommittedDelivered();
    }

    private void drain(Peer process) throws Exception {
        try (Claims.Run run = claims.accept(START_LIMIT)) {
            run.drain();
            assertThat(process.awaitExit(Duration.ofMinutes(4)))
                    .as(process.transcript())
                    .isZero();
            run.awaitEnd();
            assertThat(run.isDrained()).isTrue();
        }
        witness.awaitQuiet();
    }

    private void report(String what) {
        report(what, KILLS);
    }

    private void report(String what, int kills) {
        System.out.printf(
                "%s: %d kills, %d numbers known committed, %s%n",
                what, kills, claims.committed().size(), witness.summary());
    }

    // ---- the disk is well

    @Test
    void afterKillsEveryCommittedMessageIsThereUnderOneNumberAndTheVerdictSaysSo() throws Exception {
        beHeardOnce();
        for (int i = 0; i < KILLS; i++) {
            try (Peer process = launch()) {
                runAndKill(process);
            }
        }
        try (Peer process = launch()) {
            drain(process);
        }
        report("SIGKILL");
        assertThat(claims.committed()).isNotEmpty();
        witness.check(claims);
        witness.assertNothingLost(claims);
    }

    @Test
    void withTheWallClockSteppedByYearsInBothDirectionsNothingIsLostAndEpochsGoOn() throws Exception {
        Path time = directory.resolve("time");
        environment = Map.of(
                "LD_PRELOAD", Needs.fakeTime().toString(),
                "FAKETIME_TIMESTAMP_FILE", time.toString(),
                "FAKETIME_CACHE_DURATION", "1", // a second until a step is noticed
                "DONT_FAKE_MONOTONIC", "1",
                "NO_FAKE_STAT", "1");
        step(time, 0);
        beHeardOnce();
        long newest = 0;
        int kills = Math.max(2, KILLS / 2); // it starts slowly
        for (int i = 0; i < kills; i++) {
            int years = i % 2 == 0 ? 3 + random.nextInt(10) : -3 - random.nextInt(10);
            step(time, years);
            try (Peer process = launch();
                    Claims.Run run = claims.accept(START_LIMIT)) {
                assertThat(order(run))
                        .as("%d years, after %d: %s", years, newest, process.transcript())
                        .isBetween(
                                newest + 1, Math.max(newest + 1, Instant.now().getEpochSecond() + seconds(years)));
                newest = order(run);
                run.go(5);
                await().atMost(START_LIMIT).until(() -> run.lastCommitted() > 0);
                step(time, -years);
                process.awaitExitOr(1_000 + random.nextInt(500));
                step(time, years);
                process.awaitExitOr(random.nextInt(2_000));
                assertThat(process.isAlive()).as(process.transcript()).isTrue();
                process.kill();
                run.awaitEnd();
            }
        }
        try (Peer process = launch()) {
            drain(process);
        }
        report("clock steps", kills);
        assertThat(newest)
                .as("the clock was stepped")
                .isGreaterThan(Instant.now().getEpochSecond() + seconds(2));
        witness.check(claims);
        witness.assertNothingLost(claims);
    }

    private static void step(Path time, int years) throws IOException {
        Path next = Files.writeString(time.resolveSibling("time.next"), "%+d%n".formatted(seconds(years)));
        Files.move(next, time, StandardCopyOption.ATOMIC_MOVE);
    }

    private static long seconds(int years) {
        return TimeUnit.DAYS.toSeconds(365L * years);
    }

    /** Of the epoch: by the wall clock where that is after the epoch before. */
    private static long order(Claims.Run run) {
        return Long.parseLong(run.epoch().substring(0, 8), 16);
    }

    // ---- the disk fails

    @Test
    void withSyncsThatFailAndTakeTheirPagesAlongNothingCommittedIsMissing() throws Exception {
        failing("25 0 0 0");
    }

    @Test
    void withWritesThatFailOrAreCutShortNothingCommittedIsMissing() throws Exception {
        failing("0 5 5 0");
    }

    private void failing(String chances) throws Exception {
        Path faults = directory.resolve("faults");
        environment =
                Map.of("LD_PRELOAD", FaultyDisk.library(directory).toString(), "SLUICE_FAULTS", faults.toString());
        Files.writeString(faults, "0 0 0 0");
        beHeardOnce();
        for (int i = 0; i < KILLS; i++) {
            Files.writeString(faults, "0 0 0 0"); // it cannot begin on a disk that fails
            try (Peer process = launch();
                    Claims.Run run = claims.accept(START_LIMIT)) {
                run.go(5);
                await().atMost(START_LIMIT).until(() -> run.lastCommitted() > 0);
                Files.writeString(faults, chances);
                process.awaitExitOr(500 + random.nextInt(1_500));
                assertThat(process.isAlive()).as(process.transcript()).isTrue();
                if (i % 2 == 0) { // else it is killed while the disk fails
                    Files.writeString(faults, "0 0 0 0");
                    long then = run.lastCommitted();
                    await("goes on by itself").atMost(START_LIMIT).until(() -> run.lastCommitted() > then);
                }
                process.kill();
                run.awaitEnd();
            }
        }
        Files.writeString(faults, "0 0 0 0");
        try (Peer process = launch()) {
            drain(process);
        }
        report("disk " + chances);
        witness.check(claims);
        assertCommittedDelivered();
        assertThat(directory.resolve("faults.distrust"))
                .as("a log whose sync failed is opened anew before it is written again")
                .doesNotExist();
    }

    private void assertCommittedDelivered() {
        assertThat(claims.committed())
                .as("committed and not delivered")
                .isNotEmpty()
                .allMatch(witness::has);
    }

    @Test
    void aDiskThatBecomesReadOnlyDegradesItAndItGoesOnWhenTheDiskIsBack() throws Exception {
        Path faults = Files.writeString(directory.resolve("faults"), "0 0 0 0");
        environment =
                Map.of("LD_PRELOAD", FaultyDisk.library(directory).toString(), "SLUICE_FAULTS", faults.toString());
        beHeardOnce();
        try (Peer process = launch();
                Claims.Run run = claims.accept(START_LIMIT)) {
            run.go(5);
            await().atMost(START_LIMIT).until(() -> witness.has(claims.lastRunsFirst()));
            Files.writeString(faults, "0 0 0 1");
            process.awaitLine("cannot be written");
            Files.writeString(faults, "0 0 0 0");
            process.awaitLine("can be written again");
            long then = run.lastCommitted();
            await().atMost(START_LIMIT).until(() -> run.lastCommitted() > then);
            process.kill();
            run.awaitEnd();
        }
        assertNothingIsMissingAfterAnotherStart();
    }

    @Test
    void aSmallDiskThatItFillsAloneHoldsWhatFitsAndAllOfItIsDeliveredOrOnRecordAsLost() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("small"), "4m");
                CutLine line = new CutLine(broker.port())) {
            beHeardOnce(launch(line.port(), disk));
            for (int i = 0; i < KILLS; i++) {
                line.become(CutLine.State.CARRIES);
                try (Peer process = launch(line.port(), disk);
                        Claims.Run run = claims.accept(START_LIMIT)) {
                    run.go(1);
                    await().atMost(START_LIMIT).until(() -> run.lastCommitted() > 0);
                    line.become(CutLine.State.DEAD);
                    process.awaitLine("the outbox does not grow any more");
                    long then = run.lastCommitted();
                    await().atMost(START_LIMIT).until(() -> run.lastCommitted() > then);
                    process.awaitExitOr(random.nextInt(500));
                    assertThat(process.isAlive()).as(process.transcript()).isTrue();
                    process.kill();
                    run.awaitEnd();
                }
            }
            line.become(CutLine.State.CARRIES);
            try (Peer process = launch(line.port(), disk)) {
                drain(process);
            }
        }
        report("small disk");
        witness.check(claims);
        witness.assertAllDeliveredOrLostOnRecord(claims);
        assertThat(witness.lost()).as("it was full").isPositive();
    }

    @Test
    void aSmallDiskThatOthersFillDegradesItAndItGoesOnWhenThereIsRoomAgain() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("small"), "4m")) {
            try (Peer process = launch(broker.port(), disk);
                    Claims.Run run = claims.accept(START_LIMIT)) {
                run.go(100);
                await().atMost(START_LIMIT).until(() -> witness.messages() > 60); // each device has begun
                disk.fill();
                process.awaitLine("cannot be written");
                disk.free();
                process.awaitLine("can be written again");
                long then = run.lastCommitted();
                await().atMost(START_LIMIT).until(() -> run.lastCommitted() > then);
                process.kill();
                run.awaitEnd();
            }
            try (Peer process = launch(broker.port(), disk)) {
                drain(process);
            }
        }
        witness.check(claims);
        assertCommittedDelivered();
    }

    // ---- files that are damaged between two runs

    @Test
    void withTheDatabaseOrItsLogCutOffAnywhereItStartsAndNoNumberGetsASecondContent() throws Exception {
        List<String> cuts = new ArrayList<>();
        beHeardOnce();
        for (int i = 0; i < KILLS; i++) {
            try (Peer process = launch()) {
                runAndKill(process);
            }
            cuts.add(cutOff(random.nextBoolean() ? "outbox.db" : "outbox.db-wal"));
        }
        try (Peer process = launch();
                Claims.Run run = claims.accept(START_LIMIT)) {
            run.go(5);
            await().atMost(START_LIMIT).until(() -> run.lastCommitted() > 0);
            process.kill();
            run.awaitEnd();
        }
        long lastRunsFirst = claims.lastRunsFirst();
        try (Peer process = launch()) {
            drain(process);
        }
        report("cut off " + cuts);
        witness.check(claims);
        assertThat(claims.committed().stream().filter(n -> n >= lastRunsFirst))
                .as("committed after the last damage")
                .isNotEmpty()
                .allMatch(witness::has);
    }

    private String cutOff(String name) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("outbox").resolve(name).toFile(), "rw")) {
            long length = file.length();
            long at = length == 0 ? 0 : random.nextLong(length);
            file.setLength(at);
            return "%s at %d of %d".formatted(name, at, length);
        }
    }

    @Test
    void theDatabaseDeletedWhileItIsOpenLosesNothing() throws Exception {
        beHeardOnce();
        try (Peer process = launch();
                Claims.Run run = claims.accept(START_LIMIT)) {
            run.go(5);
            Path database = directory.resolve("outbox/outbox.db");
            await().atMost(START_LIMIT).until(() -> witness.has(claims.lastRunsFirst()));
            for (int i = 0; i < 3; i++) {
                long then = run.lastCommitted();
                await().atMost(START_LIMIT).until(() -> run.lastCommitted() > then);
                Files.delete(database);
                await().atMost(START_LIMIT).until(() -> Files.exists(database));
            }
            long then = run.lastCommitted();
            await().atMost(START_LIMIT).until(() -> run.lastCommitted() > then);
            process.kill();
            run.awaitEnd();
        }
        assertNothingIsMissingAfterAnotherStart();
    }
}
