package io.sluice.benchmarks.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** HiveMQ's client. Its message is built once, which is in its favour. */
final class HiveMqPublisher implements Publisher {

    private final Mqtt5AsyncClient client;
    private final Mqtt5Publish message;
    private final BiConsumer<@Nullable Mqtt5PublishResult, @Nullable Throwable> outcome;

    HiveMqPublisher(int port, byte[] payload, Runnable acknowledged) {
        outcome = (result, problem) -> {
            if (problem != null) {
                throw new IllegalStateException(problem);
            }
            acknowledged.run();
        };
        client = Mqtt5Client.builder()
                .identifier("hivemq")
                .serverHost("127.0.0.1")
                .serverPort(port)
                .buildAsync();
        client.connect().join();
        message = Mqtt5Publish.builder()
                .topic(TOPIC)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .build();
    }

    @Override
    public void publish() {
        var _ = client.publish(message).whenComplete(outcome);
    }

    @Override
    public void close() {
        client.disconnect().join();
    }
}
