package io.sluice.gateway.southbound;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.gateway.time.WallClock;
import io.sluice.outbox.Entry;
import io.sluice.outbox.Intake;
import io.sluice.outbox.LossReason;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Settings;
import io.sluice.profiles.TagDefinition;
import io.sluice.telemetry.ClockState;
import io.sluice.telemetry.Epoch;
import io.sluice.telemetry.MalformedMessage;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.Message.Batch;
import io.sluice.telemetry.Message.Reading;
import io.sluice.telemetry.ProtobufCodec;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.TagDescriptor.Detail;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DevicePipelineTest {

    private static final Mark MARK = new Mark("gateway.yaml", 1, 1);
    private static final long NOW = 1_800_000_000_000_000_000L;

    private static final Detail DETAIL =
            new Detail("Pressing force", "i=2368", OptionalDouble.of(-10), OptionalDouble.of(70), OptionalDouble.of(2));

    private int binds;
    private final List<Entry.Data> stored = new ArrayList<>();
    private final List<LossReason> lost = new ArrayList<>();
    private final List<String> states = new ArrayList<>();
    private final Map<TagDescriptor, Integer> bound = new LinkedHashMap<>();
    private final FakeClock clock = new FakeClock();

    private static final class FakeClock implements WallClock {
        private long now = NOW;
        private ClockState state = ClockState.UNKNOWN;

        @Override
        public long now() {
            return now;
        }

        @Override
        public long monotonic() {
            return now;
        }

        @Override
        public ClockState state() {
            return state;
        }
    }

    private final Intake intake = new Intake() {
        @Override
        public void append(String device, Entry entry) {
            stored.add((Entry.Data) entry);
        }

        @Override
        public void lost(String device, LossReason reason, long readings, long firstNanos, long lastNanos) {
            lost.add(reason);
        }
    };

    private final Aliases aliases = new Aliases() {
        @Override
        public List<Integer> bind(List<TagDescriptor> tags) {
            binds++;
            return tags.stream()
                    .map(tag -> bound.computeIfAbsent(tag, t -> bound.size() + 1))
                    .toList();
        }

        @Override
        public Optional<TagDescriptor> last(String tagName) {
            return tagName.equals("known-before")
                    ? Optional.of(new TagDescriptor(
                            tagName,
                            ValueType.STRING,
                            "kN",
                            "Force at the ram",
                            List.of(),
                            OptionalDouble.of(0),
                            OptionalDouble.of(60),
                            "input:0",
                            TagDescriptor.Kind.VALUE,
                            DETAIL))
                    : Optional.empty();
        }
    };

    private static TagDefinition tag(String name, @Nullable String scale, @Nullable String deadband) {
        return new TagDefinition(
                name,
                MARK,
                "V",
                "",
                Optional.empty(),
                Optional.ofNullable(scale).map(BigDecimal::new),
                Optional.empty(),
                Optional.ofNullable(deadband).map(d -> new TagDefinition.Deadband(new BigDecimal(d), false)),
                Optional.empty(),
                Optional.empty(),
                new TreeMap<>(),
                new Settings(MARK, Map.of()));
    }

    private DevicePipeline pipeline(ValueType type, TagDefinition... tags) throws InterruptedException {
        return pipeline(type, 65_536, tags);
    }

    private DevicePipeline pipeline(@Nullable ValueType type, int maxBatchBytes, TagDefinition... tags)
            throws InterruptedException {
        DeviceDefinition device = device(tags);
        return pipeline(
                device,
                maxBatchBytes,
                device.tags().stream()
                        .map(t -> new DevicePlan.PlannedTag(
                                t.name(),
                                type,
                                "input:0",
                                t.name().equals("alarms") ? TagDescriptor.Kind.EVENT : TagDescriptor.Kind.VALUE))
                        .toList());
    }

    private static DeviceDefinition device(TagDefinition... tags) {
        return new DeviceDefinition(
                "meter-1",
                MARK,
                "modbus",
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                new Settings(MARK, Map.of()),
                new Settings(MARK, Map.of()),
                Duration.ofSeconds(1),
                List.of(tags));
    }

    private DevicePipeline pipeline(DeviceDefinition device, int maxBatchBytes, List<DevicePlan.PlannedTag> planned)
            throws InterruptedException {
        DevicePipeline made = new DevicePipeline(
                new DevicePlan() {
                    @Override
                    public DeviceDefinition device() {
                        return device;
                    }

                    @Override
                    public List<PlannedTag> tags() {
                        return planned;
                    }
                },
                aliases,
                intake,
                clock,
                (name, state, error, counters) -> states.add(state + " " + error),
                maxBatchBytes);
        made.prepare();
        return made;
    }

    private List<Reading> readings() {
        return stored.stream().flatMap(data -> batch(data).readings().stream()).toList();
    }

    private static Batch batch(Entry.Data data) {
        try {
            Message message = ProtobufCodec.decode(ProtobufCodec.envelope(
                    "plant-7", "meter-1", new Epoch(1, 1), 1, 1, Message.Lane.LIVE, data.body()));
            return (Batch) message.body();
        } catch (MalformedMessage e) {
            throw new AssertionError(e);
        }
    }

    private static Sample good(int tag, Value value) {
        return new Sample(tag, value, Status.GOOD, NOW);
    }

    @Test
    void storesAPollAsOneBatch() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.SIGNED, tag("a", null, null), tag("b", null, null));
        pipeline.accept(good(0, new Value.Signed(1)));
        pipeline.accept(good(1, new Value.Signed(2)));
        assertThat(stored).isEmpty();

        pipeline.flush();

        assertThat(stored).singleElement().satisfies(data -> {
            assertThat(data.readings()).isEqualTo(2);
            assertThat(data.lastReadingNanos()).isEqualTo(NOW);
        });
        assertThat(readings()).extracting(Reading::alias).containsExactly(1, 2);
    }

    @Test
    void scalesBeforeTheDeadbandAndTheAlias() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.SIGNED, tag("a", "0.1", "1"));
        for (long raw : new long[] {2301, 2305, 2312}) {
            pipeline.accept(good(0, new Value.Signed(raw)));
        }
        pipeline.flush();

        assertThat(readings())
                .extracting(Reading::value)
                .containsExactly(new Value.Float64(230.1), new Value.Float64(231.2));
        assertThat(bound.keySet()).extracting(TagDescriptor::type).containsExactly(ValueType.FLOAT64);
    }

    @Test
    void givesOneBadReadingPerTagWhenTheDeviceFallsSilentAndNothingMore() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.SIGNED, tag("a", null, "5"), tag("b", null, null));
        Status unreachable = Status.bad(SluiceCode.DEVICE_UNREACHABLE);
        pipeline.online();
        pipeline.offline(unreachable, "timed out");
        pipeline.offline(unreachable, "timed out");

        assertThat(readings()).hasSize(2).allSatisfy(reading -> {
            assertThat(reading.value()).isNull();
            assertThat(reading.status()).isEqualTo(unreachable);
        });
        assertThat(states).containsExactly("ONLINE ", "OFFLINE timed out");
    }

    @Test
    void reportsTheFirstValueAfterADeviceCameBackEvenInsideTheDeadband() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.SIGNED, tag("a", null, "5"));
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.offline(Status.bad(SluiceCode.DEVICE_UNREACHABLE), "timed out");
        pipeline.online();
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.flush();

        assertThat(readings())
                .extracting(Reading::value)
                .containsExactly(new Value.Signed(100), null, new Value.Signed(100));
    }

    @Test
    void namesATagByItsTypeOfAnEarlierRunWhileTheDeviceIsSilentFromTheStart() throws InterruptedException {
        DevicePipeline pipeline = pipeline(null, 65_536, tag("known-before", null, null), tag("new", null, null));
        pipeline.offline(Status.bad(SluiceCode.DEVICE_UNREACHABLE), "refused");

        assertThat(readings()).singleElement().extracting(Reading::alias).isEqualTo(1);
        assertThat(bound.keySet()).extracting(TagDescriptor::name).containsExactly("known-before");
    }

    @Test
    void takesTheGatewaysTimeUncertainWhereTheSourcesIsNotUsable() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.SIGNED, tag("a", null, null));
        for (long time : new long[] {Sample.NO_TIME, -1, Long.MAX_VALUE}) {
            pipeline.accept(new Sample(0, new Value.Signed(1), Status.GOOD, time));
        }
        pipeline.flush();

        assertThat(readings()).hasSize(3).allSatisfy(reading -> {
            assertThat(reading.time().toNanos()).isEqualTo(NOW);
            assertThat(reading.status()).isEqualTo(Status.uncertain(SluiceCode.SOURCE_TIME_REPLACED));
        });
    }

    @Test
    void keepsASourceTimeAsTheSourceGaveIt() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.SIGNED, tag("a", null, null));
        pipeline.accept(new Sample(0, new Value.Signed(1), Status.GOOD, NOW - 123_456_789));
        pipeline.flush();

        assertThat(readings())
                .singleElement()
                .satisfies(r -> assertThat(r.time().toNanos()).isEqualTo(NOW - 123_456_789));
    }

    @Test
    void closesABatchBeforeItOutgrowsItsLimit() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.STRING, 4_096, tag("a", null, null));
        for (int i = 0; i < 20; i++) {
            pipeline.accept(good(0, new Value.Text("x".repeat(400))));
        }
        pipeline.flush();

        assertThat(stored)
                .hasSizeGreaterThan(1)
                .allSatisfy(d -> assertThat(d.body()).hasSizeLessThanOrEqualTo(4_096));
        assertThat(readings()).hasSize(20);
    }

    @Test
    void turnsAValueThatIsTooLargeIntoABadReading() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.BYTES, 4_096, tag("a", null, null));
        pipeline.accept(good(0, new Value.Bytes(new byte[5_000])));
        pipeline.flush();

        assertThat(readings()).singleElement().satisfies(reading -> {
            assertThat(reading.value()).isNull();
            assertThat(reading.status()).isEqualTo(Status.bad(SluiceCode.TOO_LARGE));
        });
    }

    @Test
    void closesTheBatchAtAStepOfTheClockAndNeverLetsTheBaseFallWithinAGeneration() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.SIGNED, tag("a", null, null));
        pipeline.accept(good(0, new Value.Signed(1)));
        clock.state = new ClockState(ClockState.Timescale.ARB, OptionalInt.empty(), 1, ClockState.Quality.UNKNOWN);
        pipeline.accept(good(0, new Value.Signed(2)));
        pipeline.flush();

        assertThat(stored).hasSize(2);
        assertThat(stored).extracting(d -> batch(d).clock().generation()).containsExactly(0L, 1L);
    }

    @Test
    void takesWhatTheDeviceSaysOfATagWhereTheProfileIsSilent() throws InterruptedException {
        DevicePipeline pipeline = pipeline(null, 65_536, tag("a", null, null));
        pipeline.describe(0, said("kN", 0, 60));
        pipeline.accept(good(0, new Value.Float64(1)));
        pipeline.flush();

        assertThat(bound.keySet()).singleElement().satisfies(tag -> {
            assertThat(tag.unit()).as("the profile's unit wins").isEqualTo("V");
            assertThat(tag.high()).isEqualTo(OptionalDouble.of(60));
            assertThat(tag.description()).isEqualTo("Force at the ram");
            assertThat(tag.detail()).isEqualTo(DETAIL);
        });
    }

    private static TagMeaning said(String unit, double low, double high) {
        return new TagMeaning(
                unit, "Force at the ram", List.of(), OptionalDouble.of(low), OptionalDouble.of(high), DETAIL);
    }

    @Test
    void aTagOfATemplateIsNamedWhenTheDeviceHasFoundIt() throws InterruptedException {
        DevicePlan.PlannedTag place = DevicePlan.PlannedTag.template("zones", "/Objects/*");
        DevicePipeline pipeline = pipeline(device(tag("zones", null, "5")), 65_536, List.of(place, place));
        assertThat(bound).isEmpty();
        pipeline.offline(Status.bad(SluiceCode.DEVICE_UNREACHABLE), "gone");
        pipeline.found(1, "zones.b", "i=2");
        pipeline.accept(good(1, new Value.Signed(7)));
        pipeline.accept(good(1, new Value.Signed(8))); // inside the template's deadband
        pipeline.found(0, "zones.a", "i=1");
        pipeline.found(1, "zones.b", "i=2");
        pipeline.accept(good(0, new Value.Signed(9)));
        pipeline.flush();

        assertThat(bound.keySet())
                .extracting(tag -> tag.name() + " " + tag.source() + " " + tag.unit())
                .containsExactly("zones.b i=2 V", "zones.a i=1 V");
        assertThat(readings())
                .extracting(io.sluice.telemetry.Message.Reading::value)
                .containsExactly(new Value.Signed(7), new Value.Signed(9));
    }

    @Test
    void scalesTheRangesOfTheDeviceAsItsValues() throws InterruptedException {
        DevicePipeline pipeline = pipeline(null, 65_536, tag("a", "-0.1", null));
        pipeline.describe(0, said("kN", 0, 60));
        pipeline.accept(good(0, new Value.Float64(1)));
        pipeline.flush();

        assertThat(bound.keySet()).singleElement().satisfies(tag -> {
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
        DevicePipeline pipeline = pipeline(null, 65_536, tag("a", null, null), tag("b", null, null));
        pipeline.accept(good(0, new Value.Float64(1)));
        pipeline.accept(good(1, new Value.Float64(1)));
        int before = binds;
        pipeline.describe(0, said("V", 0, 60));
        pipeline.describe(1, said("V", 0, 60));
        pipeline.accept(good(0, new Value.Float64(2)));
        pipeline.accept(good(1, new Value.Float64(2)));
        assertThat(binds - before).isEqualTo(1);
        pipeline.describe(0, said("V", 0, 60));
        pipeline.describe(1, said("V", 0, 60));
        pipeline.accept(good(0, new Value.Float64(3)));
        pipeline.flush();
        assertThat(binds - before).isEqualTo(1);
        assertThat(readings())
                .extracting(io.sluice.telemetry.Message.Reading::alias)
                .containsExactly(1, 2, 3, 4, 3);
    }

    @Test
    void whatTheDeviceSaidInAnEarlierRunHoldsUntilItSaysSomethingElse() throws InterruptedException {
        DevicePipeline pipeline = pipeline(null, 65_536, tag("known-before", null, null));
        assertThat(bound.keySet()).singleElement().satisfies(tag -> {
            assertThat(tag.detail()).isEqualTo(DETAIL);
            assertThat(tag.unit()).as("the profile's unit wins").isEqualTo("V");
        });
        pipeline.describe(0, said("V", 0, 60));
        pipeline.accept(good(0, new Value.Text("a")));
        assertThat(bound).hasSize(1);
        pipeline.describe(0, TagMeaning.NONE);
        pipeline.accept(good(0, new Value.Text("b")));
        assertThat(bound.keySet()).extracting(TagDescriptor::detail).containsExactly(DETAIL, Detail.NONE);
    }

    @Test
    void saysOnceWhereTheProfileContradictsTheDevice() throws InterruptedException {
        DevicePipeline pipeline = pipeline(null, 65_536, tag("a", null, null));
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

    @Test
    void whereTheDeviceBeginsToFilterWhatIsHeldBackIsReportedAndSoIsTheNextReading() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.SIGNED, tag("a", null, "5"), tag("b", null, "5"));
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.accept(good(0, new Value.Signed(103))); // inside the deadband
        pipeline.accept(good(1, new Value.Signed(7)));
        pipeline.flush();
        stored.clear();

        pipeline.reportAnew(0);
        pipeline.reportAnew(1);
        pipeline.accept(good(0, new Value.Signed(104)));
        pipeline.accept(good(1, new Value.Signed(8)));
        pipeline.accept(good(1, new Value.Signed(9)));
        pipeline.flush();

        assertThat(readings())
                .extracting(io.sluice.telemetry.Message.Reading::value)
                .containsExactly(new Value.Signed(103), new Value.Signed(104), new Value.Signed(8));
    }

    @Test
    void handsOnWhatWasLostAndReportsEveryTagAnew() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.SIGNED, tag("a", null, "5"));
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.lost(io.sluice.telemetry.Message.LossReason.SOURCE_GAP, 3, NOW, NOW);
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.flush();

        assertThat(lost).containsExactly(LossReason.SOURCE_GAP);
        assertThat(readings()).hasSize(2);
    }

    @Test
    void afterALossInTheOutboxEveryTagReportsOnceWhatWasLastReadOfIt() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.SIGNED, tag("a", null, "5"), tag("b", null, null));
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.accept(good(1, new Value.Signed(7)));
        pipeline.flush();
        pipeline.accept(good(0, new Value.Signed(103))); // inside the deadband
        pipeline.flush();
        stored.clear();

        pipeline.reportAll();
        pipeline.flush();
        pipeline.flush();

        assertThat(readings())
                .extracting(io.sluice.telemetry.Message.Reading::value)
                .containsExactly(new Value.Signed(103), new Value.Signed(7));
    }

    @Test
    void whatTheOpenBatchHoldsAlreadyIsNotReportedTwiceAfterALoss() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.SIGNED, tag("a", null, null), tag("b", null, null));
        pipeline.accept(good(0, new Value.Signed(1)));
        pipeline.flush();
        stored.clear();

        pipeline.reportAll();
        pipeline.accept(good(1, new Value.Signed(2)));
        pipeline.flush();

        assertThat(readings())
                .extracting(io.sluice.telemetry.Message.Reading::value)
                .containsExactlyInAnyOrder(new Value.Signed(1), new Value.Signed(2));
    }

    @Test
    void anEventIsNotToldAgainAfterALoss() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.STRUCTURE, tag("alarms", null, null));
        pipeline.accept(good(0, new Value.Structure(List.of())));
        pipeline.flush();
        assertThat(readings()).hasSize(1);
        stored.clear();

        pipeline.reportAll();
        pipeline.flush();

        assertThat(readings()).isEmpty();
        assertThat(bound.keySet()).extracting(TagDescriptor::kind).containsExactly(TagDescriptor.Kind.EVENT);
    }

    @Test
    void bindsTheAliasOnceAndNotForEachReading() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.SIGNED, tag("a", null, null));
        bound.clear();
        pipeline.accept(good(0, new Value.Signed(1)));

        assertThat(bound).as("bound when prepared, not again").isEmpty();
        assertThat(states).isEmpty();
    }

    @Test
    void whatIsReadBackTravelsInBatchesOfItsOwnAndPassesTheDeadbandBy() throws InterruptedException {
        DevicePipeline pipeline = pipeline(ValueType.SIGNED, tag("a", null, "10"));
        pipeline.accept(good(0, new Value.Signed(100)));
        pipeline.acceptHistory(new Sample(0, new Value.Signed(97), Status.GOOD, NOW - 2_000));
        pipeline.acceptHistory(new Sample(0, new Value.Signed(98), Status.GOOD, NOW - 1_000));
        pipeline.accept(good(0, new Value.Signed(101)));
        pipeline.accept(good(0, new Value.Signed(111)));
        pipeline.flush();

        assertThat(stored.stream().map(data -> batch(data).origin()))
                .containsExactly(Message.Origin.LIVE, Message.Origin.HISTORY, Message.Origin.LIVE);
        assertThat(readings())
                .extracting(Reading::value)
                .containsExactly(
                        new Value.Signed(100), new Value.Signed(97), new Value.Signed(98), new Value.Signed(111));
    }
}
