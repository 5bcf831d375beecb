package io.sluice.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.gateway.northbound.BrokerHealth;
import io.sluice.gateway.runtime.GatewayStatus;
import io.sluice.gateway.southbound.DeviceHealth;
import io.sluice.outbox.Balance;
import io.sluice.telemetry.ClockState;
import io.sluice.telemetry.Message.State;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WarningsTest {

    private static final String WARNING = "the gateway's own certificate expires in 29 days";

    private static GatewayStatus.Device device(String id, String... warnings) {
        return new GatewayStatus.Device(
                new DeviceHealth(id, State.ONLINE, "", 0, 50, 5, OptionalLong.empty(), 0),
                Optional.empty(),
                List.of(warnings));
    }

    private static GatewayStatus status() {
        BrokerHealth broker =
                new BrokerHealth("plant-7", new BrokerHealth.Link(true, "mqtt://b:1883", 3, 0, "", 0), 2, 0);
        Balance balance = new Balance(0, 0, 0, 0, 0, Map.of(), Map.of(), 0, 0, 0, Map.of(), 0);
        return new GatewayStatus(
                "plant-7",
                Optional.of(new GatewayStatus.Running(
                        "Sluice 1",
                        0,
                        0,
                        true,
                        List.of(device("press-1"), device("press-2", WARNING), device("press-3", WARNING)),
                        broker,
                        ClockState.UNKNOWN)),
                new GatewayStatus.Stored(
                        Path.of("x"), 1, 0, OptionalLong.empty(), Optional.of(balance), "", Optional.empty()));
    }

    @Test
    void eachIsShownOnceAndIsNoTroubleYet() {
        Reply text = Desk.status(status(), Call.Form.TEXT);
        assertThat(text.exit()).isEqualTo(ExitCodes.OK);
        assertThat(text.answer().lines().filter(line -> line.contains(WARNING)))
                .singleElement()
                .asString()
                .matches("warning +" + WARNING);
    }

    @Test
    void eachDeviceHasItsOwnInJson() {
        assertThat(Desk.status(status(), Call.Form.JSON).answer())
                .containsSubsequence(
                        "\"device\":\"press-1\"",
                        "\"device\":\"press-2\"",
                        "\"warnings\":[\"" + WARNING + "\"]",
                        "\"device\":\"press-3\"",
                        "\"warnings\":[\"" + WARNING + "\"]");
    }
}
