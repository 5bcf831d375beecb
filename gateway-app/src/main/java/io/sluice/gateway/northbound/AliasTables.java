package io.sluice.gateway.northbound;

import io.sluice.gateway.southbound.Aliases;
import io.sluice.outbox.Outbox;
import io.sluice.telemetry.Epoch;
import io.sluice.telemetry.Message.AliasTable;
import io.sluice.telemetry.TagDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names behind the aliases of every device, as the outbox's database holds them, read once for each device and kept
 * in memory so that no database is read while a message is sent. Thread-safe.
 */
public final class AliasTables {

    private static final Logger log = LoggerFactory.getLogger(AliasTables.class);

    /**
     * @param tags by alias
     * @param last the highest alias of each name
     */
    private record Table(
            ConcurrentSkipListMap<Integer, TagDescriptor> tags, Map<String, Integer> last, List<Epoch> pendingEpochs) {

        void put(int alias, TagDescriptor tag) {
            tags.put(alias, tag);
            last.merge(tag.name(), alias, Math::max);
        }
    }

    private final Outbox outbox;
    private final Epoch epoch;
    private final Map<String, Table> tables = new ConcurrentHashMap<>();

    public AliasTables(Outbox outbox) {
        this.outbox = outbox;
        this.epoch = Epochs.of(outbox.epoch());
    }

    /** The epoch of this run. */
    Epoch epoch() {
        return epoch;
    }

    /**
     * The aliases of one device, for its pipeline.
     *
     * @param bound told of the device after each new binding
     */
    public Aliases of(String device, Consumer<String> bound) {
        return new Aliases() {
            @Override
            public List<Integer> bind(List<TagDescriptor> tags) throws InterruptedException {
                Table table = table(device);
                List<Integer> numbers = outbox.bind(
                        device, tags.stream().map(TagDescriptor::toKey).toList());
                int known = table.tags().size();
                for (int i = 0; i < tags.size(); i++) {
                    table.put(numbers.get(i), tags.get(i));
                }
                if (table.tags().size() > known) {
                    bound.accept(device);
                }
                return numbers;
            }

            @Override
            public Optional<TagDescriptor> last(String tagName) {
                return described(device, tagName);
            }
        };
    }

    /** What a tag of this name was last called, also in an earlier run: with what the device said of it. */
    public Optional<TagDescriptor> described(String device, String tagName) {
        Table table = table(device);
        return Optional.ofNullable(table.last().get(tagName)).map(table.tags()::get);
    }

    @Nullable
    TagDescriptor tag(String device, int alias) {
        return table(device).tags().get(alias);
    }

    /** One table for each epoch that had rows to come when this run began, and for the current one; empty if no tag has a number yet. */
    List<AliasTable> births(String device) {
        Table table = table(device);
        if (table.tags().isEmpty()) {
            return List.of();
        }
        Map<Integer, TagDescriptor> tags = Map.copyOf(table.tags());
        List<AliasTable> result = new ArrayList<>();
        table.pendingEpochs().forEach(older -> result.add(new AliasTable(older, tags)));
        result.add(new AliasTable(epoch, tags));
        return result;
    }

    private Table table(String device) {
        return tables.computeIfAbsent(device, this::read);
    }

    private Table read(String device) {
        Table table = new Table(
                new ConcurrentSkipListMap<>(),
                new ConcurrentHashMap<>(),
                outbox.pendingEpochs(device).stream().map(Epochs::of).toList());
        outbox.aliases(device).forEach((alias, key) -> {
            try {
                table.put(alias, TagDescriptor.fromKey(key));
            } catch (IllegalArgumentException e) {
                log.error(
                        "{}: the name of alias {} in the outbox database cannot be read ({}); readings under it stay unnamed",
                        device,
                        alias,
                        e.getMessage());
            }
        });
        return table;
    }
}
