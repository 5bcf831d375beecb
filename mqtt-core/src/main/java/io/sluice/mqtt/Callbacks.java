package io.sluice.mqtt;

import io.sluice.mqtt.MqttOptions.Will;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The code of whoever uses the client, called on {@code mqtt-io}. An exception is a bug there; the client goes on. */
final class Callbacks implements ConnectionListener {

    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);
    private static final String THREW = "a callback of the MQTT client threw; the client goes on";

    private final ConnectionListener listener;

    Callbacks(ConnectionListener listener) {
        this.listener = listener;
    }

    <T> void call(Consumer<? super T> callback, T value) {
        try {
            callback.accept(value);
        } catch (RuntimeException e) {
            log.error(THREW, e);
        }
    }

    @Override
    public void connected(Connected connected) {
        call(listener::connected, connected);
    }

    @Override
    public void disconnected(Disconnected disconnected) {
        call(listener::disconnected, disconnected);
    }

    @Override
    public void received(Publish message) {
        call(listener::received, message);
    }

    /** Empty if it threw. */
    @Override
    public Optional<Will> will(long number) {
        try {
            return listener.will(number);
        } catch (RuntimeException e) {
            log.error(THREW, e);
            return Optional.empty();
        }
    }
}
