package io.sluice.adapter.modbus;

import io.sluice.telemetry.Value;
import io.sluice.telemetry.Value.Structure.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Names of single bits in a number.
 *
 * @param names by bit, 0 being the least significant
 */
record Flags(SortedMap<Long, String> names) {

    static final Flags NONE = new Flags(java.util.Collections.emptySortedMap());

    boolean none() {
        return names.isEmpty();
    }

    /** Which bit has that name, -1 if none. */
    int number(String name) {
        for (Map.Entry<Long, String> entry : names.entrySet()) {
            if (entry.getValue().equals(name)) {
                return entry.getKey().intValue();
            }
        }
        return -1;
    }

    Value.Structure of(long bits) {
        List<Field> fields = new ArrayList<>(names.size());
        names.forEach((bit, name) -> fields.add(new Field(name, new Value.Bool((bits >>> bit & 1) == 1))));
        return new Value.Structure(fields);
    }
}
