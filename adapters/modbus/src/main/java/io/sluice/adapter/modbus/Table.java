package io.sluice.adapter.modbus;

import java.util.List;
import java.util.Locale;

/** The four tables of the Modbus data model (Modbus Application Protocol V1.1b3 §4.3), and the records of files (§6.14). */
enum Table {
    COIL(1, true, "coils"),
    DISCRETE(2, true, "discrete inputs"),
    HOLDING(3, false, "holding registers"),
    INPUT(4, false, "input registers"),
    FILE(20, false, "file records");

    /** The four that every device may have. */
    static final List<Table> DATA_MODEL = List.of(COIL, DISCRETE, HOLDING, INPUT);

    /** What one request can carry of a file in both directions (§6.14: at most 245 bytes with their heads). */
    static final int MAX_RECORDS = 121;

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

    /** Whether any function writes it. */
    boolean writable() {
        return this == COIL || this == HOLDING || this == FILE;
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
