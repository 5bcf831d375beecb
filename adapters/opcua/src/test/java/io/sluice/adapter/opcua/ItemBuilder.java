package io.sluice.adapter.opcua;

import java.time.Duration;
import java.util.Optional;

/** A tag as a test wants it: one whose value is subscribed and of which the server keeps one value, but for what is said. */
final class ItemBuilder {

    private final String name;
    private final TagAddress address;
    private String source;
    private Optional<String> indexRange = Optional.empty();
    private Optional<Duration> sampling = Optional.empty();
    private int queue = 1;
    private Optional<Duration> poll = Optional.empty();
    private Optional<OpcUaPlan.EventSelection> events = Optional.empty();
    private Optional<SourceBand> band = Optional.empty();
    private Optional<Integer> trigger = Optional.empty();

    private ItemBuilder(String name, TagAddress address) {
        this.name = name;
        this.address = address;
        this.source = name;
    }

    static ItemBuilder of(String name, TagAddress address) {
        return new ItemBuilder(name, address);
    }

    /** The node of this name in the namespace of {@link MiloServer}. */
    static ItemBuilder node(String name) {
        return of(name, new TagAddress.Node(MiloServer.NAMESPACE, new TagAddress.Text(name)));
    }

    ItemBuilder source(String written) {
        source = written;
        return this;
    }

    ItemBuilder indexRange(String range) {
        indexRange = Optional.of(range);
        return this;
    }

    ItemBuilder sampling(Duration interval) {
        sampling = Optional.of(interval);
        return this;
    }

    ItemBuilder queue(int size) {
        queue = size;
        return this;
    }

    ItemBuilder poll(Duration interval) {
        poll = Optional.of(interval);
        return this;
    }

    ItemBuilder events(Optional<TagAddress> type, int minSeverity) {
        events = Optional.of(new OpcUaPlan.EventSelection(type, minSeverity));
        return this;
    }

    ItemBuilder band(SourceBand kept) {
        band = Optional.of(kept);
        return this;
    }

    ItemBuilder trigger(int tag) {
        trigger = Optional.of(tag);
        return this;
    }

    OpcUaPlan.Item item() {
        return new OpcUaPlan.Item(
                name, address, source, indexRange, sampling, queue, true, poll, events, band, trigger);
    }
}
