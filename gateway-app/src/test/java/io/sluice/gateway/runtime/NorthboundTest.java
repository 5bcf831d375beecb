package io.sluice.gateway.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.northbound.AliasTables;
import io.sluice.gateway.northbound.MqttPublisher;
import io.sluice.gateway.northbound.Topics;
import io.sluice.gateway.time.SystemClock;
import io.sluice.mqtt.MqttClient;
import io.sluice.outbox.Entry;
import io.sluice.outbox.Forwarder;
import io.sluice.outbox.Forwarding;
import io.sluice.outbox.LossReason;
import io.sluice.outbox.OutboxView;
import io.sluice.outbox.SqliteOutbox;
import io.sluice.telemetry.BatchBuilder;
import io.sluice.telemetry.MalformedMessage;
import io.sluice.telemetry.Message.Origin;
import io.sluice.telemetry.ProtobufCodec;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the outbox over the wire and back to the outbox: refused publishes, and the order after a lost session. */
class NorthboundTest {

    private static final int ANY_SIZE = 1 << 20;
    private static final String DEVICE = "meter-1";
    private static final TagDescriptor TAG = new TagDescriptor(
            "a", ValueType.UNSIGNED, "", "", List.of(), OptionalDouble.empty(), OptionalDouble.empty(), "");

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    /** A gateway's northbound side. */
    private record Northbound(
            SqliteOutbox outbox, AliasTables tables, MqttPublisher publisher, Forwarder forwarder, MqttClient client) {

        void start() {
            publisher.start(client, forwarder);
        }

        /** The tag's number; from here on the device has a birth. */
        int nameTheTag() throws InterruptedException {
            return tables.of(DEVICE, publisher::named).bind(List.of(TAG)).getFirst();
        }

        void append(byte[] body) throws InterruptedException {
            outbox.append(DEVICE, new Entry.Data(body, 1, 0));
        }

        List<OutboxView.DeadLetter> deadLetters() {
            return outbox.view().deadLetters(0, 10);
        }

        Optional<Forwarding.Hold> hold() {
            return forwarder.forwarding().join().stream(DEVICE, outbox.epoch()).flatMap(Forwarding.Stream::hold);
        }
    }

    /** The broker answers what goes to data topics with this Reason Code. */
    private Northbound start(int reasonCode, int maximumPacketBytes, int bodyBytes) throws Exception {
        PickyBroker broker =
                new PickyBroker(message -> message.topic().contains("/data/") ? reasonCode : 0x00, maximumPacketBytes);
        Northbound gateway = northbound(broker, 100);
        gateway.start();
        gateway.append(new byte[bodyBytes]); // the stream's start record goes before it
        return gateway;
    }

    private Northbound northbound(PickyBroker broker, int window) throws Exception {
        GatewayConfig config = config(broker.uri(), window);
        SqliteOutbox outbox = SqliteOutbox.open(Settings.outbox(config.outbox()));
        AliasTables tables = new AliasTables(outbox);
        Topics topics = new Topics(config.northbound().topic(), config.id(), config.labels(), Map.of());
        MqttPublisher publisher = new MqttPublisher(config, "test", topics, tables, new SystemClock());
        Forwarder forwarder =
                new Forwarder(outbox, publisher, Forwarder.Replay.IN_ORDER, OptionalInt.empty(), List.of());
        MqttClient client = new MqttClient(Settings.mqtt(config.northbound()), publisher);
        open.addAll(List.of(broker, outbox, client, forwarder));
        return new Northbound(outbox, tables, publisher, forwarder, client);
    }

    private GatewayConfig config(URI broker, int window) throws Exception {
        return GatewayFile.write(directory, """
                schema: 1
                gateway: { id: plant-7 }
                northbound: { cloud: { brokers: [ "%s" ], window: %d, reconnect-max: 1s } }
                outbox: { directory: outbox, min-free: 1MiB }
                devices: [ { id: meter-1, protocol: modbus, connection: { host: 127.0.0.1 }, tags: { a: { address: 0 } } } ]
                """.formatted(broker, window));
    }

    @Test
    void payloadFormatInvalidCanNeverSucceedAndGoesToTheDeadLettersWithALossRange() throws Exception {
        Northbound gateway = start(0x99, ANY_SIZE, 100);

        // The files say so first, the counters when the writer has come back from them.
        await().until(() ->
                gateway.deadLetters().size() == 2 && gateway.outbox().balance().pendingMessages() == 0);

        assertThat(gateway.deadLetters())
                .allSatisfy(
                        letter -> assertThat(letter.reason()).isEqualTo("refused by the broker with Reason Code 0x99"));
        assertThat(gateway.outbox().balance().lostMessages()).containsEntry(LossReason.REJECTED, 2L);
    }

