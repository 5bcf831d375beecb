package io.sluice.adapter.opcua;

import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Settings;
import io.sluice.profiles.TagDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Turns the tags of a device that have an address into what is read of the server, or into problems. */
final class ItemPlanner {

    private static final Duration SHORTEST_POLL = Duration.ofMillis(10);

    /** Of a tag that reports events, where users say nothing: alarms come in floods. */
    private static final int EVENT_QUEUE = 1_000;

    /** A server says that a queue has overflowed only of longer ones; without that the two deadbands would drift apart. */
    private static final int SMALLEST_FILTERED_QUEUE = 2;

    private static final TagAddress CONDITION_TYPE =
            new TagAddress.Node(TagAddress.STANDARD_NAMESPACE, new TagAddress.Numeric(2782));

    private final DeviceDefinition device;
    private final AddressParser addresses;
    private final Problems problems;

    ItemPlanner(DeviceDefinition device, AddressParser addresses, Problems problems) {
        this.device = device;
        this.addresses = addresses;
        this.problems = problems;
    }

    List<TagDefinition> addressed() {
        return device.tags().stream()
                .filter(tag -> !isTemplate(tag) && !MethodPlanner.isMethod(tag))
                .toList();
    }

    /** Whether it stands for all variables that fit a pattern. */
    static boolean isTemplate(TagDefinition tag) {
        return !MethodPlanner.isMethod(tag)
                && tag.settings()
                        .find(OpcUaSettings.PATH)
                        .filter(AddressParser::isPattern)
                        .isPresent();
    }

    /** Empty if there was an error. */
    Optional<OpcUaPlan.Item> item(TagDefinition tag) {
        Settings settings = tag.settings();
        Optional<String> node = settings.find(OpcUaSettings.NODE);
        Optional<String> path = settings.find(OpcUaSettings.PATH);
        if (node.isPresent() == path.isPresent()) {
            problems.error(
                    node.isPresent() ? settings.mark(OpcUaSettings.PATH) : tag.mark(),
                    "tag '" + tag.name() + "' needs either node or path" + (node.isPresent() ? ", not both" : ""));
            return Optional.empty();
        }
        if (isTooShort(tag)) {
            return Optional.empty();
        }
        Optional<? extends TagAddress> address = node.isPresent()
                ? addresses.node(node.get(), settings.mark(OpcUaSettings.NODE))
                : addresses.path(path.orElseThrow(), settings.mark(OpcUaSettings.PATH));
        return address.map(found -> item(tag, found, node.or(() -> path).orElseThrow()));
    }

    OpcUaPlan.Item item(TagDefinition tag, TagAddress address, String source) {
        Settings settings = tag.settings();
        return new OpcUaPlan.Item(
                tag.name(),
                address,
                source,
                settings.find(OpcUaSettings.INDEX),
                settings.find(OpcUaSettings.SAMPLING),
                queue(settings),
                settings.get(OpcUaSettings.DISCARD_OLDEST),
                tag.poll(),
                events(tag),
                band(tag),
                trigger(tag));
    }

    /** What a trigger reports is the value of now. */
    private static int queue(Settings settings) {
        if (settings.given(OpcUaSettings.TRIGGERED_BY)) {
            return 1;
        }
        return settings.given(OpcUaSettings.EVENTS) && !settings.given(OpcUaSettings.QUEUE)
                ? EVENT_QUEUE
                : settings.get(OpcUaSettings.QUEUE);
    }

    private Optional<Integer> trigger(TagDefinition tag) {
        Settings settings = tag.settings();
        Optional<String> name = settings.find(OpcUaSettings.TRIGGERED_BY);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Optional<TagDefinition> other = device.tags().stream()
                .filter(each -> each.name().equals(name.get()))
                .findFirst();
        Optional<String> problem = triggerProblem(tag, name.get(), other);
        problem.ifPresent(text -> problems.error(settings.mark(OpcUaSettings.TRIGGERED_BY), text));
        return problem.isPresent() ? Optional.empty() : other.map(addressed()::indexOf);
    }

