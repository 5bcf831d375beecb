package io.sluice.adapter.opcua;

import io.sluice.adapter.DevicePlan;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A checked OPC UA device. Names no class of the protocol library.
 *
 * @param publishing PublishingInterval asked for
 * @param items one for each tag, in the order of {@link #tags}: those with an address, then the places of each template
 * @param calls one for each tag that calls a method
 * @param templates tags that stand for as many variables as fit a pattern
 */
record OpcUaPlan(
        DeviceDefinition device,
        Connection connection,
        Duration publishing,
        List<Item> items,
        List<Method> calls,
        List<Template> templates)
        implements DevicePlan {

    OpcUaPlan {
        items = List.copyOf(items);
        calls = List.copyOf(calls);
        templates = List.copyOf(templates);
    }

    @Override
    public List<PlannedTag> tags() {
        return items.stream().map(Item::planned).toList();
    }

    @Override
    public List<String> methods() {
        return calls.stream().map(Method::name).toList();
    }

    /**
     * How to connect with a server.
     *
     * @param endpoint {@code opc.tcp://host[:port][/path]}
     * @param identity of the user; empty: anonymous
     * @param acceptExpired whether the server's certificate may be outside its time of validity
     * @param timeout of connecting and of every request
     * @param reverse present: the server connects to the gateway
     */
    record Connection(
            String endpoint,
            Security security,
            Optional<Identity> identity,
            boolean acceptExpired,
            Duration timeout,
            Optional<ReverseConnect> reverse) {}

    /**
     * The server connects to its client (Part 6 §7.1.3).
     *
     * @param listen where the gateway waits for it
     * @param serverUri its ApplicationUri, if its ReverseHello must have that too
     */
    record ReverseConnect(ListenAddress listen, Optional<String> serverUri) {}

    /** One tag that calls a method of an object (Part 4 §5.12). */
    record Method(String name, TagAddress object, TagAddress method) {}

    /**
     * One tag.
     *
     * @param source as users wrote the address
     * @param indexRange Part 4 §7.27, such as {@code 0:7}
     * @param sampling SamplingInterval; empty for the PublishingInterval
     * @param queue QueueSize
     * @param poll present: read at this interval, not subscribed
     * @param events present: the events of this node are reported, not its value
     * @param band present: the server may keep the tag's deadband too, where that comes to the same
     * @param trigger present: index of the tag whose report makes this one report
     */
    record Item(
            String name,
            TagAddress address,
            String source,
            Optional<String> indexRange,
            Optional<Duration> sampling,
            int queue,
            boolean discardOldest,
            Optional<Duration> poll,
            Optional<EventSelection> events,
            Optional<SourceBand> band,
            Optional<Integer> trigger) {

        private PlannedTag planned() {
            if (address instanceof TagAddress.Pattern) {
                return PlannedTag.template(name, source);
            }
            return events.isPresent()
                    ? new PlannedTag(name, ValueType.STRUCTURE, source, TagDescriptor.Kind.EVENT)
                    : new PlannedTag(name, null, source);
        }
    }

    /**
     * A tag that stands for many variables. Its places are the items from {@code firstPlace} on, {@code limit} of them.
     *
     * @param source as users wrote the pattern
     * @param follow how often the server is searched again while a Session stands
     */
    record Template(
            String name, TagAddress.Pattern pattern, String source, int limit, Duration follow, int firstPlace) {}

    /** How many tags have an address of their own. */
    int addressed() {
        return templates.isEmpty() ? items.size() : templates.getFirst().firstPlace();
    }

    /**
     * Which events.
     *
     * @param type of this EventType and its subtypes; empty for all
     * @param minSeverity 1 to 1000
     */
    record EventSelection(Optional<TagAddress> type, int minSeverity) {}
}
