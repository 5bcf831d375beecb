package io.sluice.gateway.southbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.telemetry.Message.State;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviceMeterTest {

    private static final long SECOND = 1_000_000_000L;

    private final DeviceMeter meter = new DeviceMeter("meter-1", 100, 0);

    @Test
    void knowsTheRateOfTheLastSeconds() {
        for (int second = 1; second <= 60; second++) {
            meter.handedOver(second <= 30 ? 1 : 5, second, second * SECOND);
        }

        assertThat(meter.health(60 * SECOND).readingsPerSecond()).isCloseTo(5, within(0.5));
        assertThat(meter.health(60 * SECOND).readings()).isEqualTo(30 + 30 * 5);
        assertThat(meter.health(600 * SECOND).readingsPerSecond()).isLessThan(0.2);
    }

    @Test
    void remembersSinceWhenTheStateIsWhatItIs() {
        meter.changed(State.OFFLINE, "no answer", 200);
        meter.changed(State.OFFLINE, "connection refused", 300);

        DeviceHealth health = meter.health(SECOND);
        assertThat(health.state()).isEqualTo(State.OFFLINE);
        assertThat(health.since()).isEqualTo(200);
        assertThat(health.error()).isEqualTo("connection refused");
    }

    @Test
    void saysNothingOfAReadingBeforeThereWasOne() {
        assertThat(meter.health(SECOND).lastReading()).isEmpty();
        meter.handedOver(3, 77, SECOND);
        meter.handedOver(1, 76, 2 * SECOND);
        meter.lost(9);

        assertThat(meter.health(3 * SECOND).lastReading()).hasValue(77);
        assertThat(meter.counters()).isEqualTo(Map.of("readings", 4L, "lost", 9L));
    }
}
