package io.sluice.mqtt;

import io.sluice.mqtt.Action.Answered;
import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.Publish.UserProperty;
import io.sluice.mqtt.Subscribe.Answer;
import io.sluice.mqtt.Subscribe.Filter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** SUBSCRIBE and UNSUBSCRIBE: what was asked for is kept, and asked for again where the broker has lost it. */
final class Subscriptions {

    private sealed interface Request {

        Consumer<Answer> answer();

        int filters();
    }

    private static final class Subscription implements Request {
        private final Consumer<Answer> answer;
        private final Set<String> withdrawn = new HashSet<>();
        private Subscribe content;
        private boolean acknowledged;

        private Subscription(Subscribe content, Consumer<Answer> answer) {
            this.content = content;
            this.answer = answer;
        }

        @Override
        public Consumer<Answer> answer() {
            return answer;
        }

        @Override
        public int filters() {
            return content.filters().size();
        }
    }

    private record Unsubscription(List<String> topicFilters, List<UserProperty> userProperties, Consumer<Answer> answer)
            implements Request {

        @Override
        public int filters() {
            return topicFilters.size();
        }
    }

    /** A request on its way, and since when. */
    private record Underway(Request request, int filters, long writtenAt) {}

    private final MqttOptions options;
    private final InFlight inFlight;
    private final Link link;

    // valid for the session
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final List<Unsubscription> unsubscriptions = new ArrayList<>();

    // valid for the connection
    private final Deque<Request> unwritten = new ArrayDeque<>();
    private final Map<Integer, Underway> underway = new HashMap<>();

    Subscriptions(MqttOptions options, InFlight inFlight, Link link) {
        this.options = options;
        this.inFlight = inFlight;
        this.link = link;
    }

    void subscribe(Subscribe content, Consumer<Answer> answer) {
        Subscription subscription = new Subscription(content, answer);
        subscriptions.add(subscription);
        unwritten.add(subscription);
    }

    void unsubscribe(List<String> filters, List<UserProperty> userProperties, Consumer<Answer> answer) {
        subscriptions.forEach(subscription -> subscription.withdrawn.addAll(filters));
        subscriptions.removeIf(Subscriptions::isOver);
        Unsubscription request = new Unsubscription(filters, userProperties, answer);
        unsubscriptions.add(request);
        unwritten.add(request);
    }

    /** Takes what was withdrawn out of what is asked for again, once it was answered. @return nothing is left of it */
    private static boolean isOver(Subscription subscription) {
        Subscribe before = subscription.content;
        List<Filter> kept = before.filters().stream()
                .filter(filter -> !subscription.withdrawn.contains(filter.topicFilter()))
                .toList();
        if (subscription.acknowledged && !kept.isEmpty()) {
            subscription.content = new Subscribe(kept, before.identifier(), before.userProperties());
        }
        return subscription.acknowledged && kept.isEmpty();
    }

    // ---- the connection

    void connected(boolean sessionPresent) {
        unwritten.clear();
        subscriptions.stream()
                .filter(subscription -> !(sessionPresent && subscription.acknowledged))
                .forEach(unwritten::add);
        unwritten.addAll(unsubscriptions);
        proceed();
    }

    void closed() {
        underway.keySet().forEach(inFlight::release);
        underway.clear();
    }

    /** Writes as many as there are Packet Identifiers set aside. */
    void proceed() {
        while (!unwritten.isEmpty() && link.isConnected() && underway.size() < InFlight.RESERVED) {
            Request request = unwritten.remove();
            Optional<Integer> refusal = whyHopeless(request);
            if (refusal.isPresent()) {
                answered(request, refusal(request, refusal.get()));
            } else {
                write(request);
            }
        }
    }

    private void write(Request request) {
        int identifier = inFlight.reserve();
        underway.put(identifier, new Underway(request, request.filters(), link.now()));
        link.write(
                switch (request) {
                    case Subscription subscription -> new Packet.Subscribe(identifier, subscription.content);
                    case Unsubscription(var filters, var userProperties, var answer) ->
                        new Packet.Unsubscribe(identifier, filters, userProperties);
                });
    }

