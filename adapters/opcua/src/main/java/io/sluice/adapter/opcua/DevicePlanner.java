package io.sluice.adapter.opcua;

import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Settings;
import io.sluice.profiles.TagDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a device's definition into a plan, or into problems. */
final class DevicePlanner {

    private static final Duration SHORTEST_POLL = Duration.ofMillis(10);

    /** Of a tag that reports events, where users say nothing: alarms come in floods. */
    private static final int EVENT_QUEUE = 1_000;

    /** A server says that a queue has overflowed only of longer ones; without that the two deadbands would drift apart. */
    private static final int SMALLEST_FILTERED_QUEUE = 2;

    private static final TagAddress CONDITION_TYPE =
            new TagAddress.Node(TagAddress.STANDARD_NAMESPACE, new TagAddress.Numeric(2782));

    private final DeviceDefinition device;
    private final Problems problems;
    private final AddressParser addresses;

    DevicePlanner(DeviceDefinition device, Problems problems) {
        this.device = device;
        this.problems = problems;
        this.addresses = new AddressParser(
                device.settings().find(OpcUaSettings.NAMESPACES).orElse(Map.of()), problems);
    }

    /** Empty if there was an error. */
    Optional<OpcUaPlan> plan() {
        int before = problems.errors();
        Settings connection = device.connection();
        Optional<String> endpoint = endpoint(connection);
        Optional<Identity> identity = new IdentityPlanner(connection, problems).identity();
        warnOfSecurity(connection, identity);
        List<OpcUaPlan.Item> items = new ArrayList<>();
        addressed().forEach(tag -> item(tag).ifPresent(items::add));
        List<OpcUaPlan.Template> templates = new ArrayList<>();
        List<OpcUaPlan.Method> calls = new ArrayList<>();
        MethodPlanner methods = new MethodPlanner(addresses, problems);
        for (TagDefinition tag : device.tags()) {
            if (MethodPlanner.isMethod(tag)) {
                methods.method(tag).ifPresent(calls::add);
            } else if (isTemplate(tag)) {
                template(tag, items.size()).ifPresent(template -> {
                    templates.add(template);
                    items.addAll(
                            Collections.nCopies(template.limit(), item(tag, template.pattern(), template.source())));
                });
            } else if (tag.settings().given(OpcUaSettings.LIMIT)) {
                problems.error(tag.settings().mark(OpcUaSettings.LIMIT), "limit without a path that has * or **");
            }
        }
        if (endpoint.isEmpty() || problems.errors() > before) {
            return Optional.empty();
        }
        return Optional.of(new OpcUaPlan(
                device,
                endpoint.get(),
                connection.get(OpcUaSettings.SECURITY),
                identity,
                connection.get(OpcUaSettings.ACCEPT_EXPIRED),
                connection.get(OpcUaSettings.TIMEOUT),
                device.settings().get(OpcUaSettings.PUBLISHING),
                items,
                calls,
                templates));
    }

    private List<TagDefinition> addressed() {
        return device.tags().stream()
                .filter(tag -> !isTemplate(tag) && !MethodPlanner.isMethod(tag))
                .toList();
    }

    private static boolean isTemplate(TagDefinition tag) {
        return !MethodPlanner.isMethod(tag)
                && tag.settings()
                        .find(OpcUaSettings.PATH)
                        .filter(AddressParser::isPattern)
                        .isPresent();
    }

    private Optional<OpcUaPlan.Template> template(TagDefinition tag, int firstPlace) {
        Settings settings = tag.settings();
        String path = settings.find(OpcUaSettings.PATH).orElseThrow();
        Mark mark = settings.mark(OpcUaSettings.PATH);
        if (settings.given(OpcUaSettings.NODE)
                || settings.given(OpcUaSettings.EVENTS)
                || settings.given(OpcUaSettings.TRIGGERED_BY)
                || tag.writable()) {
            problems.error(
                    mark,
                    "tag '" + tag.name() + "' stands for many variables: it can have neither node, events, triggered-by"
                            + " nor writable");
        }
        if (isTooShort(tag)) {
            return Optional.empty();
        }
        return addresses
                .pattern(path, mark)
                .map(pattern -> new OpcUaPlan.Template(
                        tag.name(), pattern, path, settings.get(OpcUaSettings.LIMIT), firstPlace));
    }

    private boolean isTooShort(TagDefinition tag) {
        boolean tooShort = tag.poll().isPresent() && tag.poll().get().compareTo(SHORTEST_POLL) < 0;
        if (tooShort) {
            problems.error(tag.mark(), "poll of tag '" + tag.name() + "' is shorter than 10ms");
        }
        return tooShort;
    }

    private Optional<String> endpoint(Settings connection) {
        Optional<String> endpoint = connection.find(OpcUaSettings.ENDPOINT_URL);
        if (endpoint.isEmpty()) {
            problems.error(
                    connection.mark(OpcUaSettings.ENDPOINT_URL),
                    "endpoint is missing, expected endpoint: \"opc.tcp://HOST:4840\"");
        }
        return endpoint;
    }

    private void warnOfSecurity(Settings connection, Optional<Identity> identity) {
        Security security = connection.get(OpcUaSettings.SECURITY);
        if (security.policy().withdrawn()) {
            problems.warning(
                    connection.mark(OpcUaSettings.SECURITY),
                    security.policy().written() + " rests on SHA-1 and is withdrawn: use Basic256Sha256 or newer if the"
                            + " server can");
        }
        if (security.equals(Security.NONE)) {
            identity.ifPresent(user -> warnOfNoSecurity(connection, user));
        }
    }

    private void warnOfNoSecurity(Settings connection, Identity identity) {
        switch (identity) {
            case Identity.UserName _ ->
                problems.warning(
                        connection.mark(OpcUaSettings.USERNAME),
                        "a user name with security None: values are readable on the network, and so is the password if"
                                + " the server does not ask for its encryption");
            case Identity.Certificate _ ->
                problems.warning(
                        connection.mark(OpcUaSettings.CERTIFICATE),
                        "a user's certificate with security None: values are readable on the network, and whoever stands"
                                + " in between can change them");
        }
    }

    private Optional<OpcUaPlan.Item> item(TagDefinition tag) {
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

    private OpcUaPlan.Item item(TagDefinition tag, TagAddress address, String source) {
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
}
