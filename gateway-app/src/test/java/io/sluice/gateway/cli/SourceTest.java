package io.sluice.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.gateway.cli.Source.Subscription;
import io.sluice.gateway.cli.Source.Unusable;
import io.sluice.gateway.control.ExitCodes;
import io.sluice.mqtt.MqttOptions.Credentials;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Where {@code tail} and {@code verify} listen. */
class SourceTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "mqtt://broker, mqtt://broker, sluice/v1/#",
        "mqtts://broker:8884/, mqtts://broker:8884, sluice/v1/#",
        "mqtt://broker/plant/+/data/#, mqtt://broker, plant/+/data/#",
        "ws://broker:8080, ws://broker:8080, sluice/v1/#",
        "ws://broker/mqtt, ws://broker/mqtt, sluice/v1/#",
        "wss://broker/a/b?plant/+/data/#, wss://broker/a/b, plant/+/data/#",
        "wss://broker?, wss://broker, sluice/v1/#",
    })
    void aUrlNamesABrokerAndATopicFilter(String url, URI broker, String filter) throws Exception {
        Subscription subscription = open(url);

        assertThat(subscription.options().brokers()).containsExactly(broker);
        assertThat(subscription.filters()).containsExactly(filter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtt://", "ws://a b/mqtt", "mqtt://:1883/x"})
    void aUrlThatIsNoneIsAnErrorOfTheCommandLine(String url) {
        assertThatExceptionOfType(Unusable.class)
                .isThrownBy(() -> open(url))
                .satisfies(e -> assertThat(e.exitCode).isEqualTo(ExitCodes.USAGE))
                .satisfies(e -> assertThat(e.text).isNotBlank());
    }

    @Test
    void aPasswordNeedsNoUserName() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "secret\n");

        Credentials credentials = open("mqtt://broker", "--password-file", file.toString())
                .options()
                .credentials()
                .orElseThrow();

        assertThat(credentials.username()).isEmpty();
        assertThat(credentials.password().orElseThrow()).isEqualTo("secret".getBytes(StandardCharsets.UTF_8));
    }

    private static Subscription open(String... arguments) throws Unusable {
        return CommandLine.populateCommand(new Source(), arguments).open("tail", new PrintWriter(new StringWriter()));
    }
}
