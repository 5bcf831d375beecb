package io.sluice.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many loss ranges are kept apart. */
class LossRangesTest {

    private static final RunEpoch FIRST = new RunEpoch(1, 1);
    private static final RunEpoch SECOND = new RunEpoch(2, 2);
    private static final StreamKey METER = new StreamKey(1, "meter-1", FIRST);
    private static final StreamKey METER_AGAIN = new StreamKey(2, "meter-1", SECOND);
    private static final StreamKey PRESS = new StreamKey(3, "press-2", FIRST);

    private final Map<Long, LossRange> committed = new HashMap<>();
    private final Ledger ledger = new Ledger();

    private void commit(LossRanges ranges) {
        ranges.install(committed);
    }

    private List<LossRange> of(String device) {
        return committed.values().stream()
                .filter(range -> range.device().equals(device))
                .toList();
    }

    private static void dropEverySecond(LossRanges ranges, StreamKey key, int first, int count) {
        for (int i = 0; i < count; i++) {
            ranges.add(key, first + 2L * i, LossReason.REJECTED, 10);
        }
    }

    @Test
    void keepsRangesWithRowsBetweenThemApartAsLongAsTheReserveHoldsThem() {
        LossRanges ranges = new LossRanges(committed, ledger);
        dropEverySecond(ranges, METER, 1, LossRanges.RESERVE);
        commit(ranges);
        assertThat(committed).hasSize(LossRanges.RESERVE);
    }

    @Test
    void whereTheReserveIsFullTheRangesOfTheDeviceBecomeOneThatSaysHowManyAreLost() {
        LossRanges ranges = new LossRanges(committed, ledger);
        ranges.add(PRESS, 7, LossReason.EVICTED, 1);
        dropEverySecond(ranges, METER, 1, LossRanges.RESERVE - 2);
        ranges.add(METER_AGAIN, 5, LossReason.EVICTED, 3);
        assertThat(ranges.changed()).hasSize(LossRanges.RESERVE);
        ranges.add(METER_AGAIN, 9, LossReason.EVICTED, 4);
        commit(ranges);
        assertThat(of("press-2")).hasSize(1);
        assertThat(of("meter-1")).singleElement().satisfies(range -> {
            assertThat(range.firstEpoch()).isEqualTo(FIRST);
            assertThat(range.first()).isEqualTo(1);
            assertThat(range.lastEpoch()).isEqualTo(SECOND);
            assertThat(range.last()).isEqualTo(9);
            assertThat(range.counts())
                    .containsOnly(
                            Map.entry(
                                    LossReason.REJECTED,
                                    new Outgoing.Count(LossRanges.RESERVE - 2, 10L * (LossRanges.RESERVE - 2))),
                            Map.entry(LossReason.EVICTED, new Outgoing.Count(2, 7)));
        });
    }

    @Test
    void aRangeThatGrowsIsNotCountedTwice() {
        LossRanges first = new LossRanges(committed, ledger);
        for (int i = 0; i < LossRanges.RESERVE / 2 + 100; i++) {
            first.add(METER, 1 + 3L * i, LossReason.REJECTED, 1);
        }
        commit(first);
        int before = committed.size();
        LossRanges second = new LossRanges(committed, ledger);
        for (int i = 0; i < LossRanges.RESERVE / 2; i++) {
            second.add(METER, 2 + 3L * i, LossReason.REJECTED, 1);
        }
        second.add(METER, 1_000_000, LossReason.REJECTED, 1);
        commit(second);
        assertThat(committed).hasSize(before + 1);
    }
}
