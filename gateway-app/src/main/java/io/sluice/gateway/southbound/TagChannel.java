package io.sluice.gateway.southbound;

import io.sluice.adapter.DevicePlan.PlannedTag;
import io.sluice.profiles.TagDefinition;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** One tag on its way through the sink: how it is scaled, when it is reported, and the alias it has now. */
final class TagChannel {

    private static final long NOTHING_READ = -1;

    private final TagDefinition definition;
    private final PlannedTag planned;
    private final Aliases aliases;
    private final @Nullable Scaling scaling;

    private @Nullable Deadband deadband;
    private @Nullable ValueType type;
    private int alias;

    // what was last read, reported or not
    private @Nullable Value lastValue;
    private Status lastStatus = Status.GOOD;
    private long lastTime = NOTHING_READ;
    private long lastBatch;

    // what the device itself says of the tag; the profile wins
    private String unit;
    private List<EnumValue> enumeration;
    private OptionalDouble low;
    private OptionalDouble high;

    TagChannel(TagDefinition definition, PlannedTag planned, Aliases aliases) {
        this.definition = definition;
        this.planned = planned;
        this.aliases = aliases;
        this.scaling = definition.scale().isPresent() || definition.offset().isPresent()
                ? new Scaling(
                        definition.scale().orElse(BigDecimal.ONE),
                        definition.offset().orElse(BigDecimal.ZERO))
                : null;
        this.unit = definition.unit();
        this.enumeration = definition.states().entrySet().stream()
                .map(e -> new EnumValue(e.getKey(), e.getValue()))
                .toList();
        this.low = definition
                .range()
                .map(r -> OptionalDouble.of(r.low().doubleValue()))
                .orElse(OptionalDouble.empty());
        this.high = definition
                .range()
                .map(r -> OptionalDouble.of(r.high().doubleValue()))
                .orElse(OptionalDouble.empty());
        this.deadband = makeDeadband();
    }

    /** What the tag is called ahead of its first reading; empty while only the device knows its type. */
    Optional<TagDescriptor> foreseen() {
        ValueType raw = planned.type();
        return (raw == null ? aliases.lastType(definition.name()) : Optional.of(scaled(raw))).map(this::descriptor);
    }

    /** The alias of what was foreseen. */
    void bound(TagDescriptor descriptor, int number) {
        type = descriptor.type();
        alias = number;
    }

    /** What the device says of the tag: used where the profile is silent. */
    void describe(
            String deviceUnit, List<EnumValue> deviceEnumeration, OptionalDouble deviceLow, OptionalDouble deviceHigh) {
        unit = definition.unit().isEmpty() ? deviceUnit : definition.unit();
        enumeration = definition.states().isEmpty() ? deviceEnumeration : enumeration;
        if (definition.range().isEmpty()) {
            low = deviceLow;
            high = deviceHigh;
        }
        deadband = makeDeadband();
        type = null;
    }

    Value scale(Value value) {
        return scaling == null ? value : scaling.apply(value);
    }

    boolean reports(@Nullable Value value, Status status, long monotonic) {
        return deadband == null || deadband.report(value, status, monotonic);
    }

    /** An event is over when it is told: there is nothing to tell again. */
    void remember(@Nullable Value value, Status status, long time) {
        if (planned.kind() == TagDescriptor.Kind.EVENT) {
            return;
        }
        lastValue = value;
        lastStatus = status;
        lastTime = time;
    }

    boolean hasMemory() {
        return lastTime != NOTHING_READ;
    }

    @Nullable
    Value lastValue() {
        return lastValue;
    }

    Status lastStatus() {
        return lastStatus;
    }

    long lastTime() {
        return lastTime;
    }

    /** @param batch numbers from 1 */
    void reportedIn(long batch) {
        lastBatch = batch;
    }

    boolean isReportedIn(long batch) {
        return batch > 0 && lastBatch == batch;
    }

    /** Whether what was last read was not reported. */
    boolean holdsBack() {
        return deadband != null && hasMemory() && deadband.holdsBack(lastValue, lastStatus);
    }

    void forget() {
        if (deadband != null) {
            deadband.forget();
        }
    }

    /** The alias for a value of this type; may wait for a commit when the type is new. */
    int alias(ValueType wanted) throws InterruptedException {
        if (wanted != type) {
            bind(wanted);
        }
        return alias;
    }

    /** The type of the last alias; {@code null} before the first reading of a tag whose type only the device knows. */
    @Nullable
    ValueType type() {
        return type;
    }

    private void bind(ValueType wanted) throws InterruptedException {
        TagDescriptor descriptor = descriptor(wanted);
        bound(descriptor, aliases.bind(List.of(descriptor)).getFirst());
    }

    private TagDescriptor descriptor(ValueType wanted) {
        return new TagDescriptor(
                definition.name(),
                wanted,
                unit,
                definition.description(),
                enumeration,
                low,
                high,
                planned.source(),
                planned.kind());
    }

    private ValueType scaled(ValueType raw) {
        boolean number = switch (raw) {
            case FLOAT32, FLOAT64, SIGNED, UNSIGNED -> true;
            case BOOL, STRING, BYTES, STRUCTURE -> false;
        };
        return scaling != null && number ? ValueType.FLOAT64 : raw;
    }

    private @Nullable Deadband makeDeadband() {
        return definition
                .deadband()
                .map(d -> new Deadband(
                        d.percent()
                                ? percentOfRange(d.value().doubleValue())
                                : d.value().doubleValue(),
                        definition.maxInterval().map(Duration::toNanos).orElse(Long.MAX_VALUE)))
                .orElse(null);
    }

    /** Zero, so that every change reports, while the range is not known. */
    private double percentOfRange(double percent) {
        return low.isPresent() && high.isPresent() ? (high.getAsDouble() - low.getAsDouble()) * percent / 100 : 0;
    }
}
