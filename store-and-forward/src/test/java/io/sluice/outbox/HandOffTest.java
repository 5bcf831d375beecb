package io.sluice.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When a group is due. */
class HandOffTest {

    private final AtomicLong nanos = new AtomicLong(1_000_000_000L);

    private HandOff handOff(Duration flushInterval) {
        return new HandOff(1 << 20, flushInterval.toNanos(), nanos::get, new Ledger());
    }

    private static void acknowledge(HandOff handOff, int from, int to) {
        for (long position = from; position <= to; position++) {
            handOff.acknowledge(position);
        }
    }

    @Test
    void acknowledgementsWaitForEachOtherUntilThereAreAThousand() throws Exception {
        HandOff handOff = handOff(Duration.ZERO);
        acknowledge(handOff, 1, 999);
        assertThat(handOff.take(0, false).acknowledged).isEmpty();
        acknowledge(handOff, 1_000, 1_000);
        assertThat(handOff.take(0, false).acknowledged).hasSize(1_000);
        acknowledge(handOff, 1_001, 1_001);
        assertThat(handOff.take(0, false).acknowledged).isEmpty();
        nanos.addAndGet(CommitPace.ALONE_NANOS + 1);
        assertThat(handOff.take(0, false).acknowledged).containsExactly(1_001L);
    }

    @Test
    void howeverManyTheyAreThereIsOneCommitInAFlushInterval() throws Exception {
        HandOff handOff = handOff(Duration.ofMillis(50));
        acknowledge(handOff, 1, 5_000);
        assertThat(handOff.take(0, false).acknowledged).isEmpty();
        nanos.addAndGet(Duration.ofMillis(50).toNanos());
        assertThat(handOff.take(0, false).acknowledged).hasSize(5_000);
    }

    @Test
    void whatIsAppendedTakesManyAcknowledgementsAlongAndLeavesFew() throws Exception {
        HandOff handOff = handOff(Duration.ZERO);
        acknowledge(handOff, 1, 10);
        handOff.append(new Group.Pending("meter-1", Bench.data(8, 1)), () -> 0);
        Group few = handOff.take(0, false);
        assertThat(few.entries).hasSize(1);
        assertThat(few.acknowledged).isEmpty();
        handOff.settled(new Ledger(), Map.of(), true);
        acknowledge(handOff, 11, 1_000);
        handOff.append(new Group.Pending("meter-1", Bench.data(8, 1)), () -> 0);
        Group many = handOff.take(0, false);
        assertThat(many.entries).hasSize(1);
        assertThat(many.acknowledged).hasSize(1_000);
    }
}
