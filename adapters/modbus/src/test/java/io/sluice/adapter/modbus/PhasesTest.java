package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhasesTest {

    private static final long ORIGIN = 7_000_000_123L;

    private static List<Long> given(int devices, Duration interval) {
        Phases phases = new Phases(ORIGIN, Collections.nCopies(devices, interval));
        return IntStream.range(0, devices)
                .mapToObj(_ -> phases.next(interval.toNanos()))
                .toList();
    }

    private static long mostInOneMillisecond(List<Long> times) {
        Map<Long, Long> counts = times.stream()
                .collect(Collectors.groupingBy(
                        Function.<Long>identity().andThen(t -> t / 1_000_000), Collectors.counting()));
        return Collections.max(counts.values());
    }

    @Test
    void aFewPollsShareASlot() {
        List<Long> times = given(20, Duration.ofMillis(100));
        assertThat(times.stream().distinct()).hasSize(10);
        assertThat(mostInOneMillisecond(times)).isEqualTo(2);
    }

    @Test
    void aThousandDevicesDoNotPollInTheSameMillisecond() {
        assertThat(mostInOneMillisecond(given(1_000, Duration.ofSeconds(1)))).isLessThanOrEqualTo(4);
    }

    @Test
    void everySlotLiesWithinTheInterval() {
        assertThat(given(100, Duration.ofMillis(20))).allMatch(time -> time >= ORIGIN && time < ORIGIN + 20_000_000);
    }

    @Test
    void anIntervalShorterThanASlotStartsAtOnce() {
        Phases phases = new Phases(ORIGIN, List.of(Duration.ofSeconds(10), Duration.ofMillis(50)));
        assertThat(phases.next(50_000_000)).isEqualTo(ORIGIN);
        assertThat(phases.next(50_000_000)).isEqualTo(ORIGIN);
    }

    @Test
    void moreThanFourThousandPollsASecondStillSpreadOverEveryMillisecond() {
        List<Long> times = given(100, Duration.ofMillis(20));
        assertThat(times.stream().distinct()).hasSize(20);
    }
}
