package io.sluice.gateway.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.gateway.config.ConfigLoader;
import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.config.Protocols;
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
import io.sluice.profiles.Problems;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a row whose publish the broker refuses: from the outbox over the wire and back to the outbox. */
class RefusedPublishTest {

    private static final int ANY_SIZE = 1 << 20;
    private static final String DEVICE = "meter-1";

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
    private record Northbound(SqliteOutbox outbox, MqttPublisher publisher, Forwarder forwarder) {

        List<OutboxView.DeadLetter> deadLetters() {
            return outbox.view().deadLetters(0, 10);
        }

        Optional<Forwarding.Hold> hold() {
            return forwarder.forwarding().join().stream(DEVICE, outbox.epoch()).flatMap(Forwarding.Stream::hold);
        }
    }

    /** Appends one message of data; the stream's start record goes before it. */
    private Northbound start(int reasonCode, int maximumPacketBytes, int bodyBytes) throws Exception {
        PickyBroker broker = new PickyBroker(reasonCode, maximumPacketBytes);
        GatewayConfig config = config(broker.uri());
        SqliteOutbox outbox = SqliteOutbox.open(Settings.outbox(config.outbox()));
        Topics topics = new Topics(config.northbound().topic(), config.id(), config.labels(), Map.of());
        MqttPublisher publisher = new MqttPublisher(config, "test", topics, new AliasTables(outbox), new SystemClock());
        Forwarder forwarder =
                new Forwarder(outbox, publisher, Forwarder.Replay.LIVE_FIRST, OptionalInt.empty(), List.of());
        MqttClient client = new MqttClient(Settings.mqtt(config.northbound()), publisher);
        open.addAll(List.of(broker, outbox, client, forwarder));
        publisher.start(client, forwarder);
        outbox.append(DEVICE, new Entry.Data(new byte[bodyBytes], 1, 0));
        return new Northbound(outbox, publisher, forwarder);
    }

    private GatewayConfig config(URI broker) throws Exception {
        Path file = Files.writeString(directory.resolve("gateway.yaml"), """
                schema: 1
                gateway: { id: plant-7 }
                northbound: { cloud: { brokers: [ "%s" ] } }
                outbox: { directory: outbox, min-free: 1MiB }
                devices: [ { id: meter-1, protocol: modbus, connection: { host: 127.0.0.1 }, tags: { a: { address: 0 } } } ]
                """.formatted(broker));
        Problems problems = new Problems();
        return ConfigLoader.load(
                        file,
                        Protocols.installed().schemas(),
                        ConfigLoader.Mode.RUN,
                        Map.of(),
                        ConfigLoader.DeviceCheck.NONE,
                        problems)
                .orElseThrow(() -> new AssertionError(problems.sorted().toString()));
    }

    @Test
    void payloadFormatInvalidCanNeverSucceedAndGoesToTheDeadLettersWithALossRange() throws Exception {
        Northbound gateway = start(0x99, ANY_SIZE, 100);

        await().until(() -> gateway.deadLetters().size() == 2);

        assertThat(gateway.deadLetters())
                .allSatisfy(
                        letter -> assertThat(letter.reason()).isEqualTo("refused by the broker with Reason Code 0x99"));
        assertThat(gateway.outbox().balance().lostMessages()).containsEntry(LossReason.REJECTED, 2L);
        assertThat(gateway.outbox().balance().pendingMessages()).isZero();
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
}
