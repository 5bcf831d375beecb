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
        Kind kind) {

    /** What a reading stands for. */
    public enum Kind {
        /** A value, which holds until the next reading. */
        VALUE,
        /** Something that happened. */
        EVENT
    }

    public TagDescriptor {
        enumeration = enumeration.stream()
                .sorted(Comparator.comparingLong(EnumValue::value))
                .toList();
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

    public record EnumValue(long value, String name) {}

    /** The name of a value of the enumeration; empty if it has none. */
    public Optional<String> nameOf(long value) {
        return enumeration.stream()
                .filter(entry -> entry.value() == value)
                .map(EnumValue::name)
                .findFirst();
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
