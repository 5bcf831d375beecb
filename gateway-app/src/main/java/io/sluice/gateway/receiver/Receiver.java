package io.sluice.gateway.receiver;

import io.sluice.mqtt.ConnectionListener;
import io.sluice.mqtt.MqttClient;
import io.sluice.mqtt.MqttOptions;
import io.sluice.mqtt.Publish;
import io.sluice.mqtt.Subscribe;
import io.sluice.telemetry.JsonCodec;
import io.sluice.telemetry.MalformedMessage;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.ProtobufCodec;
import io.sluice.telemetry.TagTables;
import io.sluice.telemetry.Verifier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes to a gateway's topics, names and judges what comes, and shows it. {@link #run} does all of that on its
 * caller's thread; the MQTT client only queues.
 */
public final class Receiver {

    /** What becomes of the messages. All methods are called on the thread of {@link #run}. */
    public interface Display {

        void message(Message message, TagTables tags, Verifier.Arrival arrival);

        /** Something about the connection or a payload that a person should know. */
        void note(String text);
    }

    /** How a run ended. */
    public enum End {
        /** The time was over, or {@link #stop} was called. */
        FINISHED,
        /** No broker could be reached for the first 15 s, or in all the time if that was shorter. */
        UNREACHABLE
    }

    private static final long FIRST_CONNECT_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long HEARING_OUT_MILLIS = 900; // of the three seconds in which it has to end

    private sealed interface Event {
        record Up(ConnectionListener.Connected connected) implements Event {}

        record Down(ConnectionListener.Disconnected disconnected) implements Event {}

        record Arrived(Publish publish) implements Event {}

        record Subscribed(List<Integer> codes) implements Event {}
    }

    private final MqttOptions options;
    private final List<String> filters;
    private final Display display;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;

    private final TagTables tags = new TagTables();
    private Verifier verifier = new Verifier();
    private boolean connected;
    private boolean everConnected;
    private String lastFailure = "";

    public Receiver(MqttOptions options, List<String> filters, Display display) {
        this.options = options;
        this.filters = List.copyOf(filters);
        this.display = display;
    }

    /**
     * Receives until the time is over or {@link #stop} is called.
     *
     * @param limit {@code null} for no limit
     */
    public End run(@Nullable Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        MqttClient client = new MqttClient(options, listener());
        try {
            client.start();
            client.subscribe(Subscribe.to(filters))
                    .thenAccept(answer -> events.add(new Event.Subscribed(answer.reasonCodes())));
            while (!stopping && (limit == null || System.nanoTime() - begin < limit.toNanos())) {
                Event event = events.poll(50, TimeUnit.MILLISECONDS);
                if (event != null) {
                    handle(event);
                }
                if (!everConnected && System.nanoTime() - begin > FIRST_CONNECT_NANOS) {
                    return End.UNREACHABLE;
                }
            }
            hearOut(client);
            client.stop(null, Duration.ofSeconds(2));
            for (Event event = events.poll(); event != null; event = events.poll()) {
                handle(event);
            }
            return everConnected || stopping ? End.FINISHED : End.UNREACHABLE;
        } finally {
            client.close();
            ended.countDown();
        }
    }

    /** What the broker sent before it answers an UNSUBSCRIBE is here with that answer: it counts, however slow this process. */
    private void hearOut(MqttClient client) throws InterruptedException {
        if (connected) {
            try {
                client.unsubscribe(filters).get(HEARING_OUT_MILLIS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                display.note("the broker has not confirmed that all it sent has arrived");
            }
        }
    }

    /** Waits until the broker has answered the subscription. Any thread. */
    public void awaitSubscribed(Duration limit) throws InterruptedException {
        if (!subscribed.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            display.note("the broker has not answered the subscription within " + limit.toMillis() + " ms");
        }
    }

    /** Ends {@link #run} and waits until it has, for at most three seconds. Any thread. */
    public void stop() {
        stopping = true;
        try {
            ended.await(3, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Verdict over everything received so far. After {@link #run}. */
    public Verifier verifier() {
        return verifier;
    }

    /** Why no broker could be reached. */
    public String lastFailure() {
        return lastFailure;
    }

    private ConnectionListener listener() {
        return new ConnectionListener() {
            @Override
            public void connected(Connected connected) {
                events.add(new Event.Up(connected));
            }

            @Override
            public void disconnected(Disconnected disconnected) {
                events.add(new Event.Down(disconnected));
            }

            @Override
            public void received(Publish message) {
                events.add(new Event.Arrived(message));
            }
        };
    }

    private void handle(Event event) {
        switch (event) {
            case Event.Up(var connected) -> up(connected);
            case Event.Down(var disconnected) -> down(disconnected);
            case Event.Subscribed(var codes) -> subscribed(codes);
            case Event.Arrived(var publish) -> arrived(publish);
        }
    }

    private void up(ConnectionListener.Connected event) {
        if (everConnected && !event.sessionPresent()) {
            display.note("the broker forgot this subscription while it was away: judged anew from here");
            verifier = new Verifier();
        }
        connected = true;
        everConnected = true;
        display.note("connected to " + event.broker());
    }

    private void down(ConnectionListener.Disconnected disconnected) {
        connected = false;
        if (!disconnected.reason().equals(lastFailure)) {
            display.note(disconnected.reason());
        }
        lastFailure = disconnected.reason();
    }

    private void subscribed(List<Integer> codes) {
        subscribed.countDown();
        for (int i = 0; i < codes.size(); i++) {
            if (codes.get(i) >= 0x80) {
                display.note("the broker refused the subscription to %s with Reason Code 0x%02X"
                        .formatted(filters.get(i), codes.get(i)));
            }
        }
    }

    private void arrived(Publish publish) {
        try {
            byte[] payload = publish.payload();
            boolean json = payload.length > 0 && payload[0] == '{';
            Message message = json ? JsonCodec.decode(payload) : ProtobufCodec.decode(payload);
            tags.accept(message);
            display.message(message, tags, verifier.accept(message));
        } catch (MalformedMessage e) {
            display.note(publish.topic() + ": not a message of Sluice: " + e.getMessage());
        }
    }
}
