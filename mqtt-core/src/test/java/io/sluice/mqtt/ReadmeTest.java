package io.sluice.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mqtt.MqttOptions.Will;
import io.sluice.mqtt.Subscribe.Filter;
import io.sluice.mqtt.Subscribe.RetainHandling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample of the README, compiled and run as it stands there. */
class ReadmeTest {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before a question can come
    private volatile MqttClient answering;

    @Test
    void theSampleRuns() throws Exception {
        try (Mosquitto broker = Mosquitto.open(directory)) {
            Recording listener = new Recording();

            // sample: begin
            MqttOptions options = MqttOptions.defaults(List.of(broker.uri()), "sample");
            try (MqttClient client = new MqttClient(options, listener)) {
                client.start();
                var granted = client.subscribe(Subscribe.to("greetings/#")).join();
                Publish hello = new Publish("greetings/world", "hello".getBytes(UTF_8), 1, false);
                CompletableFuture<Outcome> outcome = new CompletableFuture<>();
                client.publish(hello, outcome::complete);
                System.out.println(granted.reasonCodes() + " " + outcome.join());
                client.stop(null, Duration.ofSeconds(5));
            }
            // sample: end

            assertThat(listener.texts()).containsExactly("hello");
        }
    }

    @Test
    void theRequestIsAnswered() throws Exception {
        CompletableFuture<Publish> answered = new CompletableFuture<>();
        try (Mosquitto broker = Mosquitto.open(directory);
                MqttClient clock =
                        new MqttClient(MqttOptions.defaults(List.of(broker.uri()), "clock"), listener(question -> {
                            // answer: begin
                            Publish.Properties asked = question.properties();
                            Publish.Properties same =
                                    Publish.Properties.NONE.with(p -> p.correlationData = asked.correlationData());
                            Publish answer =
                                    new Publish(asked.responseTopic().orElseThrow(), "late".getBytes(UTF_8), 1, false);
                            answering.publish(answer.with(same), outcome -> {});
                            // answer: end
                        }))) {
            clock.start();
            clock.subscribe(Subscribe.to("questions")).join();
            answering = clock;
            ConnectionListener listener = listener(answered::complete);

            // request: begin
            MqttOptions options = MqttOptions.defaults(List.of(broker.uri()), "asks")
                    .with(o -> {
                        o.fallBack = true; // to MQTT 3.1.1, without what only MQTT 5 has
                        o.will = Optional.of(
                                new Will(new Publish("asks/state", new byte[0], 1, true), Duration.ofSeconds(30)));
                    });
            MqttClient client = new MqttClient(options, listener);
            client.start();
            Filter answers = new Filter("answers/asks", 1, true, false, RetainHandling.DO_NOT_SEND);
            client.subscribe(new Subscribe(List.of(answers), 7, List.of())).join();
            Publish.Properties request = Publish.Properties.request("answers/asks", new byte[] {42})
                    .with(p -> p.messageExpirySeconds = Optional.of(60L));
            Publish question = new Publish("questions", "how late is it?".getBytes(UTF_8), 1, false);
            client.publish(question.with(request), outcome -> {});
            // request: end

            try (client) {
                Publish.Properties answer = answered.get(10, TimeUnit.SECONDS).properties();
                assertThat(answer.correlationData().orElseThrow()).containsExactly(42);
                assertThat(answer.subscriptionIdentifiers()).containsExactly(7);
            }
        }
    }

    private static ConnectionListener listener(Consumer<Publish> messages) {
        return new ConnectionListener() {
            @Override
            public void connected(Connected connected) {}

            @Override
            public void disconnected(Disconnected disconnected) {}

            @Override
            public void received(Publish message) {
                messages.accept(message);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"sample", "request", "answer"})
    void whatTheReadmeShowsIsWhatRuns(String name) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String test = Files.readString(Path.of("src/test/java/io/sluice/mqtt/ReadmeTest.java"));
        String begin = "// " + name + ": begin\n";
        String run = test.substring(test.indexOf(begin) + begin.length(), test.indexOf("// " + name + ": end\n"))
                .replace("broker.uri()", "URI.create(\"mqtt://localhost:1883\")");
        List<String> shown = Stream.of(readme.split("```java\n"))
                .skip(1)
                .map(block -> String.join("\n", lines(block.substring(0, block.indexOf("```")))))
                .toList();

        assertThat(lines(run)).isNotEmpty();
        assertThat(shown).contains(String.join("\n", lines(run)));
    }

    private static List<String> lines(String code) {
        return code.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
}
