package io.sluice.adapter.modbus;

import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Setting;
import io.sluice.profiles.Settings;
import io.sluice.profiles.TagDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Checks where one tag lies and how it is to be read. Pure. */
final class TagChecker {

    private static final int ADDRESSES = 0x1_0000;

    private final TagDefinition tag;
    private final Settings settings;
    private final Duration interval;
    private final ReadPlanner.Limits limits;
    private final Problems problems;
    private int errors;

    /**
     * @param poll the device's interval, for a tag without its own
     */
    TagChecker(TagDefinition tag, Duration poll, ReadPlanner.Limits limits, Problems problems) {
        this.tag = tag;
        this.settings = tag.settings();
        this.interval = tag.poll().orElse(poll);
        this.limits = limits;
        this.problems = problems;
    }

    /** Empty after an error was reported. */
    Optional<ModbusPlan.Point> point() {
        Optional<Reference> place = place();
        if (place.isEmpty()) {
            return Optional.empty();
        }
        Table table = place.get().table();
        Optional<RegisterDecoder> decoder = table.bits() ? bitDecoder(table) : registerDecoder();
        if (decoder.isEmpty()) {
            return Optional.empty();
        }
        ModbusPlan.Point point = new ModbusPlan.Point(
                tag.name(),
                table,
                place.get().address(),
                decoder.get(),
                sentinels(decoder.get().type()),
                interval,
                scaleRegister(table, decoder.get()),
                settings.get(ModbusSettings.READ_BACK));
        checkFit(point);
        return errors == 0 ? Optional.of(point) : Optional.empty();
    }

    private Optional<Reference> place() {
        Optional<PduAddress> address = settings.find(ModbusSettings.ADDRESS);
        Optional<Reference> reference = settings.find(ModbusSettings.REFERENCE);
        if (address.isPresent() && reference.isPresent()) {
            error(
                    mark(ModbusSettings.REFERENCE),
                    "address and reference together: one of them says where the tag lies");
            return Optional.empty();
        }
        if (reference.isPresent()) {
            return byReference(reference.get());
        }
        if (address.isEmpty()) {
            if (!settings.given(ModbusSettings.ADDRESS) && !settings.given(ModbusSettings.REFERENCE)) {
                error(tag.mark(), "tag " + tag.name() + " needs address: or reference:");
            }
            return Optional.empty();
        }
        return byAddress(address.get());
    }

    private Optional<Reference> byReference(Reference reference) {
        Optional<Table> table = settings.find(ModbusSettings.TABLE);
        if (writtenHere(ModbusSettings.TABLE) && !table.equals(Optional.of(reference.table()))) {
            error(
                    mark(ModbusSettings.TABLE),
                    "table and reference disagree: the reference means " + reference + "; leave table out");
            return Optional.empty();
        }
        return Optional.of(reference);
    }

    private Optional<Reference> byAddress(PduAddress address) {
        Optional<Table> table = settings.find(ModbusSettings.TABLE);
        if (table.isEmpty()) {
            error(
                    mark(ModbusSettings.ADDRESS),
                    "tag " + tag.name() + " needs a table (coil, discrete, input or holding) beside its address");
            return Optional.empty();
        }
        if (!address.hexadecimal()) {
            Reference.mistakenFor(address.value()).ifPresent(this::warnOfNotation);
        }
        return Optional.of(new Reference(table.get(), address.value()));
    }

    private void warnOfNotation(Reference meant) {
        problems.warning(
                mark(ModbusSettings.ADDRESS),
                "an address is zero-based, and this one looks like five-digit notation for " + meant
                        + ": write reference: if you mean that, or the address as 0x… if you do not");
    }

    private Optional<RegisterDecoder> bitDecoder(Table table) {
        DataType type = writtenHere(ModbusSettings.TYPE)
                ? settings.find(ModbusSettings.TYPE).orElse(DataType.BOOL)
                : DataType.BOOL;
        if (type != DataType.BOOL) {
            error(mark(ModbusSettings.TYPE), table.plural() + " are bool, not " + type.key());
        }
        if (settings.given(ModbusSettings.BIT)) {
            error(mark(ModbusSettings.BIT), "bit is for registers; " + table.plural() + " are single bits already");
        }
        return errors == 0 ? Optional.of(RegisterDecoder.of(DataType.BOOL, RegisterOrder.ABCD)) : Optional.empty();
    }

    private Optional<RegisterDecoder> registerDecoder() {
        Optional<Integer> bit = settings.find(ModbusSettings.BIT);
        boolean bitOnly = bit.isPresent() && !writtenHere(ModbusSettings.TYPE);
        Optional<DataType> type = bitOnly ? Optional.of(DataType.BOOL) : settings.find(ModbusSettings.TYPE);
        if (type.isEmpty()) {
            error(tag.mark(), "tag " + tag.name() + " needs a type, such as uint16 or float32");
            return Optional.empty();
        }
        checkBit(type.get());
        checkOrder(type.get());
        checkLength(type.get());
        checkFlags(type.get());
        checkText(type.get());
        if (errors > 0) {
            return Optional.empty();
        }
        int length =
                type.get().needsLength() ? settings.find(ModbusSettings.LENGTH).orElse(0) : 0;
        TextFormat text = new TextFormat(settings.get(ModbusSettings.ENCODING), settings.get(ModbusSettings.PADDING));
        Flags flags = settings.find(ModbusSettings.BITS).map(Flags::new).orElse(Flags.NONE);
        return Optional.of(new RegisterDecoder(
                type.get(), settings.get(ModbusSettings.ORDER), bit.orElse(-1), length, text, flags));
    }

