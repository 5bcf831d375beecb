package io.sluice.gateway.southbound;

import static io.sluice.gateway.southbound.PipelineBench.NOW;
import static io.sluice.gateway.southbound.PipelineBench.batch;
import static io.sluice.gateway.southbound.PipelineBench.good;
import static io.sluice.gateway.southbound.PipelineBench.tag;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.Sample;
import io.sluice.outbox.LossReason;
import io.sluice.telemetry.ClockState;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.Message.Reading;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class DevicePipelineTest {

    private final PipelineBench bench = new PipelineBench();

    @Test
    void storesAPollAsOneBatch() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.SIGNED, tag("a", null, null), tag("b", null, null));
        pipeline.accept(good(0, new Value.Signed(1)));
        pipeline.accept(good(1, new Value.Signed(2)));
        assertThat(bench.stored).isEmpty();

        pipeline.flush();

        assertThat(bench.stored).singleElement().satisfies(data -> {
            assertThat(data.readings()).isEqualTo(2);
            assertThat(data.lastReadingNanos()).isEqualTo(NOW);
        });
        assertThat(bench.readings()).extracting(Reading::alias).containsExactly(1, 2);
    }

    @Test
    void scalesBeforeTheDeadbandAndTheAlias() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.SIGNED, tag("a", "0.1", "1"));
        for (long raw : new long[] {2301, 2305, 2312}) {
            pipeline.accept(good(0, new Value.Signed(raw)));
        }
        pipeline.flush();

        assertThat(bench.readings())
                .extracting(Reading::value)
                .containsExactly(new Value.Float64(230.1), new Value.Float64(231.2));
        assertThat(bench.bound.keySet()).extracting(TagDescriptor::type).containsExactly(ValueType.FLOAT64);
    }

    @Test
    void givesOneBadReadingPerTagWhenTheDeviceFallsSilentAndNothingMore() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.SIGNED, tag("a", null, "5"), tag("b", null, null));
        Status unreachable = Status.bad(SluiceCode.DEVICE_UNREACHABLE);
        pipeline.online();
        pipeline.offline(unreachable, "timed out");
        pipeline.offline(unreachable, "timed out");

        assertThat(bench.readings()).hasSize(2).allSatisfy(reading -> {
            assertThat(reading.value()).isNull();
            assertThat(reading.status()).isEqualTo(unreachable);
        });
        assertThat(bench.states).containsExactly("ONLINE ", "OFFLINE timed out");
    }

    @Test
    void reportsTheFirstValueAfterADeviceCameBackEvenInsideTheDeadband() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.SIGNED, tag("a", null, "5"));
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.offline(Status.bad(SluiceCode.DEVICE_UNREACHABLE), "timed out");
        pipeline.online();
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.flush();

        assertThat(bench.readings())
                .extracting(Reading::value)
                .containsExactly(new Value.Signed(100), null, new Value.Signed(100));
    }

    @Test
    void namesATagByItsTypeOfAnEarlierRunWhileTheDeviceIsSilentFromTheStart() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(null, 65_536, tag("known-before", null, null), tag("new", null, null));
        pipeline.offline(Status.bad(SluiceCode.DEVICE_UNREACHABLE), "refused");

        assertThat(bench.readings()).singleElement().extracting(Reading::alias).isEqualTo(1);
        assertThat(bench.bound.keySet()).extracting(TagDescriptor::name).containsExactly("known-before");
    }

    @Test
    void takesTheGatewaysTimeUncertainWhereTheSourcesIsNotUsable() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.SIGNED, tag("a", null, null));
        for (long time : new long[] {Sample.NO_TIME, -1, Long.MAX_VALUE}) {
            pipeline.accept(new Sample(0, new Value.Signed(1), Status.GOOD, time));
        }
        pipeline.flush();

        assertThat(bench.readings()).hasSize(3).allSatisfy(reading -> {
            assertThat(reading.time().toNanos()).isEqualTo(NOW);
            assertThat(reading.status()).isEqualTo(Status.uncertain(SluiceCode.SOURCE_TIME_REPLACED));
        });
    }

    @Test
    void keepsASourceTimeAsTheSourceGaveIt() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.SIGNED, tag("a", null, null));
        pipeline.accept(new Sample(0, new Value.Signed(1), Status.GOOD, NOW - 123_456_789));
        pipeline.flush();

        assertThat(bench.readings())
                .singleElement()
                .satisfies(r -> assertThat(r.time().toNanos()).isEqualTo(NOW - 123_456_789));
    }

    @Test
    void closesABatchBeforeItOutgrowsItsLimit() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.STRING, 4_096, tag("a", null, null));
        for (int i = 0; i < 20; i++) {
            pipeline.accept(good(0, new Value.Text("x".repeat(400))));
        }
        pipeline.flush();

        assertThat(bench.stored)
                .hasSizeGreaterThan(1)
                .allSatisfy(d -> assertThat(d.body()).hasSizeLessThanOrEqualTo(4_096));
        assertThat(bench.readings()).hasSize(20);
    }

    @Test
    void turnsAValueThatIsTooLargeIntoABadReading() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.BYTES, 4_096, tag("a", null, null));
        pipeline.accept(good(0, new Value.Bytes(new byte[5_000])));
        pipeline.flush();

        assertThat(bench.readings()).singleElement().satisfies(reading -> {
            assertThat(reading.value()).isNull();
            assertThat(reading.status()).isEqualTo(Status.bad(SluiceCode.TOO_LARGE));
        });
    }

    @Test
    void closesTheBatchAtAStepOfTheClockAndNeverLetsTheBaseFallWithinAGeneration() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.SIGNED, tag("a", null, null));
        pipeline.accept(good(0, new Value.Signed(1)));
        bench.clock.state =
                new ClockState(ClockState.Timescale.ARB, OptionalInt.empty(), 1, ClockState.Quality.UNKNOWN);
        pipeline.accept(good(0, new Value.Signed(2)));
        pipeline.flush();

        assertThat(bench.stored).hasSize(2);
        assertThat(bench.stored).extracting(d -> batch(d).clock().generation()).containsExactly(0L, 1L);
    }

    @Test
    void whereTheDeviceBeginsToFilterWhatIsHeldBackIsReportedAndSoIsTheNextReading() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.SIGNED, tag("a", null, "5"), tag("b", null, "5"));
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.accept(good(0, new Value.Signed(103))); // inside the deadband
        pipeline.accept(good(1, new Value.Signed(7)));
        pipeline.flush();
        bench.stored.clear();

        pipeline.reportAnew(0);
        pipeline.reportAnew(1);
        pipeline.accept(good(0, new Value.Signed(104)));
        pipeline.accept(good(1, new Value.Signed(8)));
        pipeline.accept(good(1, new Value.Signed(9)));
        pipeline.flush();

        assertThat(bench.readings())
                .extracting(Reading::value)
                .containsExactly(new Value.Signed(103), new Value.Signed(104), new Value.Signed(8));
    }

    @Test
    void handsOnWhatWasLostAndReportsEveryTagAnew() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.SIGNED, tag("a", null, "5"));
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.lost(io.sluice.telemetry.Message.LossReason.SOURCE_GAP, 3, NOW, NOW);
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.flush();

        assertThat(bench.lost).containsExactly(LossReason.SOURCE_GAP);
        assertThat(bench.readings()).hasSize(2);
    }

    @Test
    void afterALossInTheOutboxEveryTagReportsOnceWhatWasLastReadOfIt() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.SIGNED, tag("a", null, "5"), tag("b", null, null));
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.accept(good(1, new Value.Signed(7)));
        pipeline.flush();
        pipeline.accept(good(0, new Value.Signed(103))); // inside the deadband
        pipeline.flush();
        bench.stored.clear();

        pipeline.reportAll();
        pipeline.flush();
        pipeline.flush();

        assertThat(bench.readings())
                .extracting(Reading::value)
                .containsExactly(new Value.Signed(103), new Value.Signed(7));
    }

    @Test
    void whatTheOpenBatchHoldsAlreadyIsNotReportedTwiceAfterALoss() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.SIGNED, tag("a", null, null), tag("b", null, null));
        pipeline.accept(good(0, new Value.Signed(1)));
        pipeline.flush();
        bench.stored.clear();

        pipeline.reportAll();
        pipeline.accept(good(1, new Value.Signed(2)));
        pipeline.flush();

        assertThat(bench.readings())
                .extracting(Reading::value)
                .containsExactlyInAnyOrder(new Value.Signed(1), new Value.Signed(2));
    }

    @Test
    void anEventIsNotToldAgainAfterALoss() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.STRUCTURE, tag("alarms", null, null));
        pipeline.accept(good(0, new Value.Structure(List.of())));
        pipeline.flush();
        assertThat(bench.readings()).hasSize(1);
        bench.stored.clear();

        pipeline.reportAll();
        pipeline.flush();

        assertThat(bench.readings()).isEmpty();
        assertThat(bench.bound.keySet()).extracting(TagDescriptor::kind).containsExactly(TagDescriptor.Kind.EVENT);
    }

    @Test
    void bindsTheAliasOnceAndNotForEachReading() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.SIGNED, tag("a", null, null));
        bench.bound.clear();
        pipeline.accept(good(0, new Value.Signed(1)));

        assertThat(bench.bound).as("bound when prepared, not again").isEmpty();
        assertThat(bench.states).isEmpty();
    }

    @Test
    void whatIsReadBackTravelsInBatchesOfItsOwnAndPassesTheDeadbandBy() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(ValueType.SIGNED, tag("a", null, "10"));
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.acceptHistory(new Sample(0, new Value.Signed(97), Status.GOOD, NOW - 2_000));
        pipeline.acceptHistory(new Sample(0, new Value.Signed(98), Status.GOOD, NOW - 1_000));
        pipeline.accept(good(0, new Value.Signed(101)));
        pipeline.accept(good(0, new Value.Signed(111)));
        pipeline.flush();

        assertThat(bench.stored.stream().map(data -> batch(data).origin()))
                .containsExactly(Message.Origin.LIVE, Message.Origin.HISTORY, Message.Origin.LIVE);
        assertThat(bench.readings())
                .extracting(Reading::value)
                .containsExactly(
                        new Value.Signed(100), new Value.Signed(97), new Value.Signed(98), new Value.Signed(111));
    }
}
