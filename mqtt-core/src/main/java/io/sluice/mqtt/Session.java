package io.sluice.mqtt;

import io.sluice.mqtt.Action.Close;
import io.sluice.mqtt.Action.Established;
import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.Action.Write;
import io.sluice.mqtt.ConnectionListener.ConnAck;
import io.sluice.mqtt.MqttOptions.Version;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client side of an MQTT session (MQTT 5 §4.1): events in, actions out, time passed in. It has no clock, no thread and
 * no I/O, and is not thread-safe.
 *
 * <p>It does not persist and does not drop: what it was asked to publish ends in exactly one outcome, at the latest with
 * {@link Event.Abandoned}. Nothing is resent while a connection stands [MQTT-4.4.0-1]; an acknowledgement that does not come
 * in time ends the connection instead.
 */
final class Session implements Link {

    private enum Phase {
        CLOSED,
        CONNECTING,
        CONNECTED,
        /** A {@link Close} was asked for; whatever still arrives is ignored. */
        ENDING
    }

    private final MqttOptions options;
    private final Action.Sink out;
    private final Outbound outbound;
    private final Inbound inbound;
    private final Subscriptions subscriptions;
    private final Authenticator authenticator;
    private final KeepAlive keepAlive = new KeepAlive(this);

    // valid for the session
    private final VersionChoice versions;
    private String clientId;
    private @Nullable URI lastBroker;
    private long connections;
    private long unknownIdentifiers;
    private Packet.@Nullable Disconnect farewell;

    // valid for the connection
    private Phase phase = Phase.CLOSED;
    private Version version;
    private @Nullable URI broker;
    private @Nullable ConnAck agreed;
    private boolean cleanStart;
    private long now;

    /** @param nowNanos as for {@link #handle} */
    Session(MqttOptions options, Action.Sink out, long nowNanos) {
        this.options = options;
        this.out = out;
        this.now = nowNanos;
        this.versions = new VersionChoice(options);
        this.version = options.version();
        this.clientId = options.clientId();
        InFlight inFlight = new InFlight();
        this.outbound = new Outbound(options, inFlight, this);
        this.inbound = new Inbound(options, this);
        this.subscriptions = new Subscriptions(options, inFlight, this);
        this.authenticator = new Authenticator(options.authentication(), this);
    }

    /** @param nowNanos from a monotonic clock, never lower than before */
    void handle(Event event, long nowNanos) {
        now = nowNanos;
        switch (event) {
            case Event.Received(Packet packet) -> received(packet);
            case Event.PublishRequested(Outgoing message) -> outbound.request(message);
            case Event.Opened opened -> opened(opened);
            case Event.Closed closed -> closed();
            case Event.SubscribeRequested(var content, var answer) -> subscriptions.subscribe(content, answer);
            case Event.UnsubscribeRequested(var filters, var userProperties, var answer) ->
                subscriptions.unsubscribe(filters, userProperties, answer);
            case Event.ReauthenticateRequested reauthenticate -> authenticator.reauthenticate();
            case Event.StopRequested(Packet.Disconnect disconnect) -> farewell = disconnect;
            case Event.Abandoned abandoned -> abandon();
            case Event.Tick tick -> tick();
            case Event.Writable writable -> {}
        }
        proceed();
    }

    /** Number that the next connection will have if its CONNECT is accepted. */
    long nextConnectionNumber() {
        return connections + 1;
    }

    /** The version to speak on the next connection to this broker. */
    Version versionFor(URI next) {
        return versions.of(next);
    }

    /** Acknowledgements whose Packet Identifier belonged to nothing. */
    long unknownIdentifiers() {
        return unknownIdentifiers;
    }

    /** A message would be written at once. */
    boolean hasRoom() {
        return phase == Phase.CONNECTED && outbound.hasRoom();
    }

    /** Messages that wait for an acknowledgement on the connection that stands. */
    int unacknowledged() {
        return outbound.unacknowledged();
    }

    // ---- what its parts ask for

    @Override
    public long now() {
        return now;
    }

    @Override
    public Version version() {
        return version;
    }

    @Override
    public ConnAck agreed() {
        return Objects.requireNonNull(agreed, "no CONNACK has come");
    }

    @Override
    public boolean isOpen() {
        return phase == Phase.CONNECTING || phase == Phase.CONNECTED;
    }