    @Test
    void whatIsLargerThanTheBrokersMaximumPacketSizeGoesToTheDeadLettersAndTheRestIsDelivered() throws Exception {
        Northbound gateway = start(0x00, 2_000, 3_000);

        await().until(() ->
                gateway.deadLetters().size() == 1 && gateway.outbox().balance().pendingMessages() == 0);

        assertThat(gateway.deadLetters().getFirst().sequence()).isEqualTo(2);
        assertThat(gateway.deadLetters().getFirst().reason())
                .endsWith("bytes, larger than the broker's Maximum Packet Size of 2,000");
        assertThat(gateway.outbox().balance().acknowledgedMessages()).isEqualTo(1);
        assertThat(gateway.outbox().balance().lostMessages()).containsEntry(LossReason.REJECTED, 1L);
    }

    /** Unspecified, implementation specific, not authorised, topic name invalid, quota exceeded, and one that nobody knows. */
    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x83, 0x87, 0x90, 0x97, 0xF0})
    void whatMayBeMendedAtTheBrokerStopsTheStreamThereAndLosesNothing(int reasonCode) throws Exception {
        Northbound gateway = start(reasonCode, ANY_SIZE, 100);

        await().until(() -> gateway.hold().isPresent());
        Forwarding.Hold hold = gateway.hold().orElseThrow();

        assertThat(hold.from()).isEqualTo(1);
        assertThat(hold.reason()).isEqualTo("refused by the broker with Reason Code 0x%02X".formatted(reasonCode));
        assertThat(hold.retryIn()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
        assertThat(gateway.outbox().balance().pendingMessages()).isEqualTo(2);
        assertThat(gateway.deadLetters()).isEmpty();
    }

    @Test
    void noMatchingSubscribersIsSuccessAndCounted() throws Exception {
        Northbound gateway = start(0x10, ANY_SIZE, 100);

        await().until(() -> gateway.outbox().balance().acknowledgedMessages() == 2);

        assertThat(gateway.publisher().noSubscriber()).isEqualTo(2);
        assertThat(gateway.outbox().balance().pendingMessages()).isZero();
        assertThat(gateway.deadLetters()).isEmpty();
    }

    @Test
    void afterALostSessionWhatWasInFlightGoesFirstThenBirthsThenFurtherRows() throws Exception {
        PickyBroker broker = new PickyBroker(
                message -> message.connection() == 1 && sequence(message) > 0 ? PickyBroker.Answer.SILENCE : 0x00,
                ANY_SIZE);
        Northbound gateway = northbound(broker, 2);
        int alias = gateway.nameTheTag();
        gateway.start();
        for (int i = 0; i < 4; i++) {
            gateway.append(batch(alias));
        }
        await().until(() -> rows(broker, 1).equals(List.of("birth", "#1", "#2")));

        broker.hangUp();

        await().until(() -> gateway.outbox().balance().pendingMessages() == 0);
        assertThat(rows(broker, 2)).containsExactly("#1", "#2", "birth", "#3", "#4", "#5");
    }

    @Test
    void afterALostSessionTheBirthGoesBeforeRowsThatWereHandedOverAndNotYetWritten() throws Exception {
        PickyBroker broker = new PickyBroker(
                message -> message.connection() == 1 && !message.topic().contains("/birth/")
                        ? PickyBroker.Answer.SILENCE
                        : 0x00,
                ANY_SIZE);
        Northbound gateway = northbound(broker, 2); // taken by the gateway's state and a heartbeat
        int alias = gateway.nameTheTag();
        gateway.start();
        gateway.append(batch(alias));
        await().until(() -> gateway.publisher().health().inFlight() == 3); // the heartbeat and two rows
        assertThat(rows(broker, 1)).doesNotContain("#1");

        broker.hangUp();

        await().until(() -> gateway.outbox().balance().pendingMessages() == 0);
        assertThat(rows(broker, 2)).containsExactly("birth", "#1", "#2");
    }

    private static byte[] batch(int alias) {
        SystemClock clock = new SystemClock();
        long now = clock.now();
        BatchBuilder batch = new BatchBuilder(clock.state(), Origin.LIVE, now);
        batch.add(alias, ValueType.UNSIGNED, new Value.Unsigned(1), Status.GOOD, now);
        return batch.encode();
    }

    /** Births, and what has a sequence. */
    private static List<String> rows(PickyBroker broker, int connection) {
        return broker.arrivals().stream()
                .filter(arrival -> arrival.connection() == connection)
                .map(arrival -> arrival.topic().contains("/birth/") ? "birth" : "#" + sequence(arrival))
                .filter(row -> !row.equals("#0"))
                .toList();
    }

    /** 0: a heartbeat, or no data. */
    private static long sequence(PickyBroker.Arrival arrival) {
        try {
            return arrival.topic().contains("/data/")
                    ? ProtobufCodec.decode(arrival.payload()).sequence()
                    : 0;
        } catch (MalformedMessage e) {
            throw new AssertionError(e);
        }
    }
}
