package io.sluice.gateway.southbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.Value;
import org.junit.jupiter.api.Test;

class DeadbandTest {

    private static final long NEVER = Long.MAX_VALUE;

    private static Value number(double value) {
        return new Value.Float64(value);
    }

    @Test
    void reportsTheFirstReading() {
        assertThat(new Deadband(5, NEVER).report(number(1), Status.GOOD, 0)).isTrue();
    }

    @Test
    void measuresTheBandFromTheLastReportedValueSoThatASlowDriftIsSeen() {
        Deadband band = new Deadband(5, NEVER);
        band.report(number(100), Status.GOOD, 0);

        assertThat(band.report(number(104), Status.GOOD, 0)).isFalse();
        assertThat(band.report(number(105), Status.GOOD, 0)).isFalse();
        assertThat(band.report(number(105.1), Status.GOOD, 0)).isTrue();
    }

    @Test
    void reportsEveryChangeWhereTheBandIsZero() {
        Deadband band = new Deadband(0, NEVER);
        band.report(new Value.Signed(1), Status.GOOD, 0);

        assertThat(band.report(new Value.Signed(1), Status.GOOD, 0)).isFalse();
        assertThat(band.report(new Value.Signed(2), Status.GOOD, 0)).isTrue();
    }

    @Test
    void reportsAChangeOfStatusWhateverTheValue() {
        Deadband band = new Deadband(5, NEVER);
        band.report(number(100), Status.GOOD, 0);

        assertThat(band.report(null, Status.bad(SluiceCode.DEVICE_UNREACHABLE), 0))
                .isTrue();
        assertThat(band.report(number(100), Status.GOOD, 0)).isTrue();
    }

    @Test
    void reportsAfterTheLongestInterval() {
        Deadband band = new Deadband(5, 1_000);
        band.report(number(100), Status.GOOD, 0);

        assertThat(band.report(number(100), Status.GOOD, 999)).isFalse();
        assertThat(band.report(number(100), Status.GOOD, 1_000)).isTrue();
    }

    @Test
    void reportsATextThatChanged() {
        Deadband band = new Deadband(5, NEVER);
        band.report(new Value.Text("open"), Status.GOOD, 0);

        assertThat(band.report(new Value.Text("open"), Status.GOOD, 0)).isFalse();
        assertThat(band.report(new Value.Text("closed"), Status.GOOD, 0)).isTrue();
    }

    @Test
    void doesNotRepeatNotANumberForEver() {
        Deadband band = new Deadband(5, NEVER);
        band.report(number(Double.NaN), Status.GOOD, 0);

        assertThat(band.report(number(Double.NaN), Status.GOOD, 0)).isFalse();
    }

    @Test
    void reportsTheNextReadingAfterForgetting() {
        Deadband band = new Deadband(5, NEVER);
        band.report(number(100), Status.GOOD, 0);
        band.forget();

        assertThat(band.report(number(100), Status.GOOD, 0)).isTrue();
    }
}
