package io.sluice.mqtt;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The clients of a test and what they talk to, closed in the opposite order. */
final class Scene implements AutoCloseable {

    private final List<AutoCloseable> open = new ArrayList<>();

    /** To be closed when the test is over. */
    <T extends AutoCloseable> T add(T each) {
        open.add(each);
        return each;
    }

    /** For a client that is soon back. */
    static MqttOptions options(URI broker) {
        return MqttOptions.defaults(List.of(broker), "plant-7").with(o -> {
            o.backoffMin = Duration.ofMillis(10);
            o.backoffMax = Duration.ofMillis(200);
        });
    }

    MqttClient start(MqttOptions options, Recording events) {
        return start(options, events, InetAddress::getAllByName);
    }

    MqttClient start(MqttOptions options, Recording events, Dial.Resolver resolver) {
        MqttClient client = add(new MqttClient(options, events, resolver));
        client.start();
        return client;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }
}
