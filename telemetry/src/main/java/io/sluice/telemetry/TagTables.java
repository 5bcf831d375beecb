package io.sluice.telemetry;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The names that birth messages have given, as a receiver collects them. Aliases are never reused within a database, so
 * that what an earlier birth said of an epoch stays true. Keeps the newest 64 epochs of each device. Confined to one
 * thread.
 */
public final class TagTables {

    private static final int MAX_EPOCHS = 64;

    private record Device(String gateway, String device) {}

    private final Map<Device, TreeMap<Epoch, Map<Integer, TagDescriptor>>> tables = new HashMap<>();

    /** Takes the names of a birth; other messages say none. */
    public void accept(Message message) {
        if (message.body() instanceof Message.Birth birth) {
            TreeMap<Epoch, Map<Integer, TagDescriptor>> device =
                    tables.computeIfAbsent(new Device(message.gateway(), message.device()), _ -> new TreeMap<>());
            for (Message.AliasTable table : birth.tables()) {
                device.computeIfAbsent(table.epoch(), _ -> new HashMap<>()).putAll(table.tags());
            }
            while (device.size() > MAX_EPOCHS) {
                device.pollFirstEntry();
            }
        }
    }

    /** What the alias stands for in the stream; empty as long as no birth has said it. */
    public Optional<TagDescriptor> find(String gateway, String device, Epoch epoch, int alias) {
        TreeMap<Epoch, Map<Integer, TagDescriptor>> epochs = tables.get(new Device(gateway, device));
        Map<Integer, TagDescriptor> table = epochs == null ? null : epochs.get(epoch);
        return table == null ? Optional.empty() : Optional.ofNullable(table.get(alias));
    }

    /** The names of the message's stream, as {@link JsonCodec#encode} takes them. */
    public IntFunction<@Nullable TagDescriptor> of(Message message) {
        return alias -> find(message.gateway(), message.device(), message.epoch(), alias)
                .orElse(null);
    }
}
