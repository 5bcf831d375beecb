package io.sluice.gateway.southbound;

import static io.sluice.gateway.southbound.PipelineBench.DETAIL;
import static io.sluice.gateway.southbound.PipelineBench.device;
import static io.sluice.gateway.southbound.PipelineBench.good;
import static io.sluice.gateway.southbound.PipelineBench.tag;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.telemetry.Message.Reading;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.TagDescriptor.Detail;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Names and meanings of tags: what the device says of them, what the profile says, and what was known before. */
class TagMeaningTest {

    private final PipelineBench bench = new PipelineBench();

    private static TagMeaning said(String unit, double low, double high) {
        return new TagMeaning(
                unit, "Force at the ram", List.of(), OptionalDouble.of(low), OptionalDouble.of(high), DETAIL);
    }

    @Test
    void takesWhatTheDeviceSaysOfATagWhereTheProfileIsSilent() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(null, 65_536, tag("a", null, null));
        pipeline.describe(0, said("kN", 0, 60));
        pipeline.accept(good(0, new Value.Float64(1)));
        pipeline.flush();

        assertThat(bench.bound.keySet()).singleElement().satisfies(tag -> {
            assertThat(tag.unit()).as("the profile's unit wins").isEqualTo("V");
            assertThat(tag.high()).isEqualTo(OptionalDouble.of(60));
            assertThat(tag.description()).isEqualTo("Force at the ram");
            assertThat(tag.detail()).isEqualTo(DETAIL);
        });
    }

    @Test
    void aTagOfATemplateIsNamedWhenTheDeviceHasFoundIt() throws InterruptedException {
        DevicePlan.PlannedTag place = DevicePlan.PlannedTag.template("zones", "/Objects/*");
        DevicePipeline pipeline = bench.pipeline(device(tag("zones", null, "5")), 65_536, List.of(place, place));
        assertThat(bench.bound).isEmpty();
        pipeline.offline(Status.bad(SluiceCode.DEVICE_UNREACHABLE), "gone");
        pipeline.found(1, "zones.b", "i=2");
        pipeline.accept(good(1, new Value.Signed(7)));
        pipeline.accept(good(1, new Value.Signed(8))); // inside the template's deadband
        pipeline.found(0, "zones.a", "i=1");
        pipeline.found(1, "zones.b", "i=2");
        pipeline.accept(good(0, new Value.Signed(9)));
        pipeline.flush();

        assertThat(bench.bound.keySet())
                .extracting(tag -> tag.name() + " " + tag.source() + " " + tag.unit())
                .containsExactly("zones.b i=2 V", "zones.a i=1 V");
        assertThat(bench.readings())
                .extracting(Reading::value)
                .containsExactly(new Value.Signed(7), new Value.Signed(9));
    }

    private static TagMeaning ofType(ValueType type) {
        TagMeaning none = TagMeaning.NONE;
        return new TagMeaning(
                none.unit(),
                none.description(),
                none.enumeration(),
                none.low(),
                none.high(),
                none.detail(),
                Optional.of(type));
    }

    @Test
    void tagsOfWhichTheDeviceSaysTheTypeAreBoundInOneCommitBeforeTheirFirstValues() throws InterruptedException {
        DevicePipeline pipeline =
                bench.pipeline(null, 65_536, tag("a", null, null), tag("b", "0.1", null), tag("c", null, null));
        pipeline.describe(0, ofType(ValueType.UNSIGNED));
        pipeline.describe(1, ofType(ValueType.SIGNED));
        pipeline.describe(2, ofType(ValueType.STRING));
        pipeline.accept(good(0, new Value.Unsigned(1)));
        pipeline.accept(good(1, new Value.Signed(20)));
        pipeline.accept(new Sample(2, null, Status.bad(SluiceCode.UNDECODABLE), PipelineBench.NOW));
        pipeline.flush();

        assertThat(bench.binds).isEqualTo(1);
        assertThat(bench.bound.keySet())
                .extracting(TagDescriptor::type)
                .containsExactly(ValueType.UNSIGNED, ValueType.FLOAT64, ValueType.STRING);
        assertThat(bench.readings()).extracting(Reading::alias).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void aTypeInWhichNoValueComesIsNotBelievedAgain() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(null, 65_536, tag("a", null, null));
        pipeline.describe(0, ofType(ValueType.FLOAT64));
        pipeline.accept(good(0, new Value.Float32(1)));
        pipeline.describe(0, ofType(ValueType.FLOAT64));
        pipeline.accept(good(0, new Value.Float32(2)));
        pipeline.describe(0, ofType(ValueType.SIGNED));
        pipeline.accept(good(0, new Value.Signed(3)));
        pipeline.flush();

        assertThat(bench.binds).isEqualTo(3);
        assertThat(bench.readings()).extracting(Reading::alias).containsExactly(2, 2, 3);
    }

    @Test
    void tagsWhoseTypeOnlyTheirValuesTellAreBoundInOneCommitWhereTheyComeTogether() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(null, 65_536, tag("a", null, null), tag("b", "0.1", null));
        List<Sample> first = List.of(
                good(0, new Value.Text("x")),
                new Sample(1, null, Status.bad(SluiceCode.UNDECODABLE), PipelineBench.NOW),
                good(1, new Value.Signed(20)),
                good(1, new Value.Signed(30)));
        pipeline.coming(first);
        assertThat(bench.binds).isEqualTo(1);
        for (Sample sample : first) {
            pipeline.accept(sample);
        }
        pipeline.coming(first);
        pipeline.flush();

        assertThat(bench.binds).isEqualTo(1);
        assertThat(bench.readings()).extracting(Reading::alias).containsExactlyInAnyOrder(1, 2, 2, 2);
    }

    @Test
    void scalesTheRangesOfTheDeviceAsItsValues() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(null, 65_536, tag("a", "-0.1", null));
        pipeline.describe(0, said("kN", 0, 60));
        pipeline.accept(good(0, new Value.Float64(1)));
        pipeline.flush();

        assertThat(bench.bound.keySet()).singleElement().satisfies(tag -> {
            assertThat(tag.low()).isEqualTo(OptionalDouble.of(-6));
            assertThat(tag.high()).isEqualTo(OptionalDouble.of(0));
            assertThat(tag.detail().instrumentLow()).isEqualTo(OptionalDouble.of(-7));
            assertThat(tag.detail().instrumentHigh()).isEqualTo(OptionalDouble.of(1));
            assertThat(tag.detail().valuePrecision()).isEmpty();
        });
    }

    @Test
    void whatTheDeviceSaysOfManyTagsAtTheNextConnectionIsBoundInOneCommitAndOnlyIfItIsNew()
            throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(null, 65_536, tag("a", null, null), tag("b", null, null));
        pipeline.accept(good(0, new Value.Float64(1)));
        pipeline.accept(good(1, new Value.Float64(1)));
        int before = bench.binds;
        pipeline.describe(0, said("V", 0, 60));
        pipeline.describe(1, said("V", 0, 60));
        pipeline.accept(good(0, new Value.Float64(2)));
        pipeline.accept(good(1, new Value.Float64(2)));
        assertThat(bench.binds - before).isEqualTo(1);
        pipeline.describe(0, said("V", 0, 60));
        pipeline.describe(1, said("V", 0, 60));
        pipeline.accept(good(0, new Value.Float64(3)));
        pipeline.flush();
        assertThat(bench.binds - before).isEqualTo(1);
        assertThat(bench.readings()).extracting(Reading::alias).containsExactly(1, 2, 3, 4, 3);
    }

    @Test
    void whatTheDeviceSaidInAnEarlierRunHoldsUntilItSaysSomethingElse() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(null, 65_536, tag("known-before", null, null));
        assertThat(bench.bound.keySet()).singleElement().satisfies(tag -> {
            assertThat(tag.detail()).isEqualTo(DETAIL);
            assertThat(tag.unit()).as("the profile's unit wins").isEqualTo("V");
        });
        pipeline.describe(0, said("V", 0, 60));
        pipeline.accept(good(0, new Value.Text("a")));
        assertThat(bench.bound).hasSize(1);
        pipeline.describe(0, TagMeaning.NONE);
        pipeline.accept(good(0, new Value.Text("b")));
        assertThat(bench.bound.keySet()).extracting(TagDescriptor::detail).containsExactly(DETAIL, Detail.NONE);
    }

    @Test
    void saysOnceWhereTheProfileContradictsTheDevice() throws InterruptedException {
        DevicePipeline pipeline = bench.pipeline(null, 65_536, tag("a", null, null));
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(DevicePipeline.class);
        log.start();
        logger.addAppender(log);
        try {
            pipeline.describe(0, said("kN", 0, 60));
            pipeline.describe(0, said("kN", 0, 60));
            pipeline.describe(0, said("V", 0, 60));
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("meter-1: the profile wins over what the device says of a: unit V, not kN");
    }
}
