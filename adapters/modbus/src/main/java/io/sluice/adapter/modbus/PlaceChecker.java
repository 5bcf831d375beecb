package io.sluice.adapter.modbus;

import io.sluice.profiles.Setting;
import java.util.List;
import java.util.Optional;

/** Checks where one tag lies. Pure. */
final class PlaceChecker {

    private static final int LAST_ADDRESS = 0xFFFF;

    /** Application Protocol V1.1b3 §6.14. */
    private static final int LAST_RECORD = 9_999;

    private final TagKeys tag;
    private final ReadPlanner.Limits limits;

    PlaceChecker(TagKeys tag, ReadPlanner.Limits limits) {
        this.tag = tag;
        this.limits = limits;
    }

    /** Empty after an error was reported. */
    Optional<Place> place() {
        Optional<PduAddress> address = tag.find(ModbusSettings.ADDRESS);
        Optional<Reference> reference = tag.find(ModbusSettings.REFERENCE);
        if (address.isPresent() && reference.isPresent()) {
            tag.error(ModbusSettings.REFERENCE, "address and reference together: one of them says where the tag lies");
            return Optional.empty();
        }
        if (reference.isPresent()) {
            return byReference(reference.get());
        }
        if (address.isEmpty()) {
            if (!tag.given(ModbusSettings.ADDRESS) && !tag.given(ModbusSettings.REFERENCE)) {
                tag.error("tag " + tag.name() + " needs address: or reference:");
            }
            return Optional.empty();
        }
        return byAddress(address.get());
    }

    private Optional<Place> byReference(Reference reference) {
        Optional<Table> table = tag.find(ModbusSettings.TABLE);
        if (tag.writtenHere(ModbusSettings.TABLE) && !table.equals(Optional.of(reference.table()))) {
            tag.error(
                    ModbusSettings.TABLE,
                    "table and reference disagree: the reference means " + reference + "; leave table out");
            return Optional.empty();
        }
        return Optional.of(new Place(reference.table(), reference.address()));
    }

    private Optional<Place> byAddress(PduAddress address) {
        Optional<Table> table = tag.find(ModbusSettings.TABLE);
        if (table.isEmpty()) {
            tag.error(
                    ModbusSettings.ADDRESS,
                    "tag " + tag.name() + " needs a table (coil, discrete, input, holding or file) beside its address");
            return Optional.empty();
        }
        if (table.get() == Table.FILE) {
            return inFile(address);
        }
        if (tag.writtenHere(ModbusSettings.FILE)) {
            tag.error(
                    ModbusSettings.FILE,
                    "file goes with table: file, not with " + table.get().key());
            return Optional.empty();
        }
        if (!address.hexadecimal()) {
            Reference.mistakenFor(address.value()).ifPresent(this::warnOfNotation);
        }
        return Optional.of(new Place(table.get(), address.value()));
    }

    private Optional<Place> inFile(PduAddress record) {
        if (!tag.given(ModbusSettings.FILE)) {
            tag.error("tag " + tag.name() + " of table: file needs file:, the number of the file");
        }
        return tag.find(ModbusSettings.FILE).map(file -> new Place(Table.FILE, file, record.value()));
    }

    private void warnOfNotation(Reference meant) {
        tag.warning(
                ModbusSettings.ADDRESS,
                "an address is zero-based, and this one looks like five-digit notation for " + meant
                        + ": write reference: if you mean that, or the address as 0x… if you do not");
    }

    /** Whether all of it is there and may be read. */
    void checkFit(Place place, int count) {
        Setting<?> where = tag.given(ModbusSettings.ADDRESS) ? ModbusSettings.ADDRESS : ModbusSettings.REFERENCE;
        int last = place.address() + count - 1;
        int end = place.table() == Table.FILE ? LAST_RECORD : LAST_ADDRESS;
        if (last > end) {
            tag.error(
                    where,
                    "tag " + tag.name() + " takes " + count + " registers from address " + place.address()
                            + " and so ends beyond " + end);
        }
        if (count > limits.max(place.table())) {
            tag.error("tag " + tag.name() + " takes " + count + " registers, more than "
                    + (place.table() == Table.FILE ? "one request can carry" : "request.max-registers") + " ("
                    + limits.max(place.table()) + ")");
        }
        limits.forbidden(place.table(), place.address(), last)
                .ifPresent(range -> tag.error(
                        where,
                        "tag " + tag.name() + " lies in request.forbidden (" + range
                                + "), so it would never be read: take it out of one of them"));
    }

    /** The keys that say where a tag lies. */
    static List<Setting<?>> keys() {
        return List.of(ModbusSettings.TABLE, ModbusSettings.ADDRESS, ModbusSettings.REFERENCE, ModbusSettings.FILE);
    }
}
