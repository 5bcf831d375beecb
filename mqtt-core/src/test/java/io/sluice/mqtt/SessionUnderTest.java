package io.sluice.mqtt;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A session, a clock that is moved by hand, and a record of every action. */
final class SessionUnderTest implements Action.Sink {

    private final Session session;
    private final List<Action> actions = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();
    private final List<Subscribe.Answer> answers = new ArrayList<>();
    private final List<List<Integer>> granted = new ArrayList<>();
    private final List<ConnectionListener.Connected> established = new ArrayList<>();
    private final List<String> openings = new ArrayList<>();
    private boolean writable = true;
    private long now;

    SessionUnderTest(MqttOptions options) {
        session = new Session(options, this, 0);
    }

    @Override
    public void perform(Action action) {
        actions.add(action);
        switch (action) {
            case Action.Complete(var outcome, var result) -> outcome.accept(result);
            case Action.Answered(var to, var answer) -> to.accept(answer);
            case Action.Wake w -> {}
            case Action.Established(var connected, var first) -> {
                established.add(connected);
                openings.forEach(text -> first.accept(outgoing(Recording.message("t", text))));
            }
            case Action.Write w -> {}
            case Action.Deliver d -> {}
            case Action.Close c -> {}
        }
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    Session core() {
        return session;
    }

    private SessionUnderTest handle(Event event) {
        session.handle(event, now);
        return this;
    }

    /** Leaves what follows among the actions. */
    void handleOpened(String broker) {
        handle(new Event.Opened(URI.create(broker), Optional.empty()));
    }

    Packet.Connect open(String broker) {
        handleOpened(broker);
        return (Packet.Connect) ((Action.Write) actions.removeLast()).packet();
    }

    SessionUnderTest connect(String broker, boolean sessionPresent) {
        return connect(broker, ConnAcks.success(sessionPresent));
    }

    SessionUnderTest connect(String broker, Packet.ConnAck ack) {
        open(broker);
        return receive(ack);
    }

    SessionUnderTest receive(Packet packet) {
        return handle(new Event.Received(packet));
    }

    SessionUnderTest close() {
        return handle(new Event.Closed());
    }

    SessionUnderTest publish(String text) {
        return publish(Recording.message("t", text));
    }

    SessionUnderTest publish(Publish message) {
        return handle(new Event.PublishRequested(outgoing(message)));
    }

    private Outgoing outgoing(Publish message) {
        String text = text(message);
        return new Outgoing(message, outcome -> outcomes.add(text + " " + text(outcome)));
    }

    /** From here on the listener publishes this whenever it is told of a connection. */
    SessionUnderTest opensWith(String text) {
        openings.add(text);
        return this;
    }

    SessionUnderTest subscribe(String filter) {
        return subscribe(Subscribe.to(filter));
    }

    SessionUnderTest subscribe(Subscribe request) {
        return handle(new Event.SubscribeRequested(request, this::answered));
    }

    SessionUnderTest unsubscribe(String filter) {
        return handle(new Event.UnsubscribeRequested(List.of(filter), List.of(), this::answered));
    }

    private void answered(Subscribe.Answer answer) {
        answers.add(answer);
        granted.add(answer.reasonCodes());
    }

    SessionUnderTest reauthenticate() {
        return handle(new Event.ReauthenticateRequested());
    }

    SessionUnderTest writable(boolean takesMore) {
        writable = takesMore;
        return handle(new Event.Writable());
    }

    SessionUnderTest after(Duration time) {
        now += time.toNanos();
        return this;
    }

    SessionUnderTest tick() {
        return handle(new Event.Tick());
    }

    SessionUnderTest stop() {
        return stop(Packet.Disconnect.of(0));
    }

    SessionUnderTest stop(Packet.Disconnect disconnect) {
        return handle(new Event.StopRequested(disconnect));
    }

    SessionUnderTest abandon() {
        return handle(new Event.Abandoned());
    }

    /** Forgets the actions so far. */
    void forget() {
        actions.clear();
    }

    boolean isConnected() {
        return session.isConnected();
    }

    List<String> outcomes() {
        return outcomes;
    }

    /** Every answer to SUBSCRIBE and UNSUBSCRIBE. */
    List<Subscribe.Answer> answers() {
        return answers;
    }

    List<List<Integer>> granted() {
        return granted;
    }

    List<ConnectionListener.Connected> established() {
        return established;
    }

    /** The PUBLISH packets: identifier, payload, DUP. */
    List<String> written() {
        return actions.stream()
                .filter(action -> action instanceof Action.Write(Packet.Pub pub))
                .map(action -> text(((Action.Write) action).packet()))
                .toList();
    }

    List<Packet> packets() {
        return actions.stream()
                .filter(Action.Write.class::isInstance)
                .map(action -> ((Action.Write) action).packet())
                .toList();
    }

    List<Publish> delivered() {
        return actions.stream()
                .filter(Action.Deliver.class::isInstance)
                .map(action -> ((Action.Deliver) action).message())
                .toList();
    }

    /** Of each PUBLISH its topic, if it was sent, and its alias, if there is one. */
    List<String> aliases() {
        return actions.stream()
                .filter(action -> action instanceof Action.Write(Packet.Pub pub))
                .map(action -> (Packet.Pub) ((Action.Write) action).packet())
                .map(pub -> (pub.topicKnown() ? "" : pub.message().topic())
                        + (pub.topicAlias() > 0 ? "=" + pub.topicAlias() : ""))
                .toList();
    }

    List<String> trace() {
        return actions.stream().map(SessionUnderTest::text).toList();
    }

    /** The last time a connection was ended by the session. */
    Action.Close end() {
        return actions.stream()
                .filter(Action.Close.class::isInstance)
                .map(Action.Close.class::cast)
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new AssertionError("the connection was not ended: " + trace()));
    }

