package io.sluice.adapter.gpio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DebouncerTest {

    private static final long LASTING = 20;

    private final Debouncer debouncer = new Debouncer(LASTING, false);

    @Test
    void acceptsALevelThatLastedAndDatesItByItsEdge() {
        debouncer.observe(true, 100, 1_000);

        assertThat(debouncer.settle(119)).isEmpty();
        assertThat(debouncer.settle(120)).hasValue(1_000);
        assertThat(debouncer.level()).isTrue();
    }

    @Test
    void countsFromTheLastBounce() {
        debouncer.observe(true, 100, 1_000);
        debouncer.observe(false, 105, 1_005);
        debouncer.observe(true, 110, 1_010);

        assertThat(debouncer.settle(120)).isEmpty();
        assertThat(debouncer.settle(130)).hasValue(1_010);
    }

    @Test
    void ignoresAPulseThatIsTooShort() {
        debouncer.observe(true, 100, 1_000);
        debouncer.observe(false, 119, 1_019);

        assertThat(debouncer.due(120)).isEmpty();
        assertThat(debouncer.settle(500)).isEmpty();
        assertThat(debouncer.level()).isFalse();
    }

    @Test
    void saysWhenToLookAgain() {
        debouncer.observe(true, 100, 1_000);

        assertThat(debouncer.due(105)).hasValue(15);
    }

    @Test
    void doesNotStartAgainWhenTheSameLevelIsSeenTwice() {
        debouncer.observe(true, 100, 1_000);
        debouncer.observe(true, 110, 1_010);

        assertThat(debouncer.settle(120)).hasValue(1_000);
    }

    @Test
    void acceptsAtOnceWithoutDebounceTime() {
        Debouncer immediate = new Debouncer(0, false);
        immediate.observe(true, 100, 1_000);

        assertThat(immediate.settle(100)).hasValue(1_000);
    }
}
