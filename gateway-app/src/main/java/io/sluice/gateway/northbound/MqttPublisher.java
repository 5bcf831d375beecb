package io.sluice.gateway.northbound;

import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.config.Northbound;
import io.sluice.gateway.northbound.Topics.Kind;
import io.sluice.gateway.southbound.StatusBoard;
import io.sluice.gateway.time.WallClock;
import io.sluice.mqtt.ConnectionListener;
import io.sluice.mqtt.MqttClient;
import io.sluice.mqtt.MqttOptions.Will;
import io.sluice.mqtt.Outcome;
import io.sluice.mqtt.Publish;
import io.sluice.mqtt.Reason;
import io.sluice.outbox.Forwarder;
import io.sluice.outbox.Outgoing;
import io.sluice.outbox.Publisher;
import io.sluice.telemetry.MalformedMessage;
import io.sluice.telemetry.Message.DeviceStatus;
import io.sluice.telemetry.Message.State;
import io.sluice.telemetry.PtpTimestamp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The forwarder's {@link Publisher} over an MQTT session: renders topics and payloads, sees to it that a birth is
 * acknowledged before the data that needs it, and keeps the retained states of the gateway and its devices current.
 *
 * <p>{@link #publish} is called on thread {@code forwarder}, the connection's events on {@code mqtt-io}, changes of state
 * and names on the adapters' threads.
 */
public final class MqttPublisher implements Publisher, ConnectionListener, StatusBoard {

    private static final Logger log = LoggerFactory.getLogger(MqttPublisher.class);
    private static final int NO_MATCHING_SUBSCRIBERS = 0x10;

    private final WireFormat format;
    private final Topics topics;
    private final AliasTables tables;
    private final WallClock clock;
    private final boolean retain;
    private final RetainedMessages retained;
    private final String clientId;

    private final Map<String, BirthGate> births = new ConcurrentHashMap<>();
    private final Map<String, RetainedState> states = new ConcurrentHashMap<>();
    private final Map<String, DeviceStatus> latest = new ConcurrentHashMap<>();
    private final AtomicLong noSubscriber = new AtomicLong();

    // set once by start(), before the client connects
    private @Nullable MqttClient client;
    private @Nullable Forwarder forwarder;

    private volatile boolean up;
    private volatile long connection;
    private volatile BrokerHealth.Link link;
    private final AtomicInteger inFlight = new AtomicInteger();
    /** Why there is no connection, as told last; empty while there is one. Confined to {@code mqtt-io}. */
    private String absence = "";

    /**
     * @param software name and version of the gateway, for start records
     */
    public MqttPublisher(GatewayConfig config, String software, Topics topics, AliasTables tables, WallClock clock) {
        Northbound northbound = config.northbound();
        this.format = new WireFormat(config.id(), software, northbound.format() == Northbound.Format.JSON, tables);
        this.topics = topics;
        this.tables = tables;
        this.clock = clock;
        this.retain = northbound.retain();
        this.retained = new RetainedMessages(format, topics, tables, clock, retain, northbound.maxBatchBytes());
        this.clientId = northbound.clientId();
        this.link = BrokerHealth.Link.none(clock.now());
    }

    /** Begins to connect; from here on the forwarder is told of connections and outcomes. */
    public void start(MqttClient mqtt, Forwarder told) {
        client = mqtt;
        forwarder = told;
        mqtt.start();
    }

    /** Says goodbye: offline/clean, its PUBACK, DISCONNECT, within {@code limit}. */
    public void stop(Duration limit) {
        if (client != null) {
            client.stop(retained.presence(State.OFFLINE, connection, true), limit);
        }
    }

    /** Messages that the broker accepted although nobody subscribes to them (Reason Code 0x10). */
    public long noSubscriber() {
        return noSubscriber.get();
    }

    public boolean isConnected() {
        return up;
    }

    /** How the connection does now. Any thread. */
    public BrokerHealth health() {
        return new BrokerHealth(clientId, link, inFlight.get(), noSubscriber.get());
    }

    // ---- the forwarder's side

    @Override
    public void publish(Outgoing message) {
        if (message.sequence() > 0) { // also what needs no names: it must not overtake what waits for them
            gate(message.device()).admit(message);
        } else {
            send(message);
        }
    }

    private void send(Outgoing message) {
        try {
            byte[] payload = format.encode(message);
            inFlight.incrementAndGet();
            mqtt().publish(
                            new Publish(topics.of(Kind.DATA, message.device()), payload, 1, false),
                            outcome -> completed(message, outcome));
        } catch (MalformedMessage e) {
            forwarding()
                    .completed(
                            message.position(), new io.sluice.outbox.Outcome.Rejected("unreadable: " + e.getMessage()));
        }
    }

    private void completed(Outgoing message, Outcome outcome) {
        inFlight.decrementAndGet();
        if (message.content() instanceof Outgoing.Heartbeat) {
            return;
        }
        if (outcome instanceof Outcome.Acknowledged(Reason reason) && reason.code() == NO_MATCHING_SUBSCRIBERS) {
            noSubscriber.incrementAndGet();
        }
        forwarding().completed(message.position(), RowOutcome.of(outcome));
    }

    // ---- the connection's side

    @Override
    public void connected(Connected connected) {
        log.info(
                "connected to {}{}, window {}",
                connected.broker(),
                connected.sessionPresent() ? ", session resumed" : "",
                connected.window());
        connection = connected.number();
        up = true;
        absence = "";
        link = link.connected(connected.broker().toString(), connected.number(), clock.now());
        boolean again = !retain || connected.brokerChanged() || !connected.sessionPresent();
        sendPresence();
        births.values().forEach(birth -> birth.connected(again));
        states.values().forEach(state -> state.connected(again));
        forwarding().connected(connected.number(), connected.window());
    }

    @Override
    public void disconnected(Disconnected disconnected) {
        up = false;
        link = link.disconnected(disconnected.broker().toString(), disconnected.reason(), clock.now());
        tellAbsence(disconnected);
        if (disconnected.wasConnected()) {
            forwarding().disconnected();
            births.values().forEach(BirthGate::disconnected);
            states.values().forEach(RetainedState::disconnected);
        }
    }

    /** Once per outage and reason, not per attempt. */
    private void tellAbsence(Disconnected disconnected) {
        if (!disconnected.reason().equals(absence)) {
            absence = disconnected.reason();
            log.warn("broker {}: {}; messages wait in the outbox", disconnected.broker(), absence);
        }
    }

    /** The Will of the connection with this number: it counts only for this epoch and connection. */
    @Override
    public Optional<Will> will(long number) {
        return Optional.of(new Will(retained.presence(State.OFFLINE, number, false), Duration.ZERO));
    }

    /** A retained "offline" of an older connection, delivered late, would make receivers believe it: say it again. */
    @Override
    public void received(Publish message) {
        if (up
                && message.topic().equals(topics.of(Kind.STATUS, Topics.GATEWAY_DEVICE))
                && format.isOffline(message.payload())) {
            sendPresence();
        }
    }

    /** What {@link #received} needs to be subscribed to. */
    public List<String> subscriptions() {
        return List.of(topics.of(Kind.STATUS, Topics.GATEWAY_DEVICE));
    }

    private void sendPresence() {
        mqtt().publish(retained.presence(State.ONLINE, connection, false), outcome -> {});
    }

    // ---- names and states of devices

    /** A tag of the device got a new number. */
    public void named(String device) {
        gate(device).changed();
    }

    @Override
    public void changed(String device, State state, String error, Map<String, Long> counters) {
        latest.put(device, new DeviceStatus(state, 0, false, error, PtpTimestamp.ofNanos(clock.now()), counters));
        RetainedState published = states.computeIfAbsent(device, this::makeState);
        published.changed();
        if (up) {
            published.connected(false);
        }
    }

    private RetainedState makeState(String device) {
        return new RetainedState(
                () -> List.of(retained.status(device, Objects.requireNonNull(latest.get(device)))),
                this::sendRetained,
                () -> {});
    }

    private BirthGate gate(String device) {
        BirthGate known = births.get(device);
        if (known != null) {
            return known;
        }
        tables.births(device); // reads the database here, not on mqtt-io
        BirthGate made = births.computeIfAbsent(device, this::makeGate);
        if (up) {
            made.connected(false); // a connect that came while it was made may have passed it by
        }
        return made;
    }

    private BirthGate makeGate(String device) {
        BirthGate made = new BirthGate(() -> retained.birth(device), this::sendRetained, this::send);
        made.changed();
        return made;
    }

    private void sendRetained(Publish message, Runnable answered) {
        mqtt().publish(message, outcome -> {
            switch (outcome) {
                case Outcome.Refused(Reason reason) -> tellLacking(message, reason.toString());
                case Outcome.TooLarge(long bytes, long limit) ->
                    tellLacking(message, "%,d bytes, it takes %,d".formatted(bytes, limit));
                case Outcome.EndsConnections _ -> tellLacking(message, "it ends the connection whenever it is sent");
                case Outcome.Acknowledged _, Outcome.Unknown _ -> {}
            }
            answered.run();
        });
    }

    private static void tellLacking(Publish message, String why) {
        log.warn(
                "the broker refused {}: {}; receivers may lack names or states until it is allowed",
                message.topic(),
                why);
    }

    private MqttClient mqtt() {
        return Objects.requireNonNull(client, "start() was not called");
    }

    private Forwarder forwarding() {
        return Objects.requireNonNull(forwarder, "start() was not called");
    }
}