    @Override
    public boolean isConnected() {
        return phase == Phase.CONNECTED;
    }

    @Override
    public boolean isWritable() {
        return phase == Phase.CONNECTED && out.isWritable();
    }

    @Override
    public void write(Packet packet) {
        keepAlive.wrote();
        out.perform(new Write(packet));
    }

    @Override
    public void perform(Action action) {
        out.perform(action);
    }

    @Override
    public void unknownIdentifier() {
        unknownIdentifiers++;
    }

    // ---- CONNECT and CONNACK

    private void opened(Event.Opened opened) {
        phase = Phase.CONNECTING;
        broker = opened.broker();
        version = versionFor(opened.broker());
        cleanStart = cleanStart(opened.broker());
        keepAlive.begin(options.keepAlive());
        Optional<byte[]> data = authenticator.begin();
        if (phase == Phase.CONNECTING) {
            write(new Packet.Connect(clientId, cleanStart, opened.will(), data, options));
        }
    }

    private boolean cleanStart(URI to) {
        if (clientId.isEmpty() && version == Version.MQTT_3_1_1) {
            return true; // [MQTT-3.1.3-7] of MQTT 3.1.1
        }
        return switch (options.cleanStart()) {
            case ALWAYS -> true;
            case FIRST -> connections == 0 || !to.equals(lastBroker);
            case NEVER -> false;
        };
    }

    private void connAck(ConnAck ack) {
        if (phase != Phase.CONNECTING) {
            fault(ReasonCode.PROTOCOL_ERROR, "a second CONNACK");
        } else if (ack.reason().code() != ReasonCode.SUCCESS) {
            refused(ack);
        } else if (ack.sessionPresent() && cleanStart) {
            // [MQTT-3.2.2-4]: the broker resumes a session that this client does not have.
            fault(ReasonCode.PROTOCOL_ERROR, "Session Present 1 in answer to Clean Start 1");
        } else if (ack.receiveMaximum() == 0 || ack.maximumPacketBytes() == 0) {
            fault(ReasonCode.PROTOCOL_ERROR, "a CONNACK with Receive Maximum or Maximum Packet Size 0");
        } else if (!authenticator.accepts(ack)) {
            fault(ReasonCode.PROTOCOL_ERROR, "a CONNACK with another authentication method than CONNECT");
        } else {
            authenticator.succeeded(ack.authenticationData());
            if (phase == Phase.CONNECTING) {
                established(ack);
            }
        }
    }

    private void refused(ConnAck ack) {
        Reason reason = ack.reason();
        if (versions.refused(Objects.requireNonNull(broker), version, reason.code())) {
            end(Retry.SOON, reason, ack.serverReference(), "broker does not speak MQTT 5: MQTT 3.1.1 is tried next");
        } else {
            end(reason, ack.serverReference(), "broker refused the connection");
        }
    }

    private void established(ConnAck ack) {
        URI current = Objects.requireNonNull(broker);
        phase = Phase.CONNECTED;
        agreed = ack;
        keepAlive.begin(ack.serverKeepAliveSeconds()
                .map(Duration::ofSeconds)
                .orElse(Duration.ofSeconds(options.keepAlive().toSeconds())));
        clientId = ack.assignedClientId().orElse(clientId);
        boolean brokerChanged = !current.equals(lastBroker);
        lastBroker = current;
        connections++;
        inbound.connected(ack.sessionPresent());
        subscriptions.connected(ack.sessionPresent());
        outbound.connected(ack);
        ConnectionListener.Connected connected = new ConnectionListener.Connected(
                current, connections, brokerChanged, version, clientId, keepAlive.interval(), outbound.window(), ack);
        perform(new Established(connected, outbound::requestFirst));
    }

    // ---- what the broker sends

