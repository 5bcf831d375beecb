package io.sluice.telemetry;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a birth says of one tag. Two descriptors that differ get different aliases.
 *
 * @param unit UCUM, empty if none
 * @param description for people, empty if none
 * @param enumeration names of the values of an enumeration, in ascending order of value; empty if it is none
 * @param low lower end of the engineering range
 * @param high upper end of the engineering range
 * @param source address or NodeId as the protocol writes it
 * @param kind what a reading of the tag stands for
 * @param detail what the device itself says beyond that
 */
public record TagDescriptor(
        String name,
        ValueType type,
        String unit,
        String description,
        List<EnumValue> enumeration,
        OptionalDouble low,
        OptionalDouble high,
        String source,
        Kind kind,
        Detail detail) {

    /** What a reading stands for. */
    public enum Kind {
        /** A value, which holds until the next reading. */
        VALUE,
        /** Something that happened. */
        EVENT
    }

    /**
     * What some devices say of a tag.
     *
     * @param displayName empty if none
     * @param typeDefinition what kind of variable it is, as the protocol writes it; empty if it says nothing
     * @param instrumentLow lowest value that the instrument can return
     * @param instrumentHigh highest value that the instrument can return
     * @param valuePrecision digits after the decimal point (OPC UA Part 8 §5.3.2.1)
     * @param bits names of single bits of the value, the lowest is 0; empty if they have none
     */
    public record Detail(
            String displayName,
            String typeDefinition,
            OptionalDouble instrumentLow,
            OptionalDouble instrumentHigh,
            OptionalDouble valuePrecision,
            List<EnumValue> bits) {

        public static final Detail NONE =
                new Detail("", "", OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());

        public Detail {
            bits = sorted(bits);
        }

        /** Of a value whose bits have no names. */
        public Detail(
                String displayName,
                String typeDefinition,
                OptionalDouble instrumentLow,
                OptionalDouble instrumentHigh,
                OptionalDouble valuePrecision) {
            this(displayName, typeDefinition, instrumentLow, instrumentHigh, valuePrecision, List.of());
        }
    }

    public TagDescriptor {
        enumeration = sorted(enumeration);
    }

    private static List<EnumValue> sorted(List<EnumValue> names) {
        return names.stream().sorted(Comparator.comparingLong(EnumValue::value)).toList();
    }

    /** Of a value. */
    public TagDescriptor(
            String name,
            ValueType type,
            String unit,
            String description,
            List<EnumValue> enumeration,
            OptionalDouble low,
            OptionalDouble high,
            String source) {
        this(name, type, unit, description, enumeration, low, high, source, Kind.VALUE);
    }

    /** Of a tag whose device says no more. */
    public TagDescriptor(
            String name,
            ValueType type,
            String unit,
            String description,
            List<EnumValue> enumeration,
            OptionalDouble low,
            OptionalDouble high,
            String source,
            Kind kind) {
        this(name, type, unit, description, enumeration, low, high, source, kind, Detail.NONE);
    }

    public record EnumValue(long value, String name) {}

    /** The name of a value of the enumeration; empty if it has none. */
    public Optional<String> nameOf(long value) {
        return enumeration.stream()
                .filter(entry -> entry.value() == value)
                .map(EnumValue::name)
                .findFirst();
    }

    /** The same for a reading: of a Boolean 0 and 1 are the names of false and true. */
    public Optional<String> nameOf(Value value) {
        return switch (value) {
            case Value.Signed(long number) -> nameOf(number);
            case Value.Unsigned(long number) -> nameOf(number);
            case Value.Bool(boolean set) -> nameOf(set ? 1 : 0);
            case Value.Float32 _, Value.Float64 _, Value.Text _, Value.Bytes _, Value.Structure _, Value.Elements _ ->
                Optional.empty();
        };
    }

    /** Bytes that stand for this descriptor: equal descriptors give equal bytes, different ones different bytes. */
    public byte[] toKey() {
        return ProtobufWriter.tag(0, this).toByteArray();
    }

    /**
     * Reads what {@link #toKey} writes.
     *
     * @throws IllegalArgumentException if the bytes are no key
     */
    public static TagDescriptor fromKey(byte[] key) {
        return ProtobufReader.descriptor(key);
    }
}
