package io.sluice.benchmarks.mqtt;

import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;

/** Eclipse Paho's client for MQTT 5, keeping what is in flight in memory, as ours does. */
final class PahoPublisher implements Publisher {

    private static final int QUIESCE_MILLIS = 0;
    private static final int DISCONNECT_MILLIS = 100;

    private final MqttAsyncClient client;
    private final byte[] payload;
    private final MqttActionListener outcome;

    PahoPublisher(int port, byte[] payload, Runnable acknowledged) throws MqttException {
        this.payload = payload;
        this.outcome = listener(acknowledged);
        client = new MqttAsyncClient("tcp://127.0.0.1:" + port, "paho", new MemoryPersistence());
        CompletableFuture<Void> connected = new CompletableFuture<>();
        client.connect(new MqttConnectionOptions(), null, listener(() -> connected.complete(null)));
        connected.join();
    }

    private static MqttActionListener listener(Runnable done) {
        return new MqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
                done.run();
            }

            @Override
            public void onFailure(IMqttToken token, Throwable problem) {
                throw new IllegalStateException(problem);
            }
        };
    }

    @Override
    public void publish() {
        try {
            MqttMessage message = new MqttMessage(payload);
            message.setQos(1);
            client.publish(TOPIC, message, null, outcome);
        } catch (MqttException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws MqttException {
        client.disconnectForcibly(QUIESCE_MILLIS, DISCONNECT_MILLIS, false);
        client.close();
    }
}
