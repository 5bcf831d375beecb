package io.sluice.benchmarks.mqtt;

import io.sluice.mqtt.ConnectionListener;
import io.sluice.mqtt.MqttClient;
import io.sluice.mqtt.MqttOptions;
import io.sluice.mqtt.Outcome;
import io.sluice.mqtt.Publish;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Ours with its defaults, with a message object for each publish. */
final class SluicePublisher implements Publisher {

    private final MqttClient client;
    private final byte[] payload;
    private final Consumer<Outcome> outcome;

    SluicePublisher(int port, byte[] payload, Runnable acknowledged) {
        this.payload = payload;
        this.outcome = result -> {
            if (!(result instanceof Outcome.Acknowledged)) {
                throw new IllegalStateException(result.toString());
            }
            acknowledged.run();
        };
        CompletableFuture<Void> connected = new CompletableFuture<>();
        client = new MqttClient(
                MqttOptions.defaults(List.of(URI.create("mqtt://127.0.0.1:" + port)), "sluice"),
                new ConnectionListener() {
                    @Override
                    public void connected(Connected event) {
                        connected.complete(null);
                    }

                    @Override
                    public void disconnected(Disconnected event) {
                        connected.completeExceptionally(new IllegalStateException(event.reason()));
                    }
                });
        client.start();
        connected.join();
    }

    @Override
    public void publish() {
        client.publish(new Publish(TOPIC, payload, 1, false), outcome);
    }

    @Override
    public void close() {
        client.close();
    }
}
