package io.sluice.gateway.northbound;

import io.sluice.telemetry.Message.AliasTable;
import io.sluice.telemetry.Message.Birth;
import io.sluice.telemetry.TagDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Cuts a birth into parts that each fit into a message. */
final class BirthParts {

    /** What a tag costs beside its own text, in either format, generously. */
    private static final int TAG_BYTES = 300;

    private BirthParts() {}

    /**
     * @param maxBytes bound of an encoded part; a single tag that is larger gets a part of its own
     */
    static List<Birth> cut(long id, List<AliasTable> tables, int maxBytes) {
        List<List<AliasTable>> parts = new ArrayList<>();
        List<AliasTable> part = new ArrayList<>();
        int size = 0;
        for (AliasTable table : tables) {
            Map<Integer, TagDescriptor> tags = new LinkedHashMap<>();
            for (Map.Entry<Integer, TagDescriptor> tag : new java.util.TreeMap<>(table.tags()).entrySet()) {
                int more = size(tag.getValue());
                if (size + more > maxBytes && size > 0) {
                    part.add(new AliasTable(table.epoch(), tags));
                    parts.add(part);
                    part = new ArrayList<>();
                    tags = new LinkedHashMap<>();
                    size = 0;
                }
                tags.put(tag.getKey(), tag.getValue());
                size += more;
            }
            if (!tags.isEmpty()) {
                part.add(new AliasTable(table.epoch(), tags));
            }
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        List<Birth> births = new ArrayList<>();
        for (int n = 0; n < parts.size(); n++) {
            births.add(new Birth(id, n, parts.size(), parts.get(n)));
        }
        return births;
    }

    private static int size(TagDescriptor tag) {
        int text = tag.name().length()
                + tag.unit().length()
                + tag.description().length()
                + tag.source().length()
                + tag.detail().displayName().length()
                + tag.detail().typeDefinition().length();
        int names = Stream.concat(tag.enumeration().stream(), tag.detail().bits().stream())
                .mapToInt(e -> e.name().length() + 40)
                .sum();
        return TAG_BYTES + 3 * (text + names);
    }
}
