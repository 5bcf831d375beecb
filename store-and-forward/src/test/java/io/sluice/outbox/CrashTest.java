package io.sluice.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child JVM appends and forwards while its parent kills it with SIGKILL at random instants. Counted from two logs that
 * the child writes without buffering: what it knew to be committed, and what the broker received. The property {@code
 * sluice.kills} makes it longer.
 */
class CrashTest {

    @TempDir
    Path directory;

    private record Stream(String device, String epoch) {}

    @Test
    void afterKillsEveryCommittedMessageWasDeliveredOnceOrAgainUnderTheSameNumber() throws Exception {
        int kills = Integer.getInteger("sluice.kills", 4);
        Random random = new Random(42);
        for (int i = 0; i < kills; i++) {
            Process child = child("run");
            assertThat(child.getInputStream().read()).as("the child began").isEqualTo('b');
            child.waitFor(random.nextInt(400), TimeUnit.MILLISECONDS);
            assertThat(child.isAlive()).isTrue();
            if (i == kills - 1) {
                // However slow the machine: there is something to check.
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> lines("committed").size() > kills);
            }
            child.destroyForcibly().waitFor();
        }
        assertThat(child("drain").waitFor()).isZero();
        check(kills);
    }

    private Process child(String mode) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        directory.toString(),
                        mode)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void check(int kills) throws IOException {
        Map<Stream, TreeMap<Long, String>> delivered = new HashMap<>();
        Set<String> bodies = new HashSet<>();
        for (String line : lines("delivered")) {
            String[] part = line.split(" ", 4);
            String known = delivered
                    .computeIfAbsent(new Stream(part[0], part[1]), none -> new TreeMap<>())
                    .putIfAbsent(Long.parseLong(part[2]), part[3]);
            assertThat(known == null || known.equals(part[3])).as(line).isTrue();
            bodies.add(part[3]);
        }
        List<String> committed = lines("committed");
        assertThat(committed).hasSizeGreaterThan(kills);
        assertThat(bodies).containsAll(committed);
        assertThat(bodies.stream().filter(body -> body.startsWith("body-")))
                .as("no message invented")
                .allMatch(new HashSet<>(lines("appended"))::contains);
        delivered.forEach((stream, messages) -> assertThat(messages.keySet())
                .as("contiguous from 1: %s", stream)
                .hasSize((int) (messages.lastKey() - 0))
                .startsWith(1L));
        assertLinkedByStartRecords(delivered);
    }

    /** Each start record names the epoch before it and the last number that was stored there. */
    private static void assertLinkedByStartRecords(Map<Stream, TreeMap<Long, String>> delivered) {
        Map<String, TreeSet<String>> epochs = new HashMap<>();
        delivered
                .keySet()
                .forEach(stream -> epochs.computeIfAbsent(stream.device(), none -> new TreeSet<>())
                        .add(stream.epoch()));
        delivered.forEach((stream, messages) -> {
            String before =
                    epochs.getOrDefault(stream.device(), new TreeSet<>()).lower(stream.epoch());
            String expected = before == null
                    ? "start none 0"
                    : "start %s %d"
                            .formatted(
                                    before,
                                    delivered
                                            .getOrDefault(new Stream(stream.device(), before), new TreeMap<>())
                                            .lastKey());
            assertThat(messages.get(1L)).isEqualTo(expected);
        });
    }

    private List<String> lines(String name) throws IOException {
        Path file = directory.resolve(name);
        String text = Files.exists(file) ? Files.readString(file) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** The process that is killed. */
    static final class Child {

        private final Path directory;
        private final OutputStream delivered;

        private Child(Path directory) throws IOException {
            this.directory = directory;
            this.delivered = log("delivered");
        }

        public static void main(String[] arguments) throws Exception {
            new Child(Path.of(arguments[0])).work(arguments[1].equals("drain"));
        }

        private OutputStream log(String name) throws IOException {
            return Files.newOutputStream(directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }

        private void work(boolean drain) throws Exception {
            ExecutorService broker = Executors.newSingleThreadExecutor();
            CompletableFuture<Forwarder> target = new CompletableFuture<>();
            Publisher publisher = message -> broker.execute(() -> {
                deliver(message);
                if (message.position() != 0) {
                    target.join().completed(message.position(), new Outcome.Acknowledged());
                }
            });
            try (SqliteOutbox outbox = SqliteOutbox.open(Bench.settings(directory.resolve("outbox")));
                    Forwarder forwarder = new Forwarder(
                            outbox, publisher, Forwarder.Replay.LIVE_FIRST, OptionalInt.empty(), List.of())) {
                target.complete(forwarder);
                forwarder.connected(1, 50);
                if (drain) {
                    drain(outbox);
                } else {
                    append(outbox);
                }
            } finally {
                broker.shutdown();
            }
        }

        private void append(SqliteOutbox outbox) throws Exception {
            System.out.print('b');
            System.out.flush();
            try (OutputStream appended = log("appended");
                    OutputStream committed = log("committed")) {
                Random random = new Random();
                for (long group = 0; ; group++) {
                    StringBuilder lines = new StringBuilder();
                    for (int i = random.nextInt(20); i >= 0; i--) {
                        String body = "body-%s-%d-%d".formatted(outbox.epoch(), group, i);
                        lines.append(body).append('\n');
                    }
                    appended.write(lines.toString().getBytes(StandardCharsets.UTF_8));
                    for (String body : lines.toString().lines().toList()) {
                        outbox.append("d" + random.nextInt(3), Bench.data(body));
                    }
                    outbox.flush().get();
                    committed.write(lines.toString().getBytes(StandardCharsets.UTF_8));
                }
            }
        }

        private static void drain(SqliteOutbox outbox) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (outbox.balance().pendingMessages() > 0) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("still pending: " + outbox.balance());
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }

        private void deliver(Outgoing message) {
            if (message.sequence() == 0) {
                return;
            }
            String content = switch (message.content()) {
                case Outgoing.Body body -> new String(body.bytes(), StandardCharsets.UTF_8);
                case Outgoing.Start start ->
                    "start %s %d"
                            .formatted(start.previous().map(RunEpoch::toString).orElse("none"), start.previousLast());
                case Outgoing.EpochEnd end -> "end " + end.epoch() + " " + end.last();
                case Outgoing.Loss loss -> "loss";
                case Outgoing.Range range -> "range";
                case Outgoing.Heartbeat heartbeat -> "heartbeat";
            };
            try {
                delivered.write("%s %s %d %s\n"
                        .formatted(message.device(), message.epoch(), message.sequence(), content)
                        .getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