    private static String text(Action action) {
        return switch (action) {
            case Action.Write(Packet packet) -> "Write " + text(packet);
            case Action.Complete c -> "Complete";
            case Action.Answered a -> "Answered";
            case Action.Wake(Duration after) -> "Wake " + after.toMillis();
            case Action.Deliver(Publish message) -> "Deliver " + text(message);
            case Action.Established(var connected, var first) -> "Established " + connected.number();
            case Action.Close close -> "Close " + close.reason();
        };
    }

    private static String text(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Acknowledged(Reason reason) -> "Acknowledged " + text(reason);
            case Outcome.Refused(Reason reason) -> "Refused " + text(reason);
            case Outcome.TooLarge tooLarge -> tooLarge.toString();
            case Outcome.EndsConnections ends -> "EndsConnections";
            case Outcome.Unknown unknown -> unknown.toString();
        };
    }

    private static String text(Reason reason) {
        return "0x%02X %s".formatted(reason.code(), reason.text()).strip();
    }

    private static String text(Packet packet) {
        return switch (packet) {
            case Packet.Pub pub -> pub.identifier() + " " + text(pub.message()) + (pub.dup() ? " DUP" : "");
            case Packet.Disconnect disconnect ->
                "Disconnect 0x%02X".formatted(disconnect.reason().code());
            case Packet.PubAck(int identifier, Reason reason) -> "PubAck " + identifier + " " + text(reason);
            case Packet.PubRec(int identifier, Reason reason) -> "PubRec " + identifier + " " + text(reason);
            case Packet.PubRel(int identifier, Reason reason) -> "PubRel " + identifier + " " + text(reason);
            case Packet.PubComp(int identifier, Reason reason) -> "PubComp " + identifier + " " + text(reason);
            case Packet.Subscribe(int identifier, Subscribe content) ->
                "Subscribe " + identifier + " "
                        + content.filters().stream()
                                .map(Subscribe.Filter::topicFilter)
                                .toList();
            case Packet.Unsubscribe(int identifier, var filters, var userProperties) ->
                "Unsubscribe " + identifier + " " + filters;
            case Packet.Auth(Reason reason, String method, var data) ->
                "Auth " + text(reason) + " " + method
                        + data.map(bytes -> " " + new String(bytes, StandardCharsets.UTF_8))
                                .orElse("");
            default -> packet.toString();
        };
    }

    static Packet ack(int identifier) {
        return new Packet.PubAck(identifier, Reason.SUCCESS);
    }

    static Packet subAck(int identifier) {
        return new Packet.SubAck(identifier, new Subscribe.Answer(List.of(1), "", List.of()));
    }

    static Publish qos2(String text) {
        return new Publish("t", text.getBytes(StandardCharsets.UTF_8), 2, false);
    }

    /** A PUBLISH from the broker. */
    static Packet arrival(int identifier, boolean dup, Publish message) {
        return new Packet.Arrival(
                identifier,
                dup,
                message.qos(),
                message.retain(),
                message.topic(),
                -1,
                message.payload(),
                message.properties());
    }

    static String text(Publish message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }
}