    /** The Reason Code for what this broker has said in CONNACK that it does not take. */
    private Optional<Integer> whyHopeless(Request request) {
        return switch (request) {
            case Subscription subscription -> whyHopeless(subscription.content, link.agreed());
            case Unsubscription(var filters, var userProperties, var answer) ->
                tooLarge(RequestSize.bytes(filters, userProperties), link.agreed());
        };
    }

    private static Optional<Integer> whyHopeless(Subscribe content, ConnectionListener.ConnAck agreed) {
        if (content.identifier() > 0 && !agreed.subscriptionIdentifiersAvailable()) {
            return Optional.of(ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED);
        }
        boolean shared = content.filters().stream().anyMatch(filter -> Topics.isShared(filter.topicFilter()));
        if (shared && !agreed.sharedSubscriptionAvailable()) {
            return Optional.of(ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED);
        }
        boolean wild = content.filters().stream().anyMatch(filter -> Topics.isWild(filter.topicFilter()));
        return wild && !agreed.wildcardSubscriptionAvailable()
                ? Optional.of(ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED)
                : tooLarge(RequestSize.bytes(content), agreed);
    }

    private static Optional<Integer> tooLarge(long packetBytes, ConnectionListener.ConnAck agreed) {
        return packetBytes > agreed.maximumPacketBytes() ? Optional.of(ReasonCode.PACKET_TOO_LARGE) : Optional.empty();
    }

    private static Answer refusal(Request request, int reasonCode) {
        return new Answer(
                Collections.nCopies(request.filters(), reasonCode), "not sent: the broker has said so", List.of());
    }

    // ---- acknowledgements

    void subAck(Packet.SubAck ack) {
        acknowledged(ack.identifier(), Subscription.class, ack.answer(), "a SUBACK");
    }

    void unsubAck(Packet.UnsubAck ack) {
        acknowledged(ack.identifier(), Unsubscription.class, ack.answer(), "an UNSUBACK");
    }

    private void acknowledged(int identifier, Class<? extends Request> expected, Answer answer, String what) {
        Underway found = underway.get(identifier);
        if (found == null) {
            link.unknownIdentifier();
            return;
        }
        Answer whole = whole(answer, found);
        if (!expected.isInstance(found.request()) || whole.reasonCodes().size() != found.filters()) {
            link.fault(
                    ReasonCode.PROTOCOL_ERROR,
                    "%s for Packet Identifier %d that does not fit what was asked".formatted(what, identifier));
            return;
        }
        underway.remove(identifier);
        inFlight.release(identifier);
        answered(found.request(), whole);
    }

    /** UNSUBACK of MQTT 3.1.1 has no Reason Codes. */
    private Answer whole(Answer answer, Underway underway) {
        return link.version() == Version.MQTT_3_1_1 && underway.request() instanceof Unsubscription
                ? new Answer(Collections.nCopies(underway.filters(), 0), "", List.of())
                : answer;
    }

    private void answered(Request request, Answer answer) {
        switch (request) {
            case Subscription subscription -> {
                if (!subscription.acknowledged) {
                    subscription.acknowledged = true;
                    subscriptions.removeIf(s -> s == subscription && isOver(s));
                    link.perform(new Answered(subscription.answer, answer));
                }
            }
            case Unsubscription unsubscription -> {
                unsubscriptions.remove(unsubscription);
                link.perform(new Answered(unsubscription.answer(), answer));
            }
        }
    }

    void tick() {
        long limit = options.ackTimeout().toNanos();
        if (underway.values().stream().anyMatch(request -> link.now() - request.writtenAt() > limit)) {
            link.end(Retry.SOON, "no answer to SUBSCRIBE or UNSUBSCRIBE within " + Session.text(options.ackTimeout()));
        }
    }
}
