package io.sluice.adapter.modbus;

/**
 * Where something begins in a unit.
 *
 * @param file number of the file, 1 to 65,535, of file records; 0 in every other table
 * @param address zero-based: a bit, a register, or a record of the file; -1 as long as only the device can tell it
 */
record Place(Table table, int file, int address) {

    /** Of what a SunSpec device has not yet told. */
    static final Place UNKNOWN = new Place(Table.HOLDING, 0, -1);

    Place {
        if ((table == Table.FILE) != (file > 0)) {
            throw new IllegalArgumentException(table.plural() + " with file number " + file);
        }
    }

    Place(Table table, int address) {
        this(table, 0, address);
    }

    boolean known() {
        return address >= 0;
    }

    /** In the same table or file. */
    Place at(int other) {
        return new Place(table, file, other);
    }

    /** Whether both lie in one table, and in one file. */
    boolean beside(Place other) {
        return table == other.table && file == other.file;
    }

    /** As users write it: {@code holding 10}, {@code file 4 record 0}. */
    String key() {
        return table == Table.FILE ? table.key() + " " + file + " record " + address : table.key() + " " + address;
    }

    /** For messages: {@code holding registers 10 to 12}. */
    String describe(int count) {
        String range = address + (count == 1 ? "" : " to " + (address + count - 1));
        return table == Table.FILE ? "records " + range + " of file " + file : table.plural() + " " + range;
    }
}
