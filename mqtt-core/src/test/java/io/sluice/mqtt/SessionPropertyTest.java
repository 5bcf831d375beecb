package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Whatever a broker and a network do: every publish ends in exactly one outcome, and the broker sees first arrivals of a
 * topic in the order in which they were published.
 */
class SessionPropertyTest {

    @Property(tries = 500)
    void everyPublishEndsInExactlyOneOutcomeAndEachTopicArrivesInOrder(
            @ForAll long seed, @ForAll @IntRange(min = 10, max = 200) int steps) {
        UnreliableWorld world = new UnreliableWorld(new Random(seed));
        for (int i = 0; i < steps; i++) {
            world.step();
        }
        world.calmDown();

        assertThat(world.outcomes).hasSize(world.published);
        assertThat(world.outcomes.values()).allMatch(times -> times == 1);
        assertThat(world.firstArrivals("a")).isSortedAccordingTo(Comparator.naturalOrder());
        assertThat(world.firstArrivals("b")).isSortedAccordingTo(Comparator.naturalOrder());
    }

    /** Two brokers, a network, and the session under test, driven by chance. */
    private static final class UnreliableWorld implements Action.Sink {

        private static final List<String> BROKERS = List.of("mqtt://a", "mqtt://b");

        private final List<Packet.Pub> arrived = new ArrayList<>();
        private final Map<String, Integer> outcomes = new HashMap<>();
        private final Map<Integer, Packet> owed = new TreeMap<>();
        private final Session session = new Session(
                MqttOptions.defaults(BROKERS.stream().map(URI::create).toList(), "plant-7"), this, 0);
        private final Random random;

        private boolean writable = true;
        private boolean open;
        private boolean cleanStart;
        private int published;
        private int unacknowledged;
        private int receiveMaximum;

        UnreliableWorld(Random random) {
            this.random = random;
        }

        private void step() {
            switch (random.nextInt(6)) {
                case 0, 1 -> publish();
                case 2, 3 -> acknowledgeOne();
                case 4 -> {
                    if (open) {
                        disconnect();
                    } else {
                        connect();
                    }
                }
                default -> {
                    writable = !writable;
                    handle(new Event.Writable());
                }
            }
        }

        /** From here on everything works. */
        private void calmDown() {
            writable = true;
            handle(new Event.Writable());
            if (!open) {
                connect();
            }
            while (!owed.isEmpty()) {
                acknowledgeOne();
            }
        }

        private void publish() {
            int number = published++;
            String topic = random.nextBoolean() ? "a" : "b";
            Publish message = new Publish(
                    topic, Integer.toString(number).getBytes(StandardCharsets.UTF_8), 1 + random.nextInt(2), false);
            handle(new Event.PublishRequested(
                    new Outgoing(message, outcome -> outcomes.merge(Integer.toString(number), 1, Integer::sum))));
        }

        private void connect() {
            handle(new Event.Opened(URI.create(BROKERS.get(random.nextInt(2))), Optional.empty()));
            open = true;
            receiveMaximum = 1 + random.nextInt(5);
            boolean sessionPresent = !cleanStart && random.nextBoolean();
            handle(new Event.Received(ConnAcks.with(ack -> {
                ack.sessionPresent = sessionPresent;
                ack.receiveMaximum = receiveMaximum;
                ack.topicAliasMaximum = 1;
            })));
        }

        private void disconnect() {
            open = false;
            owed.clear();
            unacknowledged = 0;
            handle(new Event.Closed());
        }

        /** Any of the answers that the broker owes, in any order; sometimes twice. */
        private void acknowledgeOne() {
            if (owed.isEmpty()) {
                return;
            }
            List<Integer> identifiers = List.copyOf(owed.keySet());
            int identifier = identifiers.get(random.nextInt(identifiers.size()));
            Packet answer = Objects.requireNonNull(owed.remove(identifier));
            if (answer instanceof Packet.PubAck || answer instanceof Packet.PubComp) {
                unacknowledged--;
            }
            handle(new Event.Received(answer));
        }

        private void handle(Event event) {
            session.handle(event, 0);
        }

        private List<Integer> firstArrivals(String topic) {
            return arrived.stream()
                    .filter(packet -> packet.message().topic().equals(topic))
                    .map(packet -> Integer.valueOf(SessionUnderTest.text(packet.message())))
                    .distinct()
                    .toList();
        }

        @Override
        public void perform(Action action) {
            switch (action) {
                case Action.Write(Packet.Connect connect) -> cleanStart = connect.cleanStart();
                case Action.Write(Packet.Pub pub) -> {
                    arrived.add(pub);
                    owe(
                            pub.identifier(),
                            pub.message().qos() == 1
                                    ? new Packet.PubAck(pub.identifier(), Reason.SUCCESS)
                                    : new Packet.PubRec(pub.identifier(), Reason.SUCCESS));
                    assertThat(++unacknowledged).isLessThanOrEqualTo(receiveMaximum);
                }
                case Action.Write(Packet.PubRel rel) ->
                    owe(rel.identifier(), new Packet.PubComp(rel.identifier(), Reason.SUCCESS));
                case Action.Complete(var outcome, var result) -> {
                    assertThat(result).isInstanceOf(Outcome.Acknowledged.class);
                    outcome.accept(result);
                }
                case Action.Close close -> throw new AssertionError("closed: " + close.reason());
                case Action.Write w -> {}
                case Action.Deliver d -> {}
                case Action.Established e -> {}
                case Action.Answered a -> {}
                case Action.Wake w -> {}
            }
        }

        private void owe(int identifier, Packet answer) {
            assertThat(owed.put(identifier, answer)).isNull();
        }

        @Override
        public boolean isWritable() {
            return writable;
        }
    }
}
