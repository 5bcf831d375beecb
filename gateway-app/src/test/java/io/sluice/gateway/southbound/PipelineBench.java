package io.sluice.gateway.southbound;

import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.DevicePlan.PlannedTag;
import io.sluice.adapter.Sample;
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
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.TagDescriptor.Detail;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A pipeline between a device that tests play and an outbox that remembers, at a time that stands still. */
final class PipelineBench {

    static final long NOW = 1_800_000_000_000_000_000L;

    /** Of the tag {@code known-before}. */
    static final Detail DETAIL =
            new Detail("Pressing force", "i=2368", OptionalDouble.of(-10), OptionalDouble.of(70), OptionalDouble.of(2));

    private static final Mark MARK = new Mark("gateway.yaml", 1, 1);

    int binds;
    final List<Entry.Data> stored = new ArrayList<>();
    final List<LossReason> lost = new ArrayList<>();
    final List<String> states = new ArrayList<>();
    final Map<TagDescriptor, Integer> bound = new LinkedHashMap<>();
    final FakeClock clock = new FakeClock();

    static final class FakeClock implements WallClock {
        ClockState state = ClockState.UNKNOWN;

        @Override
        public long now() {
            return NOW;
        }

        @Override
        public long monotonic() {
            return NOW;
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

    static TagDefinition tag(String name, @Nullable String scale, @Nullable String deadband) {
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

    DevicePipeline pipeline(ValueType type, TagDefinition... tags) throws InterruptedException {
        return pipeline(type, 65_536, tags);
    }

    DevicePipeline pipeline(@Nullable ValueType type, int maxBatchBytes, TagDefinition... tags)
            throws InterruptedException {
        DeviceDefinition device = device(tags);
        return pipeline(
                device,
                maxBatchBytes,
                device.tags().stream()
                        .map(t -> new PlannedTag(
                                t.name(),
                                type,
                                "input:0",
                                t.name().equals("alarms") ? TagDescriptor.Kind.EVENT : TagDescriptor.Kind.VALUE))
                        .toList());
    }

    static DeviceDefinition device(TagDefinition... tags) {
        return DeviceDefinition.bare("meter-1", MARK, "modbus", new Settings(MARK, Map.of()))
                .withTags(List.of(tags));
    }

    DevicePipeline pipeline(DeviceDefinition device, int maxBatchBytes, List<PlannedTag> planned)
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

    List<Reading> readings() {
        return stored.stream().flatMap(data -> batch(data).readings().stream()).toList();
    }

    static Batch batch(Entry.Data data) {
        try {
            Message message = ProtobufCodec.decode(ProtobufCodec.envelope(
                    "plant-7", "meter-1", new Epoch(1, 1), 1, 1, Message.Lane.LIVE, data.body()));
            return (Batch) message.body();
        } catch (MalformedMessage e) {
            throw new AssertionError(e);
        }
    }

    static Sample good(int tag, Value value) {
        return new Sample(tag, value, Status.GOOD, NOW);
    }
}
