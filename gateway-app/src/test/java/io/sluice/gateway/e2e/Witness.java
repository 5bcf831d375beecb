package io.sluice.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.gateway.receiver.Receiver;
import io.sluice.gateway.runtime.Settings;
import io.sluice.mqtt.MqttOptions;
import io.sluice.mqtt.TransportOptions;
import io.sluice.telemetry.Epoch;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.StreamVerdict;
import io.sluice.telemetry.TagTables;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.Verifier;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A receiver that is never killed, and its own count of what came: an account that knows nothing of how {@link Verifier}
 * judges, to hold the verdict against.
 */
final class Witness implements AutoCloseable {

    record Stream(String device, Epoch epoch) {}

    /** What came under the numbers of one stream, and what was said of them. */
    private static final class Account {
        final TreeMap<Long, String> contents = new TreeMap<>();
        long arrivals;
        long known;
        long settled;
    }

    private final Receiver receiver;
    private final Thread thread;
    private final Map<Stream, Account> accounts = new HashMap<>();
    private final Map<Stream, Message.Start> starts = new HashMap<>();
    private final Map<String, List<Message.LossRange>> ranges = new HashMap<>();
    /** Where each number of the workload came first. */
    private final Map<Long, String> numbers = new HashMap<>();

    private final List<String> contradictions = new ArrayList<>();
    private long messages;

