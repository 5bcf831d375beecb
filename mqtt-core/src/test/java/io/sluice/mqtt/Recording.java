package io.sluice.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that keeps what it was told. */
final class Recording implements ConnectionListener {

    final List<Connected> connected = new CopyOnWriteArrayList<>();
    final List<Disconnected> disconnected = new CopyOnWriteArrayList<>();
    final List<Publish> received = new CopyOnWriteArrayList<>();
    volatile Optional<String> willTopic = Optional.empty();

    @Override
    public void connected(Connected event) {
        connected.add(event);
    }

    @Override
    public void disconnected(Disconnected event) {
        disconnected.add(event);
    }

    @Override
    public void received(Publish message) {
        received.add(message);
    }

    @Override
    public Optional<MqttOptions.Will> will(long number) {
        return willTopic.map(topic -> new MqttOptions.Will(message(topic, "offline " + number), Duration.ZERO));
    }

    List<String> texts() {
        return received.stream()
                .map(message -> new String(message.payload(), StandardCharsets.UTF_8))
                .toList();
    }

    List<String> reasons() {
        return disconnected.stream().map(Disconnected::reason).toList();
    }

    static Publish message(String topic, String text) {
        return new Publish(topic, text.getBytes(StandardCharsets.UTF_8), 1, false);
    }
}
