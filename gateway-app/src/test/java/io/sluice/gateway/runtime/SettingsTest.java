package io.sluice.gateway.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.gateway.config.GatewayConfig;
import io.sluice.mqtt.MqttOptions;
import io.sluice.mqtt.MqttOptions.CleanStart;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    @TempDir
    Path directory;

    @Test
    void aGatewayThatSaysNothingConnectsWithTheDefaultsOfTheDeliveryContract() throws Exception {
        MqttOptions options = Settings.mqtt(config().northbound());

        assertThat(options.version()).isEqualTo(MqttOptions.Version.MQTT_5);
        assertThat(options.cleanStart()).isEqualTo(CleanStart.FIRST);
        assertThat(options.sessionExpiry()).isEqualTo(Duration.ofHours(1));
        assertThat(options.isolateCulprits()).isTrue();
        assertThat(options.window()).isEqualTo(100);
        assertThat(options.ackTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.keepAlive()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.backoffMin()).isEqualTo(Duration.ofMillis(500));
        assertThat(options.backoffMax()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.transport().tls().verifyHostname()).isTrue();
    }

    private GatewayConfig config() throws Exception {
        return GatewayFile.write(directory, """
                schema: 1
                northbound: { cloud: { brokers: [ "mqtt://broker.example" ] } }
                devices: [ { id: meter-1, protocol: modbus, connection: { host: 127.0.0.1 }, tags: { a: { address: 0 } } } ]
                """);
    }
}