    Witness(int brokerPort) {
        MqttOptions options = Settings.listener(
                List.of(URI.create("mqtt://127.0.0.1:" + brokerPort)),
                MqttOptions.Version.MQTT_5,
                "witness",
                Optional.empty(),
                TransportOptions.defaults());
        receiver = new Receiver(options, List.of("sluice/v1/+/data/+"), new Receiver.Display() {
            @Override
            public void message(Message message, TagTables tags, Verifier.Arrival arrival) {
                synchronized (Witness.this) {
                    take(message);
                }
            }

            @Override
            public void note(String text) {}
        });
        thread = Thread.ofPlatform().name("witness").start(() -> {
            try {
                receiver.run(null);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            receiver.awaitSubscribed(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Account account(Stream stream) {
        return accounts.computeIfAbsent(stream, _ -> new Account());
    }

    private void take(Message message) {
        messages++;
        Stream stream = new Stream(message.device(), message.epoch());
        Account account = account(stream);
        account.settled = Math.max(account.settled, message.settled());
        account.known = Math.max(account.known, Math.max(message.sequence(), message.settled() - 1));
        if (message.sequence() > 0) {
            account.arrivals++;
            String content = message.body().toString();
            String before = account.contents.putIfAbsent(message.sequence(), content);
            if (before != null && !before.equals(content)) {
                contradictions.add("%s #%d: %s and %s".formatted(stream, message.sequence(), before, content));
            }
        }
        switch (message.body()) {
            case Message.Batch batch -> batch(batch, "%s #%d".formatted(stream, message.sequence()));
            case Message.Start start -> {
                starts.put(stream, start);
                start.previousEpoch().ifPresent(previous -> know(message.device(), previous, start.previousLast()));
            }
            case Message.Heartbeat heartbeat -> know(message.device(), message.epoch(), heartbeat.last());
            case Message.EpochEnd end -> {
                know(message.device(), end.epoch(), end.last());
                Account ended = account(new Stream(message.device(), end.epoch()));
                ended.settled = Math.max(ended.settled, end.last() + 1);
            }
            case Message.LossRange range -> {
                ranges.computeIfAbsent(message.device(), _ -> new ArrayList<>()).add(range);
                know(message.device(), range.firstEpoch(), range.first());
                know(message.device(), range.lastEpoch(), range.last());
            }
            case Message.Loss _, Message.ClockStep _, Message.Birth _, Message.DeviceStatus _, Message.Unknown _ -> {}
        }
    }

    private void know(String device, Epoch epoch, long last) {
        Account account = account(new Stream(device, epoch));
        account.known = Math.max(account.known, last);
    }

    private void batch(Message.Batch batch, String place) {
        long[] values = batch.readings().stream()
                .mapToLong(reading -> reading.value() instanceof Value.Unsigned(long value) ? value : -1)
                .toArray();
        String before = numbers.putIfAbsent(values[0], place);
        if (before != null && !before.equals(place)) {
            contradictions.add("%d was stored twice: %s and %s".formatted(values[0], before, place));
        }
        boolean whole = values.length == values[0] % 8 + 1;
        for (int i = 1; i < values.length; i++) {
            whole &= values[i] == values[0] + i;
        }
        if (!whole) {
            contradictions.add("a torn batch: " + batch);
        }
    }

    synchronized long messages() {
        return messages;
    }

    synchronized boolean has(long number) {
        return numbers.containsKey(number);
    }

    /** Waits until nothing more comes: what the broker has acknowledged may still be on its way here. */
    void awaitQuiet() {
        long[] before = {-1};
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    long now = messages();
                    boolean quiet = now == before[0];
                    before[0] = now;
                    return quiet;
                });
    }

    /** What came is what was said, each number has one content, and the verdict says what this account says. */
    synchronized void check(Claims claims) {
        assertThat(numbers.keySet()).as("no message invented").allMatch(claims::wasAppended);
        checkVerdicts();
    }

    /** As {@link #check}, where the last words of a process were lost with it. */
    synchronized void checkVerdicts() {
        assertThat(contradictions).isEmpty();
        Map<Stream, StreamVerdict> verdicts = new HashMap<>();
        receiver.verifier().verdict().forEach(v -> verdicts.put(new Stream(v.device(), v.epoch()), v));
        accounts.forEach((stream, account) -> {
            if (account.known > 0) {
                checkVerdict(stream, account, verdicts.get(stream));
            }
        });
    }

    private void checkVerdict(Stream stream, Account account, @Nullable StreamVerdict verdict) {
        if (verdict == null) {
            throw new AssertionError("no verdict on %s, known to %d".formatted(stream, account.known));
        }
        long lost = 0;
        long missing = 0;
        long pending = 0;
        for (long n = verdict.first(); n <= account.known; n++) {
            if (account.contents.containsKey(n)) {
                continue;
            }
            if (n >= account.settled) {
                pending++;
            } else if (isLost(stream, n)) {
                lost++;
            } else {
                missing++;
            }
        }
        assertThat(verdict.last()).as("last of %s", stream).isEqualTo(account.known);
        assertThat(verdict.first()).as("%s is judged from its begin", stream).isEqualTo(1);
        assertThat(List.of(verdict.pending(), verdict.lost(), verdict.missing()))
                .as("pending, lost, missing of %s: verdict %s", stream, verdict)
                .containsExactly(pending, lost, missing);
        assertThat(verdict.duplicates()).isEqualTo(account.arrivals - account.contents.size());
        assertThat(verdict.outOfOrder()).as("order of %s", stream).isZero();
    }

    private boolean isLost(Stream stream, long n) {
        return ranges.getOrDefault(stream.device(), List.of()).stream().anyMatch(range -> covers(range, stream, n));
    }

    private static boolean covers(Message.LossRange range, Stream stream, long n) {
        int fromFirst = stream.epoch().compareTo(range.firstEpoch());
        int fromLast = stream.epoch().compareTo(range.lastEpoch());
        boolean begun = fromFirst > 0 || fromFirst == 0 && n >= range.first();
        boolean notEnded = fromLast < 0 || fromLast == 0 && (range.last() == 0 || n <= range.last());
        return begun && notEnded;
    }

    /** Nothing pending, missing or lost in any stream, and each start record names the epoch before it and its last number. */
    synchronized void assertNothingLost(Claims claims) {
        assertThat(ranges).as("loss ranges").isEmpty();
        assertThat(claims.committed()).as("committed and not delivered").allMatch(numbers::containsKey);
        accounts.forEach((stream, account) ->
                assertThat(account.contents).as("contiguous from 1: %s", stream).hasSize((int) account.known));
        starts.forEach(this::checkLink);
        assertThat(receiver.verifier().verdict())
                .allSatisfy(verdict -> assertThat(verdict.complete() && verdict.pending() == 0)
                        .as("%s", verdict)
                        .isTrue());
    }

    /** Nothing pending or missing, and what was committed and did not come is in a loss range. */
    synchronized void assertAllDeliveredOrLostOnRecord(Claims claims) {
        assertThat(receiver.verifier().verdict())
                .allSatisfy(verdict -> assertThat(verdict.missing() + verdict.pending())
                        .as("%s", verdict)
                        .isZero());
        assertThat(claims.committed()).isNotEmpty();
        assertThat(claims.committed().stream()
                        .filter(n -> !numbers.containsKey(n))
                        .count())
                .as("committed and not delivered")
                .isLessThanOrEqualTo(lost());
    }

    private void checkLink(Stream stream, Message.Start start) {
        Optional<Epoch> before = accounts.keySet().stream()
                .filter(other ->
                        other.device().equals(stream.device()) && other.epoch().compareTo(stream.epoch()) < 0)
                .filter(other -> account(other).known > 0)
                .map(Stream::epoch)
                .max(Epoch::compareTo);
        assertThat(start.previousEpoch()).as("the epoch before %s", stream).isEqualTo(before);
        before.ifPresent(epoch -> assertThat(start.previousLast())
                .as("the last number before %s", stream)
                .isEqualTo(account(new Stream(stream.device(), epoch)).known));
    }

    /** Numbers that loss ranges stand for, over all streams. */
    long lost() {
        return receiver.verifier().verdict().stream()
                .mapToLong(StreamVerdict::lost)
                .sum();
    }

    /** How many repeats came, over all streams. */
    synchronized long duplicates() {
        return accounts.values().stream()
                .mapToLong(a -> a.arrivals - a.contents.size())
                .sum();
    }

    synchronized String summary() {
        return "%d messages with a number in %d streams, %d repeated, %d missing, %d lost"
                .formatted(
                        accounts.values().stream()
                                .mapToLong(a -> a.contents.size())
                                .sum(),
                        accounts.values().stream().filter(a -> a.known > 0).count(),
                        duplicates(),
                        receiver.verifier().verdict().stream()
                                .mapToLong(StreamVerdict::missing)
                                .sum(),
                        lost());
    }

    @Override
    public void close() {
        receiver.stop();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
