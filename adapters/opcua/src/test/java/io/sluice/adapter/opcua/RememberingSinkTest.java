package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.Value;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class RememberingSinkTest {

    private static final IntPredicate NEVER = tag -> false;

    private final RecordingSink told = new RecordingSink();
    private final RememberingSink sink = new RememberingSink(told, 2);

    private static Sample sample(int tag, long value, long time) {
        return new Sample(tag, new Value.Signed(value), Status.GOOD, time);
    }

    private void interrupt() throws InterruptedException {
        sink.offline(Status.bad(SluiceCode.DEVICE_UNREACHABLE), "gone");
        sink.online();
    }

    @Test
    void givesAgainWhatHasNotChangedWhileTheDeviceWasOffline() throws InterruptedException {
        sink.accept(sample(0, 7, 10));
        sink.accept(sample(1, 8, 11));
        interrupt();
        sink.refresh(List.of(sample(0, 7, 10), sample(1, 8, 11)), NEVER);
        assertThat(told.samples)
                .containsExactly(sample(0, 7, 10), sample(1, 8, 11), sample(0, 7, 10), sample(1, 8, 11));
        sink.refresh(List.of(sample(0, 7, 10)), NEVER);
        assertThat(told.samples).as("once is enough").hasSize(4);
    }

    @Test
    void givesAgainWhatTheServerCountsFromWhereItLeavesTheChangeOut() throws InterruptedException {
        sink.filtered(Map.of(0, 2.0, 1, 2.0));
        assertThat(told.anew).containsExactlyInAnyOrder(0, 1);
        sink.accept(sample(0, 7, 10));
        sink.accept(sample(1, 7, 10));
        interrupt();
        sink.refresh(List.of(sample(0, 9, 12), sample(1, 10, 12)), NEVER);
        assertThat(told.samples)
                .as("7 again, since a change by 2 does not come; 10 comes from the Subscription")
                .containsExactly(sample(0, 7, 10), sample(1, 7, 10), sample(0, 7, 10));
    }

    @Test
    void aTagThatWaitsForItsTriggerIsGivenAgainAlsoIfItHasChanged() throws InterruptedException {
        sink.accept(sample(0, 7, 10));
        interrupt();
        sink.refresh(List.of(sample(0, 8, 12)), tag -> tag == 0);
        assertThat(told.samples).containsExactly(sample(0, 7, 10), sample(0, 8, 12));
    }

    @Test
    void anotherStatusIsNoChangeThatTheServerLeavesOut() throws InterruptedException {
        sink.filtered(Map.of(0, 2.0));
        sink.accept(sample(0, 7, 10));
        interrupt();
        sink.refresh(List.of(new Sample(0, new Value.Signed(8), Status.uncertain(SluiceCode.UNDECODABLE), 12)), NEVER);
        assertThat(told.samples).containsExactly(sample(0, 7, 10));
    }

    @Test
    void aNewSessionFiltersNothingUntilItSaysSo() throws InterruptedException {
        sink.filtered(Map.of(0, 2.0));
        sink.accept(sample(0, 7, 10));
        sink.unfiltered();
        interrupt();
        sink.refresh(List.of(sample(0, 8, 12)), NEVER);
        sink.filterAnew();
        assertThat(told.samples).containsExactly(sample(0, 7, 10));
        assertThat(told.anew).containsExactly(0);
    }

    @Test
    void leavesAChangedValueToTheSubscription() throws InterruptedException {
        sink.accept(sample(0, 7, 10));
        interrupt();
        sink.refresh(List.of(sample(0, 9, 12)), NEVER);
        assertThat(told.samples).containsExactly(sample(0, 7, 10));
    }

    @Test
    void doesNotDoubleAValueThatTheSubscriptionHasBroughtMeanwhile() throws InterruptedException {
        sink.accept(sample(0, 7, 10));
        interrupt();
        sink.accept(sample(0, 8, 11));
        sink.accept(sample(0, 9, 12));
        sink.refresh(List.of(sample(0, 9, 12)), NEVER);
        assertThat(told.samples).containsExactly(sample(0, 7, 10), sample(0, 8, 11), sample(0, 9, 12));
    }

    @Test
    void aTagWithoutAnySampleTakesTheFirst() throws InterruptedException {
        interrupt();
        sink.refresh(List.of(sample(0, 7, 10)), NEVER);
        assertThat(told.samples).as("left to the Subscription at first").isEmpty();
        sink.restate(List.of(sample(0, 7, 10)));
        assertThat(told.samples).containsExactly(sample(0, 7, 10));
    }

    @Test
    void aValueThatChangedAndChangedBackComesOnceAndInOrder() throws InterruptedException {
        sink.accept(sample(0, 7, 10));
        interrupt();
        sink.refresh(List.of(sample(0, 7, 14)), NEVER);
        sink.accept(sample(0, 8, 12));
        sink.accept(sample(0, 7, 14));
        sink.restate(List.of(sample(0, 7, 14)));
        assertThat(told.samples).containsExactly(sample(0, 7, 10), sample(0, 8, 12), sample(0, 7, 14));
    }

    @Test
    void aValueWhoseTimeMovesWithoutAChangeIsGivenAgainWhenNothingElseCame() throws InterruptedException {
        sink.accept(sample(0, 7, 10));
        interrupt();
        sink.refresh(List.of(sample(0, 7, 14)), NEVER);
        assertThat(told.samples).hasSize(1);
        sink.restate(List.of(sample(0, 7, 15)));
        assertThat(told.samples).containsExactly(sample(0, 7, 10), sample(0, 7, 15));
    }
}
