package io.sluice.gateway.southbound;

import io.sluice.adapter.CallsMethods;
import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.DevicePlan.PlannedTag;
import io.sluice.adapter.OnRequest;
import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.adapter.Sample;
import io.sluice.profiles.TagDefinition;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the tags of one device on request, in engineering units: names, scaling and {@link WriteRules} around
 * the adapter's {@link OnRequest}. Nothing of it goes into telemetry. Thread-safe; waits for the device.
 */
public final class TagAccess {

    /** Longer than an adapter takes for its slowest answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** More would fill the terminal. */
    private static final int MOST_NAMES = 100;

    /** The device has no such tag; the text says which it has. */
    public static final class UnknownTag extends Exception {
        private static final long serialVersionUID = 1;

        UnknownTag(String message) {
            super(message);
        }
    }

    private final DevicePlan plan;
    private final List<PlannedTag> tags;
    private final OnRequest adapter;
    private final Function<String, Optional<TagDescriptor>> described;
    private final LongSupplier clock;

    /**
     * @param described what is known of a tag by its name, beyond the profile
     * @param clock UTC nanoseconds, for samples without a time of their own
     */
    public TagAccess(
            DevicePlan plan,
            OnRequest adapter,
            Function<String, Optional<TagDescriptor>> described,
            LongSupplier clock) {
        this.plan = plan;
        this.tags = plan.tags();
        this.adapter = adapter;
        this.described = described;
        this.clock = clock;
    }

    /**
     * The present values; tags that report events have none.
     *
     * @param tag alone; empty: all of the device
     * @throws TimeoutException if the adapter has no answer in time
     */
    public List<TagReading> read(Optional<String> tag) throws UnknownTag, InterruptedException, TimeoutException {
        Map<String, Integer> known = known();
        Map<Integer, String> wanted = new LinkedHashMap<>();
        if (tag.isPresent()) {
            wanted.put(index(known, tag.get()), tag.get());
        } else {
            known.forEach((name, index) -> {
                if (!reportsEvents(index)) {
                    wanted.put(index, name);
                }
            });
        }
        return await(adapter.read(plan.device().id(), List.copyOf(wanted.keySet()))).stream()
                .map(sample -> reading(String.valueOf(wanted.get(sample.tag())), sample))
                .toList();
    }

    /** Every tag that has a name: those of the plan in its order, then what the device has been found to have. */
    private Map<String, Integer> known() {
        Map<String, Integer> known = new LinkedHashMap<>();
        for (int i = 0; i < tags.size(); i++) {
            if (!tags.get(i).template()) {
                known.put(tags.get(i).name(), i);
            }
        }
        adapter.found(plan.device().id()).entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(found -> known.putIfAbsent(found.getKey(), found.getValue()));
        return known;
    }

    /** Writes a value as a person types it, if the rules allow it; of a method its arguments, as a JSON array. */
    public WriteResult write(String tag, String text) throws UnknownTag, InterruptedException {
        if (plan.methods().contains(tag) && adapter instanceof CallsMethods able) {
            return call(able, tag, text);
        }
        int index = index(known(), tag);
        PlannedTag planned = tags.get(index);
        TagDefinition definition = definition(planned);
        TagFacts facts = TagFacts.of(definition, described.apply(tag));
        Optional<List<Value>> elements = planned.type() == null ? Arguments.array(text) : Optional.empty();
        if (elements.isEmpty()) {
            return write(index, WriteRules.check(definition, planned.type(), facts, text));
        }
        WriteResult array = write(index, WriteRules.check(definition, facts, elements.get()));
        if (!(array instanceof WriteResult.Refused)) {
            return array;
        }
        // Only the device knows whether it is an array, or a text that looks like one.
        WriteResult whole = write(index, WriteRules.check(definition, null, facts, text));
        return whole instanceof WriteResult.Refused ? array : whole;
    }

    private WriteResult write(int index, WriteRules.Verdict verdict) throws InterruptedException {
        return switch (verdict) {
            case WriteRules.Verdict.Refused(String why) -> new WriteResult.Refused(why);
            case WriteRules.Verdict.Allowed(Value raw) -> write(index, raw);
        };
    }

    private WriteResult call(CallsMethods able, String method, String text) throws InterruptedException {
        try {
            return result(able.call(plan.device().id(), method, Arguments.parse(text)));
        } catch (Arguments.Malformed e) {
            return new WriteResult.Refused(String.valueOf(e.getMessage()));
        }
    }

    private WriteResult write(int index, Value raw) throws InterruptedException {
        return result(adapter.write(plan.device().id(), index, raw));
    }

    private static WriteResult result(CompletionStage<WriteResult> stage) throws InterruptedException {
        try {
            return await(stage);
        } catch (TimeoutException e) {
            return new WriteResult.Unknown("no answer within " + PATIENCE.toSeconds() + " s");
        }
    }

    private TagReading reading(String name, Sample sample) {
        PlannedTag planned = tags.get(sample.tag());
        TagDefinition definition = definition(planned);
        @Nullable Value value = sample.value() == null ? null : scaled(definition, sample.value());
        Optional<TagDescriptor> said = described.apply(name);
        TagFacts facts = TagFacts.of(definition, said);
        TagDescriptor tag = new TagDescriptor(
                name,
                value == null ? ValueType.STRING : value.type(),
                facts.unit(),
                definition.description(),
                facts.enumeration(),
                end(facts.low()),
                end(facts.high()),
                planned.template() ? said.map(TagDescriptor::source).orElse(planned.source()) : planned.source());
        return new TagReading(tag, value, sample.status(), sample.time() >= 0 ? sample.time() : clock.getAsLong());
    }

    private static Value scaled(TagDefinition tag, Value value) {
        return tag.scale().isEmpty() && tag.offset().isEmpty()
                ? value
                : new Scaling(tag.scale().orElse(BigDecimal.ONE), tag.offset().orElse(BigDecimal.ZERO)).apply(value);
    }

    private static OptionalDouble end(Optional<BigDecimal> end) {
        return end.map(value -> OptionalDouble.of(value.doubleValue())).orElse(OptionalDouble.empty());
    }

    private boolean reportsEvents(int index) {
        return tags.get(index).kind() == TagDescriptor.Kind.EVENT;
    }

    private int index(Map<String, Integer> known, String tag) throws UnknownTag {
        @Nullable Integer index = known.get(tag);
        if (index != null && reportsEvents(index)) {
            throw new UnknownTag(
                    "%s/%s reports events: it has no value to be read or written, and ./sluice tail shows them"
                            .formatted(plan.device().id(), tag));
        }
        if (index != null) {
            return index;
        }
        throw plan.methods().contains(tag)
                ? new UnknownTag("%s/%s is a method: it has no value to be read, and is called by writing to it"
                        .formatted(plan.device().id(), tag))
                : new UnknownTag("device %s has no tag '%s', it has %s"
                        .formatted(plan.device().id(), tag, names(known)));
    }

    private String names(Map<String, Integer> known) {
        List<String> names =
                Stream.concat(known.keySet().stream(), plan.methods().stream()).toList();
        String shown = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMES ? shown + " and %d more".formatted(names.size() - MOST_NAMES) : shown;
    }

    private TagDefinition definition(PlannedTag planned) {
        return plan.device().tags().stream()
                .filter(tag -> tag.name().equals(planned.name()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("tag " + planned.name() + " is not configured"));
    }

    private static <T> T await(CompletionStage<T> stage) throws InterruptedException, TimeoutException {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an adapter failed on request", e.getCause());
        }
    }
}
