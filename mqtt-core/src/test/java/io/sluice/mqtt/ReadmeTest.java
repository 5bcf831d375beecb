package io.sluice.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample of the README, compiled and run as it stands there. */
class ReadmeTest {

    @TempDir
    Path directory;

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
    void theSampleInTheReadmeIsTheOneThatRuns() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String test = Files.readString(Path.of("src/test/java/io/sluice/mqtt/ReadmeTest.java"));
        String shown = readme.substring(readme.indexOf("```java") + 7, readme.indexOf("```\n\n`listener`"));
        String run = test.substring(test.indexOf("// sample: begin") + 16, test.indexOf("// sample: end"))
                .replace("broker.uri()", "URI.create(\"mqtt://localhost:1883\")");

        assertThat(lines(shown)).isEqualTo(lines(run)).isNotEmpty();
    }

    private static List<String> lines(String code) {
        return code.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
}
