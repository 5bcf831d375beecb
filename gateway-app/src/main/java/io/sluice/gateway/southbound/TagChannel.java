package io.sluice.gateway.southbound;

import io.sluice.adapter.DevicePlan.PlannedTag;
import io.sluice.adapter.TagMeaning;
import io.sluice.profiles.TagDefinition;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One tag on its way through the sink: how it is scaled, when it is reported, and the alias it has now. Confined to the
 * device's thread. */
final class TagChannel {

    private static final long NOTHING_READ = -1;

    private final TagDefinition definition;
    private final PlannedTag planned;
    private final DescribedTag tag;
    private final Aliases aliases;
    private final @Nullable Scaling scaling;

    private @Nullable Deadband deadband;
    private @Nullable ValueType type;
    private int alias;

    /** The type that the device says the values have, scaled, from when it says it to the next alias. */
    private @Nullable ValueType expected;

    private @Nullable ValueType said;

    // what was last read, reported or not
    private @Nullable Value lastValue;
    private Status lastStatus = Status.GOOD;
    private long lastTime = NOTHING_READ;
    private long lastBatch;

    /** Whether the device has said something that the alias does not say yet. */
    private boolean stale;

    TagChannel(TagDefinition definition, PlannedTag planned, Aliases aliases) {
        this.definition = definition;
        this.planned = planned;
        this.aliases = aliases;
        this.scaling = definition.scale().isPresent() || definition.offset().isPresent()
                ? new Scaling(
                        definition.scale().orElse(BigDecimal.ONE),
                        definition.offset().orElse(BigDecimal.ZERO))
                : null;
        this.tag = new DescribedTag(definition, planned);
        this.deadband = makeDeadband();
    }

    /**
     * Takes what the device said of the tag last, also in an earlier run, until it says it again: so that its alias stays the
     * same, and the first birth tells all.
     */
    void recall() {
        if (planned.type() == null && tag.isNamed()) {
            aliases.last(tag.name()).ifPresent(last -> changed(tag.recall(last)));
        }
    }

    private boolean changed(boolean meaning) {
        if (meaning) {
            deadband = makeDeadband();
            stale = true;
        }
        return meaning;
    }

    /** What the tag is called ahead of its first reading; empty while only the device knows its type. */
    Optional<TagDescriptor> foreseen() {
        return foreseenType().map(tag::descriptor);
    }

    private Optional<ValueType> foreseenType() {
        if (!tag.isNamed()) {
            return Optional.empty();
        }
        if (expected != null || type != null) {
            return Optional.ofNullable(expected != null ? expected : type);
        }
        ValueType raw = planned.type();
        return raw == null ? aliases.last(tag.name()).map(TagDescriptor::type) : Optional.of(scaled(raw));
    }

    /** Whether the device has said something that the alias does not say yet. */
    boolean isStale() {
        return stale;
    }

    String name() {
        return tag.name();
    }

    /**
     * What a tag of a template is.
     *
     * @return whether it is something new
     */
    boolean found(String its, String where) {
        boolean another = tag.found(its, where);
        if (another) {
            recall();
            stale = true;
        }
        return another;
    }

    /** The alias of what was foreseen. */
    void bound(TagDescriptor descriptor, int number) {
        type = descriptor.type();
        alias = number;
        expected = null;
        stale = false;
    }

    /**
     * What the device says of the tag: used where the profile is silent.
     *
     * @return whether it is something new
     */
    boolean describe(TagMeaning device) {
        boolean typed = device.type().isPresent() && isNews(device.type().get());
        return changed(tag.describe(device)) || typed;
    }

    /** A device that goes on saying a type in which no value comes is not believed again. */
    private boolean isNews(ValueType raw) {
        boolean news = planned.type() == null && raw != said && scaled(raw) != type;
        said = raw;
        if (news) {
            expected = scaled(raw);
            stale = true;
        }
        return news;
    }

    /**
     * The next sample has a value of this type.
     *
     * @return whether the tag has no alias yet, nor has been told to expect one
     */
    boolean isFirst(ValueType raw) {
        boolean first = type == null && expected == null;
        if (first) {
            expected = scaled(raw);
        }
        return first;
    }

    /** See {@link DescribedTag#newDifference}. */
    String newDifference(TagMeaning device) {
        return tag.newDifference(device);
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
        if (wanted != type || stale) {
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
        TagDescriptor descriptor = tag.descriptor(wanted);
        bound(descriptor, aliases.bind(List.of(descriptor)).getFirst());
    }

    private ValueType scaled(ValueType raw) {
        boolean number = switch (raw) {
            case FLOAT32, FLOAT64, SIGNED, UNSIGNED -> true;
            case BOOL, STRING, BYTES, STRUCTURE -> false;
        };
        return scaling != null && number ? ValueType.FLOAT64 : raw;
    }

    /** A percentage is of nothing, so that every change reports, while the range is not known. */
    private @Nullable Deadband makeDeadband() {
        return definition
                .deadband()
                .map(d -> new Deadband(
                        d.percent()
                                ? tag.span() * d.value().doubleValue() / 100
                                : d.value().doubleValue(),
                        definition.maxInterval().map(Duration::toNanos).orElse(Long.MAX_VALUE)))
                .orElse(null);
    }
}
