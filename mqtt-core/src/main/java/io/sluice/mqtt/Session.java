package io.sluice.mqtt;

import io.sluice.mqtt.Action.Close;
import io.sluice.mqtt.Action.Complete;
import io.sluice.mqtt.Action.Deliver;
import io.sluice.mqtt.Action.Established;
import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.Action.Subscribed;
import io.sluice.mqtt.Action.Write;
import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.Outgoing.Stage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client side of an MQTT session (MQTT 5 §4.1): events in, actions out, time passed in. It has no clock, no thread and
 * no I/O, and is not thread-safe.
 *
 * <p>It does not persist and does not drop: what it was asked to publish ends in exactly one outcome, at the latest with
 * {@link Event.Abandoned}. Nothing is resent while a connection stands [MQTT-4.4.0-1]; an acknowledgement that does not come
 * in time ends the connection instead.
 */
final class Session {

    /** Receive Maximum of a broker that names none (MQTT 5 §3.2.2.3.3). */
    static final int MAXIMUM_WINDOW = 65_535;

    /** Largest packet accepted from a broker; announced in CONNECT. */
    static final int MAXIMUM_INBOUND_BYTES = 1 << 20;

    private static final Packet PINGREQ = new Packet.PingReq();

    private enum Phase {
        CLOSED,
        CONNECTING,
        CONNECTED,
        /** A {@link Close} was asked for; whatever still arrives is ignored. */
        ENDING
    }

    /** SUBSCRIBE as it was asked for. */
    private static final class Subscription {
        final List<String> filters;
        final Consumer<List<Integer>> granted;
        boolean acknowledged;

        Subscription(List<String> filters, Consumer<List<Integer>> granted) {
            this.filters = filters;
            this.granted = granted;
        }
    }

    private final MqttOptions options;
    private final Action.Sink out;

    // valid for the session
    private final InFlight inFlight = new InFlight();
    private final Deque<Outgoing> waiting = new ArrayDeque<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    /** Identifiers of QoS 2 messages from the broker that were delivered and not yet released. */
    private final BitSet unreleased = new BitSet();

    private String clientId;
    private @Nullable URI lastBroker;
    private long connections;
    private long unknownIdentifiers;
    private boolean stopping;

    // valid for the connection
    private final Map<Integer, Subscription> subscribing = new HashMap<>();
    /** In flight before this connection and not yet written on it. */
    private final Deque<Outgoing> again = new ArrayDeque<>();

    private Phase phase = Phase.CLOSED;
    private @Nullable URI broker;
    private boolean cleanStart;
    private int window;
    private int unacknowledged;
    private long maximumPacketBytes;
    private int maximumQos;
    private boolean retainAvailable;
    private long keepAliveNanos;
    private long lastReceivedAt;
    private long lastWrittenAt;
    private long pingedAt;
    private boolean pinged;
    private long now;

    Session(MqttOptions options, Action.Sink out) {
        this.options = options;
        this.out = out;
        this.clientId = options.clientId();
    }

