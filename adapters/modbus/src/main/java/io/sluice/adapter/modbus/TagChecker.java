package io.sluice.adapter.modbus;

import io.sluice.profiles.Problems;
import io.sluice.profiles.Setting;
import io.sluice.profiles.TagDefinition;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/** Checks where one tag lies and how it is to be read. Pure. */
final class TagChecker {

    private final TagKeys tag;
    private final Duration interval;
    private final PlaceChecker places;
    private final Supplier<SunSpec> sunSpec;

    /**
     * @param poll the device's interval, for a tag without its own
     * @param sunSpec asked only for tags that are told by its names
     */
    TagChecker(
            TagDefinition definition,
            Duration poll,
            ReadPlanner.Limits limits,
            Supplier<SunSpec> sunSpec,
            Problems problems) {
        this.tag = new TagKeys(definition, problems);
        this.interval = definition.poll().orElse(poll);
        this.places = new PlaceChecker(tag, limits);
        this.sunSpec = sunSpec;
    }

    /** Empty after an error was reported. */
    Optional<ModbusPlan.Point> point() {
        checkInterval();
        Optional<ModbusPlan.Point> point = tag.given(ModbusSettings.SUNSPEC) ? bySunSpec() : byPlace();
        return tag.anyError() ? Optional.empty() : point;
    }

    private void checkInterval() {
        if (interval.compareTo(Duration.ofMillis(1)) < 0) {
            tag.error("tag " + tag.name() + " is polled every " + interval.toNanos() + " ns, expected 1ms or more");
        }
    }

    private Optional<ModbusPlan.Point> bySunSpec() {
        return new SunSpecChecker(tag, sunSpec.get()).point().map(byModel -> {
            SunSpec.Point any = byModel.firstEntry().getValue();
            Sentinels sentinels = Sentinels.parse(any.notAvailable()).orElse(Sentinels.NONE);
            RegisterDecoder decoder = new RegisterDecoder(any.dataType(), RegisterOrder.ABCD, -1, any.length());
            return point(Place.UNKNOWN, decoder, sentinels, -1, byModel);
        });
    }

    private Optional<ModbusPlan.Point> byPlace() {
        Optional<Place> place = places.place();
        if (place.isEmpty()) {
            return Optional.empty();
        }
        Table table = place.get().table();
        Optional<RegisterDecoder> decoder = table.bits() ? bitDecoder(table) : registerDecoder();
        if (decoder.isEmpty()) {
            return Optional.empty();
        }
        ModbusPlan.Point point = point(
                place.get(),
                decoder.get(),
                sentinels(decoder.get().type()),
                scaleRegister(table, decoder.get()),
                Collections.emptySortedMap());
        places.checkFit(point.place(), point.count());
        return Optional.of(point);
    }

    private ModbusPlan.Point point(
            Place place,
            RegisterDecoder decoder,
            Sentinels sentinels,
            int scaleRegister,
            SortedMap<Integer, SunSpec.Point> sunSpec) {
        return new ModbusPlan.Point(
                tag.name(),
                place,
                decoder,
                sentinels,
                interval,
                scaleRegister,
                tag.get(ModbusSettings.READ_BACK),
                sunSpec);
    }

    private Optional<RegisterDecoder> bitDecoder(Table table) {
        DataType type = tag.writtenHere(ModbusSettings.TYPE)
                ? tag.find(ModbusSettings.TYPE).orElse(DataType.BOOL)
                : DataType.BOOL;
        if (type != DataType.BOOL) {
            tag.error(ModbusSettings.TYPE, table.plural() + " are bool, not " + type.key());
        }
        if (tag.given(ModbusSettings.BIT)) {
            tag.error(ModbusSettings.BIT, "bit is for registers; " + table.plural() + " are single bits already");
        }
        return !tag.anyError() ? Optional.of(RegisterDecoder.of(DataType.BOOL, RegisterOrder.ABCD)) : Optional.empty();
    }

