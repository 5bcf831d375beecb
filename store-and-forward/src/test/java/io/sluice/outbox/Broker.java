package io.sluice.outbox;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A publisher that keeps what it is given and answers as the test says. */
final class Broker implements Publisher {

    private final List<Outgoing> received = new ArrayList<>();
    private @Nullable Forwarder forwarder;
    private Function<Outgoing, @Nullable Outcome> answer = message -> new Outcome.Acknowledged();

    /** {@code null} from the function: no answer for now. */
    static Broker answering(Function<Outgoing, @Nullable Outcome> answer) {
        Broker broker = new Broker();
        broker.answer = answer;
        return broker;
    }

    static Broker acknowledgingAll() {
        return new Broker();
    }

    static Broker silent() {
        return answering(message -> null);
    }

    synchronized void connect(Forwarder newForwarder, long connection, int window) {
        forwarder = newForwarder;
        newForwarder.connected(connection, window);
    }

    synchronized void answerFromNowOn(Function<Outgoing, @Nullable Outcome> newAnswer) {
        answer = newAnswer;
    }

    @Override
    public synchronized void publish(Outgoing message) {
        received.add(message);
        Outcome outcome = message.position() == 0 ? null : answer.apply(message);
        if (outcome != null && forwarder != null) {
            forwarder.completed(message.position(), outcome);
        }
    }

    synchronized List<Outgoing> received() {
        return List.copyOf(received);
    }

    /** Those with a sequence. */
    List<Outgoing> messages() {
        return received().stream().filter(message -> message.sequence() > 0).toList();
    }

    /** Sequences of a device's current messages, in order of arrival. */
    List<Long> sequences(String device) {
        return messages().stream()
                .filter(message -> message.device().equals(device))
                .map(Outgoing::sequence)
                .toList();
    }

    List<Outgoing> heartbeats() {
        return received().stream()
                .filter(message -> message.content() instanceof Outgoing.Heartbeat)
                .toList();
    }

    List<Outgoing> ranges() {
        return received().stream()
                .filter(message -> message.content() instanceof Outgoing.Range)
                .toList();
    }

    void awaitMessages(int count) {
        await().pollInterval(Duration.ofMillis(2)).until(() -> messages().size() >= count);
    }
}