    /** @param nowNanos from a monotonic clock, never lower than before */
    void handle(Event event, long nowNanos) {
        now = nowNanos;
        switch (event) {
            case Event.Received(Packet packet) -> received(packet);
            case Event.PublishRequested(Outgoing message) -> waiting.add(message);
            case Event.Opened opened -> opened(opened);
            case Event.Closed closed -> closed();
            case Event.SubscribeRequested request -> subscribe(request);
            case Event.StopRequested stop -> stopping = true;
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

    /** Acknowledgements whose Packet Identifier belonged to nothing. */
    long unknownIdentifiers() {
        return unknownIdentifiers;
    }

    /** A message would be written at once. */
    boolean hasRoom() {
        return phase == Phase.CONNECTED && unacknowledged < window && waiting.isEmpty();
    }

    boolean isConnected() {
        return phase == Phase.CONNECTED;
    }

    // ---- CONNECT and CONNACK

    private void opened(Event.Opened opened) {
        phase = Phase.CONNECTING;
        broker = opened.broker();
        cleanStart = options.alwaysCleanStart()
                || connections == 0
                || !opened.broker().equals(lastBroker);
        lastReceivedAt = now;
        write(new Packet.Connect(
                clientId,
                cleanStart,
                (int) options.keepAlive().toSeconds(),
                options.alwaysCleanStart() ? 0 : options.sessionExpiry().toSeconds(),
                MAXIMUM_INBOUND_BYTES,
                options.credentials(),
                opened.will()));
    }

    private void connAck(Packet.ConnAck ack) {
        if (phase != Phase.CONNECTING) {
            fault(ReasonCode.PROTOCOL_ERROR, "a second CONNACK");
        } else if (ack.reasonCode() != ReasonCode.SUCCESS) {
            refused(ack);
        } else if (ack.sessionPresent() && cleanStart) {
            // [MQTT-3.2.2-4]: the broker resumes a session that this client does not have.
            fault(ReasonCode.PROTOCOL_ERROR, "Session Present 1 in answer to Clean Start 1");
        } else if (ack.receiveMaximum() == 0 || ack.maximumPacketBytes() == 0) {
            fault(ReasonCode.PROTOCOL_ERROR, "a CONNACK with Receive Maximum or Maximum Packet Size 0");
        } else {
            established(ack);
        }
    }

    private void refused(Packet.ConnAck ack) {
        int code = ack.reasonCode();
        end(retryAfter(code), Optional.of(code), explain("broker refused the connection", code, ack.reasonString()));
    }

    private void established(Packet.ConnAck ack) {
        URI current = Objects.requireNonNull(broker);
        phase = Phase.CONNECTED;
        window = Math.min(InFlight.CAPACITY, Math.min(options.window(), ack.receiveMaximum()));
        maximumPacketBytes = ack.maximumPacketBytes();
        maximumQos = ack.maximumQos();
        retainAvailable = ack.retainAvailable();
        keepAliveNanos = ack.serverKeepAliveSeconds()
                .map(Duration::ofSeconds)
                .orElse(Duration.ofSeconds(options.keepAlive().toSeconds()))
                .toNanos();
        clientId = ack.assignedClientId().orElse(clientId);
        boolean brokerChanged = !current.equals(lastBroker);
        lastBroker = current;
        connections++;
        collectInFlight(ack.sessionPresent());
        subscriptions.stream()
                .filter(s -> !(ack.sessionPresent() && s.acknowledged))
                .forEach(this::writeSubscribe);
        writeAgain();
        out.perform(new Established(new ConnectionListener.Connected(
                current,
                connections,
                ack.sessionPresent(),
                window,
                maximumPacketBytes,
                retainAvailable,
                brokerChanged)));
    }

    /** Everything in flight goes again, in the old order: as it was if the broker kept the session, else as new messages. */
    private void collectInFlight(boolean sessionPresent) {
        List<Outgoing> unfinished = new ArrayList<>();
        for (Outgoing message = inFlight.oldest(); message != null; message = message.next) {
            unfinished.add(message);
        }
        again.stream().filter(message -> message.stage == Stage.WAITING).forEach(unfinished::add);
        again.clear();
        if (!sessionPresent) {
            unreleased.clear();
            unfinished.forEach(this::forget);
        }
        unfinished.stream().filter(message -> message.stage != Stage.DONE).forEach(again::add);
    }

    /** The broker has lost its half of the exchange. */
    private void forget(Outgoing message) {
        if (message.stage == Stage.AWAITS_PUBCOMP) {
            // With PUBREC the broker took the message over (§4.3.3): sending it again would double it.
            finish(message, new Outcome.Acknowledged(message.received));
        } else if (message.stage != Stage.WAITING) {
            inFlight.remove(message);
            message.startAnew();
        }
    }

    // ---- what the broker sends

    private void received(Packet packet) {
        if (phase == Phase.CLOSED || phase == Phase.ENDING) {
            return;
        }
        lastReceivedAt = now;
        pinged = false;
        if (phase == Phase.CONNECTING && !answersConnect(packet)) {
            fault(ReasonCode.PROTOCOL_ERROR, "a packet before CONNACK");
            return;
        }
        switch (packet) {
            case Packet.PubAck ack -> pubAck(ack);
            case Packet.Pub publish -> publish(publish);
            case Packet.PubRec rec -> pubRec(rec);
            case Packet.PubRel rel -> pubRel(rel);
            case Packet.PubComp comp -> pubComp(comp);
            case Packet.PingResp pong -> {}
            case Packet.ConnAck ack -> connAck(ack);
            case Packet.SubAck ack -> subAck(ack);
            case Packet.Disconnect disconnect -> disconnect(disconnect);
            case Packet.Malformed malformed -> fault(malformed.reasonCode(), malformed.problem());
            case Packet.Connect c -> fault(ReasonCode.PROTOCOL_ERROR, "a CONNECT");
            case Packet.Subscribe s -> fault(ReasonCode.PROTOCOL_ERROR, "a SUBSCRIBE");
            case Packet.PingReq p -> fault(ReasonCode.PROTOCOL_ERROR, "a PINGREQ");
        }
    }

    private static boolean answersConnect(Packet packet) {
        return packet instanceof Packet.ConnAck
                || packet instanceof Packet.Disconnect
                || packet instanceof Packet.Malformed;
    }

    private void pubAck(Packet.PubAck ack) {
        Outgoing message = inFlight.get(ack.identifier());
        if (message == null) {
            unknownIdentifiers++;
        } else if (message.stage != Stage.AWAITS_PUBACK) {
            fault(ReasonCode.PROTOCOL_ERROR, "a PUBACK for Packet Identifier " + ack.identifier() + " of QoS 2");
        } else {
            finish(message, outcome(ack.reasonCode(), ack.reasonString()));
        }
    }

    private void pubRec(Packet.PubRec rec) {
        Outgoing message = inFlight.get(rec.identifier());
        if (message == null) {
            unknownIdentifiers++;
            if (!ReasonCode.isFailure(rec.reasonCode())) {
                write(new Packet.PubRel(rec.identifier(), ReasonCode.IDENTIFIER_NOT_FOUND));
            }
        } else if (message.stage == Stage.AWAITS_PUBACK) {
            fault(ReasonCode.PROTOCOL_ERROR, "a PUBREC for Packet Identifier " + rec.identifier() + " of QoS 1");
        } else if (ReasonCode.isFailure(rec.reasonCode())) {
            finish(message, outcome(rec.reasonCode(), rec.reasonString()));
        } else {
            message.stage = Stage.AWAITS_PUBCOMP;
            message.received = rec.reasonCode();
            message.writtenAt = now;
            if (message.written) {
                write(new Packet.PubRel(rec.identifier(), ReasonCode.SUCCESS));
            }
        }
    }

    private void pubComp(Packet.PubComp comp) {
        Outgoing message = inFlight.get(comp.identifier());
        if (message == null) {
            unknownIdentifiers++;
        } else if (message.stage != Stage.AWAITS_PUBCOMP) {
            fault(
                    ReasonCode.PROTOCOL_ERROR,
                    "a PUBCOMP for Packet Identifier " + comp.identifier() + " without PUBREC");
        } else {
            finish(message, new Outcome.Acknowledged(message.received));
        }
    }

    private void publish(Packet.Pub publish) {
        Publish message = publish.message();
        switch (message.qos()) {
            case 0 -> out.perform(new Deliver(message));
            case 1 -> {
                out.perform(new Deliver(message));
                write(new Packet.PubAck(publish.identifier(), ReasonCode.SUCCESS, ""));
            }
            default -> {
                if (!unreleased.get(publish.identifier())) {
                    unreleased.set(publish.identifier());
                    out.perform(new Deliver(message));
                }
                write(new Packet.PubRec(publish.identifier(), ReasonCode.SUCCESS, ""));
            }
        }
    }

    private void pubRel(Packet.PubRel rel) {
        boolean known = unreleased.get(rel.identifier());
        unreleased.clear(rel.identifier());
        write(new Packet.PubComp(rel.identifier(), known ? ReasonCode.SUCCESS : ReasonCode.IDENTIFIER_NOT_FOUND));
    }

    private void subAck(Packet.SubAck ack) {
        Subscription subscription = subscribing.remove(ack.identifier());
        if (subscription == null) {
            unknownIdentifiers++;
            return;
        }
        inFlight.release(ack.identifier());
        if (!subscription.acknowledged) {
            subscription.acknowledged = true;
            out.perform(new Subscribed(subscription.granted, ack.reasonCodes()));
        }
    }

    private void disconnect(Packet.Disconnect packet) {
        int code = packet.reasonCode();
        end(retryAfter(code), Optional.of(code), explain("broker ended the session", code, packet.reasonString()));
    }

    private static Outcome outcome(int reasonCode, String reasonString) {
        return ReasonCode.isFailure(reasonCode)
                ? new Outcome.Refused(reasonCode, reasonString)
                : new Outcome.Acknowledged(reasonCode);
    }

    // ---- what the client sends

    private void subscribe(Event.SubscribeRequested request) {
        Subscription subscription = new Subscription(request.filters(), request.granted());
        subscriptions.add(subscription);
        if (phase == Phase.CONNECTED) {
            writeSubscribe(subscription);
        }
    }

    private void writeSubscribe(Subscription subscription) {
        int identifier = inFlight.reserve();
        subscribing.put(identifier, subscription);
        write(new Packet.Subscribe(identifier, subscription.filters, 1));
    }

    /** Writes what the window and the transport allow, old messages before new ones. */
    private void proceed() {
        if (phase != Phase.CONNECTED) {
            return;
        }
        if (writeAgain()) {
            while (mayWrite() && !waiting.isEmpty()) {
                send(waiting.remove());
            }
        }
        if (stopping && waiting.isEmpty() && again.isEmpty() && inFlight.isEmpty()) {
            write(new Packet.Disconnect(ReasonCode.SUCCESS, ""));
            end(Retry.NEVER, Optional.empty(), "stopped");
        }
    }

    /** @return nothing is left that must go before further messages */
    private boolean writeAgain() {
        while (!again.isEmpty() && mayWrite()) {
            Outgoing message = again.remove();
            // Its acknowledgement may have come before its turn: a broker that kept the session may answer late.
            if (message.stage != Stage.DONE) {
                send(message);
            }
        }
        return again.isEmpty();
    }

    private boolean mayWrite() {
        return phase == Phase.CONNECTED && unacknowledged < window && out.isWritable();
    }

    private void send(Outgoing message) {
        if (message.stage == Stage.AWAITS_PUBCOMP) {
            count(message);
            write(new Packet.PubRel(message.identifier, ReasonCode.SUCCESS));
            return;
        }
        Optional<Outcome> hopeless = whyHopeless(message.message);
        if (hopeless.isPresent()) {
            finish(message, hopeless.get());
        } else if (message.message.qos() == 0) {
            write(new Packet.Pub(0, false, message.message));
            finish(message, new Outcome.Acknowledged(ReasonCode.SUCCESS));
        } else {
            sendAcknowledged(message);
        }
    }

    private void sendAcknowledged(Outgoing message) {
        boolean dup = message.stage != Stage.WAITING;
        if (!dup) {
            inFlight.add(message);
            message.stage = message.message.qos() == 1 ? Stage.AWAITS_PUBACK : Stage.AWAITS_PUBREC;
        }
        count(message);
        write(new Packet.Pub(message.identifier, dup, message.message));
    }

    private void count(Outgoing message) {
        message.written = true;
        message.writtenAt = now;
        unacknowledged++;
    }

    /** The outcome of a message that this broker has said it will not take [MQTT-3.2.2-11], [MQTT-3.2.2-14], [MQTT-3.2.2-15]. */
    private Optional<Outcome> whyHopeless(Publish message) {
        if (message.qos() > maximumQos) {
            return Optional.of(new Outcome.Refused(
                    ReasonCode.QOS_NOT_SUPPORTED, "not sent: the broker's Maximum QoS is " + maximumQos));
        }
        if (message.retain() && !retainAvailable) {
            return Optional.of(new Outcome.Refused(
                    ReasonCode.RETAIN_NOT_SUPPORTED, "not sent: the broker keeps no retained messages"));
        }
        long bytes = PublishSize.bytes(message, options.version());
        long most = Math.min(maximumPacketBytes, PublishSize.LARGEST);
        return bytes > most ? Optional.of(new Outcome.TooLarge(bytes, most)) : Optional.empty();
    }

    private void finish(Outgoing message, Outcome outcome) {
        if (message.identifier != 0) {
            inFlight.remove(message);
        }
        if (message.written) {
            unacknowledged--;
        }
        message.stage = Stage.DONE;
        out.perform(new Complete(message.outcome, outcome));
    }

    private void write(Packet packet) {
        lastWrittenAt = now;
        out.perform(new Write(packet));
    }

    // ---- time

    private void tick() {
        if (phase != Phase.CONNECTED) {
            return;
        }
        Outgoing overdue = overdue();
        if (overdue != null) {
            end(
                    Retry.SOON,
                    Optional.empty(),
                    "no acknowledgement of Packet Identifier %d within %s"
                            .formatted(overdue.identifier, text(options.ackTimeout())));
        } else if (keepAliveNanos > 0) {
            keepAlive();
        }
    }

    private @Nullable Outgoing overdue() {
        long limit = options.ackTimeout().toNanos();
        for (Outgoing message = inFlight.oldest(); message != null; message = message.next) {
            if (message.written && now - message.writtenAt > limit) {
                return message;
            }
        }
        return null;
    }

    /** A ping well before Keep Alive runs out, also while only writing, so that a half-open connection is found [MQTT-3.1.2-20]. */
    private void keepAlive() {
        if (pinged && now - pingedAt > keepAliveNanos / 2) {
            end(
                    Retry.SOON,
                    Optional.empty(),
                    "no answer to PINGREQ within %s: the connection is dead"
                            .formatted(text(Duration.ofNanos(keepAliveNanos / 2))));
        } else if (!pinged && now - Math.min(lastReceivedAt, lastWrittenAt) >= keepAliveNanos / 4 * 3) {
            pinged = true;
            pingedAt = now;
            write(PINGREQ);
        }
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    // ---- the end of a connection

    /** The broker broke the protocol: say so, then start over (§4.13). */
    private void fault(int reasonCode, String what) {
        if (options.version() == Version.MQTT_5 && phase == Phase.CONNECTED) {
            write(new Packet.Disconnect(reasonCode, what));
        }
        end(
                Retry.SOON,
                Optional.empty(),
                "broker sent %s: closed with %s".formatted(what, ReasonCode.text(reasonCode)));
    }

    private void end(Retry retry, Optional<Integer> reasonCode, String reason) {
        phase = Phase.ENDING;
        out.perform(new Close(retry, reasonCode, reason));
    }

    private void closed() {
        phase = Phase.CLOSED;
        unacknowledged = 0;
        pinged = false;
        subscribing.keySet().forEach(inFlight::release);
        subscribing.clear();
        for (Outgoing message = inFlight.oldest(); message != null; message = message.next) {
            message.written = false;
        }
    }

    private void abandon() {
        List<Outgoing> unfinished = new ArrayList<>();
        for (Outgoing message = inFlight.oldest(); message != null; message = message.next) {
            unfinished.add(message);
        }
        again.stream().filter(message -> message.stage == Stage.WAITING).forEach(unfinished::add);
        unfinished.addAll(waiting);
        again.clear();
        waiting.clear();
        phase = Phase.ENDING;
        unfinished.forEach(message -> finish(message, new Outcome.Unknown()));
    }

    private static Retry retryAfter(int reasonCode) {
        return ReasonCode.isPermanent(reasonCode) ? Retry.SLOWLY : Retry.SOON;
    }

    private String explain(String what, int code, String reasonString) {
        String told = reasonString.isEmpty() ? "" : ", \"" + reasonString + "\"";
        String advice = ReasonCode.advice(code, clientId);
        return what + ": " + ReasonCode.text(code) + told + "." + (advice.isEmpty() ? "" : " " + advice);
    }
}