    private void checkFlags(DataType type) {
        if (!settings.given(ModbusSettings.BITS)) {
            return;
        }
        Setting<?> bits = ModbusSettings.BITS;
        if (!type.flags()) {
            error(mark(bits), "bits are named in a uint16 or uint32, not in " + type.key());
            return;
        }
        int width = 16 * type.registers();
        settings.find(ModbusSettings.BITS).orElseThrow().keySet().stream()
                .filter(bit -> bit < 0 || bit >= width)
                .forEach(bit -> error(mark(bits), type.key() + " has bits 0 to " + (width - 1) + ", not " + bit));
    }

    private void checkText(DataType type) {
        for (Setting<?> setting : List.of(ModbusSettings.ENCODING, ModbusSettings.PADDING)) {
            if (type != DataType.STRING && writtenHere(setting)) {
                problems.warning(mark(setting), setting.name() + " is pointless for " + type.key());
            }
        }
    }

    /** One among the defaults is meant for the tags that can be scaled. */
    private int scaleRegister(Table table, RegisterDecoder decoder) {
        boolean possible =
                !table.bits() && decoder.type().number() && decoder.flags().none();
        if (!possible && writtenHere(ModbusSettings.SCALE_REGISTER)) {
            error(
                    mark(ModbusSettings.SCALE_REGISTER),
                    "scale-register is for numbers of whole registers, not for "
                            + decoder.type().key());
        }
        return possible
                ? settings.find(ModbusSettings.SCALE_REGISTER)
                        .map(PduAddress::value)
                        .orElse(-1)
                : -1;
    }

    private void checkBit(DataType type) {
        if (settings.given(ModbusSettings.BIT) && type != DataType.BOOL) {
            error(mark(ModbusSettings.BIT), "bit goes with type bool, not with " + type.key());
        }
    }

    /** An order among the defaults is meant for the tags that have one. */
    private void checkOrder(DataType type) {
        if (!type.hasOrder() && type != DataType.STRING && writtenHere(ModbusSettings.ORDER)) {
            problems.warning(
                    mark(ModbusSettings.ORDER),
                    "order is pointless for " + type.key() + ", which has no more than one register in an order");
        }
    }

    private void checkLength(DataType type) {
        if (type.needsLength() && !settings.given(ModbusSettings.LENGTH)) {
            error(tag.mark(), "tag " + tag.name() + " of type " + type.key() + " needs a length in bytes");
        } else if (!type.needsLength() && writtenHere(ModbusSettings.LENGTH)) {
            problems.warning(mark(ModbusSettings.LENGTH), "length is pointless for " + type.key());
        }
    }

    /** Sentinels among the defaults are meant for the tags that can have some. */
    private Sentinels sentinels(DataType type) {
        boolean possible = type.number();
        if (!possible && writtenHere(ModbusSettings.NOT_AVAILABLE)) {
            error(
                    mark(ModbusSettings.NOT_AVAILABLE),
                    "not-available is for numbers of whole registers, not for " + type.key());
        }
        return possible
                ? settings.find(ModbusSettings.NOT_AVAILABLE)
                        .map(Sentinels::all)
                        .orElse(Sentinels.NONE)
                : Sentinels.NONE;
    }

    private void checkFit(ModbusPlan.Point point) {
        int count = point.count();
        Setting<?> where = settings.given(ModbusSettings.ADDRESS) ? ModbusSettings.ADDRESS : ModbusSettings.REFERENCE;
        if (point.address() + count > ADDRESSES) {
            error(
                    mark(where),
                    "tag " + tag.name() + " takes " + count + " registers from address " + point.address()
                            + " and so ends beyond 65535");
        }
        if (count > limits.max(point.table())) {
            error(
                    tag.mark(),
                    "tag " + tag.name() + " takes " + count + " registers, more than request.max-registers ("
                            + limits.max(point.table()) + ")");
        }
        if (interval.compareTo(Duration.ofMillis(1)) < 0) {
            error(
                    tag.mark(),
                    "tag " + tag.name() + " is polled every " + interval.toNanos() + " ns, expected 1ms or more");
        }
    }

    /** Whether the tag itself says it, not the defaults that stand before it. */
    private boolean writtenHere(Setting<?> setting) {
        Mark mark = mark(setting);
        return settings.given(setting)
                && mark.file().equals(tag.mark().file())
                && (mark.line() > tag.mark().line()
                        || (mark.line() == tag.mark().line()
                                && mark.column() >= tag.mark().column()));
    }

    private Mark mark(Setting<?> setting) {
        return settings.mark(setting);
    }

    private void error(Mark mark, String message) {
        errors++;
        problems.error(mark, message);
    }
}
