package io.sluice.adapter.modbus;

import java.util.Locale;

/** The four tables of the Modbus data model (Modbus Application Protocol V1.1b3 §4.3). */
enum Table {
    COIL(1, true, "coils"),
    DISCRETE(2, true, "discrete inputs"),
    HOLDING(3, false, "holding registers"),
    INPUT(4, false, "input registers");

    private final int readFunction;
    private final boolean bits;
    private final String plural;

    Table(int readFunction, boolean bits, String plural) {
        this.readFunction = readFunction;
        this.bits = bits;
        this.plural = plural;
    }

    /** Function code that reads it. */
    int readFunction() {
        return readFunction;
    }

    /** Whether it holds single bits rather than registers. */
    boolean bits() {
        return bits;
    }

    /** For messages: {@code input registers}. */
    String plural() {
        return plural;
    }

    /** As users write it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