    private static Optional<String> triggerProblem(TagDefinition tag, String name, Optional<TagDefinition> other) {
        if (other.isEmpty()) {
            return Optional.of(
                    "tag '" + tag.name() + "' is triggered by '" + name + "', which is no tag of the device");
        }
        if (name.equals(tag.name())) {
            return Optional.of("tag '" + name + "' cannot trigger itself");
        }
        if (!isSubscribedValue(tag)) {
            return Optional.of(
                    "tag '" + tag.name() + "' is triggered by '" + name + "': it can have neither poll nor events");
        }
        if (!isSubscribedValue(other.get())) {
            return Optional.of("tag '" + name + "' cannot trigger '" + tag.name()
                    + "': a trigger has neither poll nor events, and is one variable");
        }
        return other.get().settings().given(OpcUaSettings.TRIGGERED_BY)
                ? Optional.of("tag '" + name + "' cannot trigger '" + tag.name() + "': it is triggered itself")
                : Optional.empty();
    }

    private static boolean isSubscribedValue(TagDefinition tag) {
        return tag.poll().isEmpty()
                && !tag.settings().given(OpcUaSettings.EVENTS)
                && !isTemplate(tag)
                && !MethodPlanner.isMethod(tag);
    }

    private Optional<SourceBand> band(TagDefinition tag) {
        Settings settings = tag.settings();
        OpcUaSettings.Filter filter = settings.get(OpcUaSettings.FILTER);
        boolean possible = tag.deadband().isPresent()
                && tag.poll().isEmpty()
                && tag.maxInterval().isEmpty()
                && !settings.given(OpcUaSettings.EVENTS)
                && !settings.given(OpcUaSettings.INDEX)
                && !settings.given(OpcUaSettings.TRIGGERED_BY)
                && settings.get(OpcUaSettings.QUEUE) >= SMALLEST_FILTERED_QUEUE;
        if (filter == OpcUaSettings.Filter.SERVER && !possible) {
            problems.error(
                    settings.mark(OpcUaSettings.FILTER),
                    "filter: server of tag '" + tag.name()
                            + "' needs a deadband, and a queue of 2 or more without poll,"
                            + " max-interval, index, events and triggered-by");
        }
        return possible && filter != OpcUaSettings.Filter.GATEWAY
                ? SourceBand.of(tag, filter == OpcUaSettings.Filter.SERVER)
                : Optional.empty();
    }

    private Optional<OpcUaPlan.EventSelection> events(TagDefinition tag) {
        Settings settings = tag.settings();
        Optional<String> written = settings.find(OpcUaSettings.EVENTS);
        if (written.isEmpty()) {
            if (settings.given(OpcUaSettings.MIN_SEVERITY)) {
                problems.error(settings.mark(OpcUaSettings.MIN_SEVERITY), "min-severity without events");
            }
            return Optional.empty();
        }
        if (settings.given(OpcUaSettings.INDEX)
                || tag.poll().isPresent()
                || tag.deadband().isPresent()
                || tag.writable()) {
            problems.error(
                    settings.mark(OpcUaSettings.EVENTS),
                    "tag '" + tag.name() + "' reports events: index, poll, deadband and writable are of values");
        }
        return Optional.of(new OpcUaPlan.EventSelection(
                eventType(written.get(), settings.mark(OpcUaSettings.EVENTS)),
                settings.get(OpcUaSettings.MIN_SEVERITY)));
    }

    private Optional<TagAddress> eventType(String written, Mark mark) {
        return switch (written) {
            case "all" -> Optional.empty();
            case "conditions" -> Optional.of(CONDITION_TYPE);
            default -> {
                if (written.indexOf('=') < 0) {
                    problems.error(
                            mark,
                            "bad events '" + written
                                    + "', expected all, conditions, or the NodeId of an EventType such as \"p:i=7\"");
                    yield Optional.empty();
                }
                yield addresses.node(written, mark).map(TagAddress.class::cast);
            }
        };
    }

    boolean isTooShort(TagDefinition tag) {
        boolean tooShort = tag.poll().isPresent() && tag.poll().get().compareTo(SHORTEST_POLL) < 0;
        if (tooShort) {
            problems.error(tag.mark(), "poll of tag '" + tag.name() + "' is shorter than 10ms");
        }
        return tooShort;
    }
}