    private void received(Packet packet) {
        if (!isOpen()) {
            return;
        }
        keepAlive.received();
        if (phase == Phase.CONNECTING && !answersConnect(packet)) {
            fault(ReasonCode.PROTOCOL_ERROR, "a packet before CONNACK");
            return;
        }
        if (!options.requestProblemInformation() && ProblemInformation.isIn(packet)) {
            fault(ReasonCode.PROTOCOL_ERROR, "a Reason String or User Property that CONNECT had declined");
            return;
        }
        switch (packet) {
            case Packet.PubAck ack -> outbound.pubAck(ack);
            case Packet.Arrival publish -> inbound.publish(publish);
            case Packet.PubRec rec -> outbound.pubRec(rec);
            case Packet.PubRel rel -> inbound.pubRel(rel);
            case Packet.PubComp comp -> outbound.pubComp(comp);
            case Packet.PingResp pong -> {}
            case Packet.ConnAck(ConnAck content) -> connAck(content);
            case Packet.SubAck ack -> subscriptions.subAck(ack);
            case Packet.UnsubAck ack -> subscriptions.unsubAck(ack);
            case Packet.Disconnect disconnect ->
                end(disconnect.reason(), disconnect.serverReference(), "broker ended the session");
            case Packet.Auth auth -> authenticator.received(auth);
            case Packet.Malformed malformed -> fault(malformed.reasonCode(), malformed.problem());
            case Packet.Pub p -> foreign(p);
            case Packet.Connect p -> foreign(p);
            case Packet.Subscribe p -> foreign(p);
            case Packet.Unsubscribe p -> foreign(p);
            case Packet.PingReq p -> foreign(p);
        }
    }

    private static boolean answersConnect(Packet packet) {
        return packet instanceof Packet.ConnAck
                || packet instanceof Packet.Auth
                || packet instanceof Packet.Disconnect
                || packet instanceof Packet.Malformed;
    }

    /** The decoder never makes one of a broker's bytes. */
    private static void foreign(Packet packet) {
        throw new IllegalArgumentException("a client does not receive " + packet);
    }

    // ---- what the client sends

    private void proceed() {
        if (phase != Phase.CONNECTED) {
            return;
        }
        subscriptions.proceed();
        outbound.proceed();
        if (farewell != null && outbound.isIdle() && phase == Phase.CONNECTED) {
            write(fitting(farewell));
            end(Retry.NEVER, "stopped");
        }
    }

    /** [MQTT-3.14.2-3], [MQTT-3.14.2-4]; and a session that was to end with its connection cannot be prolonged (§3.14.2.2.2). */
    private Packet.Disconnect fitting(Packet.Disconnect wanted) {
        Optional<Long> expiry =
                options.sessionExpiry().toSeconds() == 0 ? Optional.empty() : wanted.sessionExpirySeconds();
        Packet.Disconnect whole = new Packet.Disconnect(wanted.reason(), expiry, Optional.empty());
        return RequestSize.bytes(whole) <= agreed().maximumPacketBytes()
                ? whole
                : Packet.Disconnect.of(wanted.reason().code());
    }

    // ---- time

    private void tick() {
        if (phase == Phase.CONNECTED) {
            outbound.tick();
        }
        if (phase == Phase.CONNECTED) {
            subscriptions.tick();
        }
        if (phase == Phase.CONNECTED) {
            keepAlive.tick();
        }
    }

    static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    // ---- the end of a connection

    /** Says what was wrong, then starts over (§4.13). */
    @Override
    public void fault(int reasonCode, String what) {
        if (version == Version.MQTT_5 && phase == Phase.CONNECTED) {
            write(Packet.Disconnect.of(reasonCode));
        }
        end(Retry.SOON, "broker sent %s: closed with %s".formatted(what, ReasonCode.text(reasonCode)));
    }

    @Override
    public void end(Retry retry, String reason) {
        phase = Phase.ENDING;
        perform(Close.without(retry, reason));
    }

    private void end(Retry retry, Reason answer, Optional<String> serverReference, String reason) {
        phase = Phase.ENDING;
        perform(new Close(retry, Optional.of(answer), serverReference, reason));
    }

    /** As the broker wanted it. */
    private void end(Reason answer, Optional<String> serverReference, String what) {
        Retry retry = ReasonCode.isPermanent(answer.code()) ? Retry.SLOWLY : Retry.SOON;
        String advice = ReasonCode.advice(answer.code(), clientId);
        end(retry, answer, serverReference, what + ": " + answer + "." + (advice.isEmpty() ? "" : " " + advice));
    }

    private void closed() {
        if (broker != null && phase != Phase.CLOSED) {
            versions.closed(broker, version, phase == Phase.CONNECTING);
        }
        phase = Phase.CLOSED;
        outbound.closed();
        subscriptions.closed();
    }

    private void abandon() {
        phase = Phase.ENDING;
        outbound.abandon();
    }
}