    private Optional<RegisterDecoder> registerDecoder() {
        Optional<Integer> bit = tag.find(ModbusSettings.BIT);
        boolean bitOnly = bit.isPresent() && !tag.writtenHere(ModbusSettings.TYPE);
        Optional<DataType> type = bitOnly ? Optional.of(DataType.BOOL) : tag.find(ModbusSettings.TYPE);
        if (type.isEmpty()) {
            tag.error("tag " + tag.name() + " needs a type, such as uint16 or float32");
            return Optional.empty();
        }
        checkBit(type.get());
        checkOrder(type.get());
        checkLength(type.get());
        checkFlags(type.get());
        checkText(type.get());
        if (tag.anyError()) {
            return Optional.empty();
        }
        int length = type.get().needsLength() ? tag.find(ModbusSettings.LENGTH).orElse(0) : 0;
        TextFormat text = new TextFormat(tag.get(ModbusSettings.ENCODING), tag.get(ModbusSettings.PADDING));
        Flags flags = tag.find(ModbusSettings.BITS).map(Flags::new).orElse(Flags.NONE);
        return Optional.of(
                new RegisterDecoder(type.get(), tag.get(ModbusSettings.ORDER), bit.orElse(-1), length, text, flags));
    }

    private void checkFlags(DataType type) {
        if (!tag.given(ModbusSettings.BITS)) {
            return;
        }
        Setting<?> bits = ModbusSettings.BITS;
        if (!type.flags()) {
            tag.error(bits, "bits are named in a uint16 or uint32, not in " + type.key());
            return;
        }
        int width = 16 * type.registers();
        tag.find(ModbusSettings.BITS).orElseThrow().keySet().stream()
                .filter(bit -> bit < 0 || bit >= width)
                .forEach(bit -> tag.error(bits, type.key() + " has bits 0 to " + (width - 1) + ", not " + bit));
    }

    private void checkText(DataType type) {
        for (Setting<?> setting : List.of(ModbusSettings.ENCODING, ModbusSettings.PADDING)) {
            if (type != DataType.STRING && tag.writtenHere(setting)) {
                tag.warning(setting, setting.name() + " is pointless for " + type.key());
            }
        }
    }

    /** One among the defaults is meant for the tags that can be scaled. */
    private int scaleRegister(Table table, RegisterDecoder decoder) {
        boolean possible =
                !table.bits() && decoder.type().number() && decoder.flags().none();
        if (!possible && tag.writtenHere(ModbusSettings.SCALE_REGISTER)) {
            tag.error(
                    ModbusSettings.SCALE_REGISTER,
                    "scale-register is for numbers of whole registers, not for "
                            + decoder.type().key());
        }
        return possible
                ? tag.find(ModbusSettings.SCALE_REGISTER).map(PduAddress::value).orElse(-1)
                : -1;
    }

    private void checkBit(DataType type) {
        if (tag.given(ModbusSettings.BIT) && type != DataType.BOOL) {
            tag.error(ModbusSettings.BIT, "bit goes with type bool, not with " + type.key());
        }
    }

    /** An order among the defaults is meant for the tags that have one. */
    private void checkOrder(DataType type) {
        if (!type.hasOrder() && type != DataType.STRING && tag.writtenHere(ModbusSettings.ORDER)) {
            tag.warning(
                    ModbusSettings.ORDER,
                    "order is pointless for " + type.key() + ", which has no more than one register in an order");
        }
    }

    private void checkLength(DataType type) {
        if (type.needsLength() && !tag.given(ModbusSettings.LENGTH)) {
            tag.error("tag " + tag.name() + " of type " + type.key() + " needs a length in bytes");
        } else if (!type.needsLength() && tag.writtenHere(ModbusSettings.LENGTH)) {
            tag.warning(ModbusSettings.LENGTH, "length is pointless for " + type.key());
        }
    }

    /** Sentinels among the defaults are meant for the tags that can have some. */
    private Sentinels sentinels(DataType type) {
        boolean possible = type.number();
        if (!possible && tag.writtenHere(ModbusSettings.NOT_AVAILABLE)) {
            tag.error(
                    ModbusSettings.NOT_AVAILABLE,
                    "not-available is for numbers of whole registers, not for " + type.key());
        }
        return possible
                ? tag.find(ModbusSettings.NOT_AVAILABLE).map(Sentinels::all).orElse(Sentinels.NONE)
                : Sentinels.NONE;
    }
}
