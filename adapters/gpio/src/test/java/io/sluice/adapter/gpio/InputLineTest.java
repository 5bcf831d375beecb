package io.sluice.adapter.gpio;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputLineTest {

    private static final long MILLISECOND = 1_000_000;

    private final List<Sample> samples = new ArrayList<>();
    private long now;

    @Test
    void reportsEdgesOfTheVoltageAsTheLogicalState() throws Exception {
        InputLine line = line("door: { line: 1, active-low: true }", true);
        line.level(false);

        assertThat(samples).containsExactly(sample(new Value.Bool(true), now));
    }

    @Test
    void givesNumbersWhereTheStatesHaveNames() throws Exception {
        InputLine line = line("door: { line: 1, states: { 0: closed, 1: open } }", false);
        line.level(true);

        assertThat(samples).containsExactly(sample(new Value.Signed(1), now));
    }

    @Test
    void reportsOnlyTheEdgesAskedFor() throws Exception {
        InputLine line = line("door: { line: 1, edge: rising }", false);
        line.level(true);
        line.level(false);

        assertThat(samples).extracting(Sample::value).containsExactly(new Value.Bool(true));
    }

    @Test
    void datesADebouncedChangeByItsEdge() throws Exception {
        InputLine line = line("door: { line: 1, debounce: 20ms }", false);
        now = 5 * MILLISECOND;
        line.level(true);
        assertThat(line.claimCheck()).hasValue(20 * MILLISECOND);

        now += 20 * MILLISECOND;
        line.check();

        assertThat(samples).containsExactly(sample(new Value.Bool(true), 5 * MILLISECOND));
    }

    @Test
    void asksForOneCheckAtATimeHoweverMuchItBounces() throws Exception {
        InputLine line = line("door: { line: 1, debounce: 20ms }", false);
        line.level(true);
        assertThat(line.claimCheck()).isPresent();
        line.level(false);
        line.level(true);

        assertThat(line.claimCheck()).isEmpty();
    }

    @Test
    void countsOneForAPulseThatBounces() throws Exception {
        InputLine line = line("energy: { line: 1, type: counter, debounce: 5ms }", false);
        line.level(true);
        line.level(false);
        line.level(true);
        now += 5 * MILLISECOND;
        line.check();
        line.report();

        assertThat(samples).extracting(Sample::value).containsExactly(new Value.Unsigned(1));
    }

    @Test
    void countsFallingEdgesOnlyIfAsked() throws Exception {
        InputLine line = line("energy: { line: 1, type: counter, edge: falling }", true);
        line.level(false);
        line.level(true);
        line.level(false);
        line.report();

        assertThat(samples).extracting(Sample::value).containsExactly(new Value.Unsigned(2));
    }

    @Test
    void goesOnCountingWhenTheChipComesBack() throws Exception {
        InputLine line = line("energy: { line: 1, type: counter }", false);
        line.level(true);
        line.closed();
        line.level(false);
        line.level(true);
        line.opened(new Level(false));
        line.level(true);
        line.report();

        assertThat(samples).extracting(Sample::value).containsExactly(new Value.Unsigned(2));
    }

    private InputLine line(String tag, boolean high) throws Exception {
        InputLine line = new InputLine(Yaml.tags(tag).lines().getFirst(), () -> now, () -> now, samples::add);
        line.opened(new Level(high));
        return line;
    }

    private static Sample sample(Value value, long time) {
        return new Sample(0, value, Status.GOOD, time);
    }

    private record Level(boolean high) implements Chips.Input {
        @Override
        public void close() {}
    }
}
