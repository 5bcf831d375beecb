package io.sluice.telemetry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value as a tag reports it: a scalar, a structure with named fields, or an array. Immutable but for {@link Bytes}. */
public sealed interface Value {

    /** How deep structures and arrays may be nested in one another. */
    int MAX_DEPTH = 32;

    /** The column that carries this value. */
    ValueType type();

    /** IEEE 754 binary32. */
    record Float32(float value) implements Value {
        @Override
        public ValueType type() {
            return ValueType.FLOAT32;
        }
    }

    /** IEEE 754 binary64. */
    record Float64(double value) implements Value {
        @Override
        public ValueType type() {
            return ValueType.FLOAT64;
        }
    }

    /** A signed integer of up to 64 bits; also the number of an enumeration. */
    record Signed(long value) implements Value {
        @Override
        public ValueType type() {
            return ValueType.SIGNED;
        }
    }

    /** An unsigned integer of up to 64 bits; values above 2^63 - 1 are negative in {@code value}. */
    record Unsigned(long value) implements Value {
        @Override
        public ValueType type() {
            return ValueType.UNSIGNED;
        }
    }

    record Bool(boolean value) implements Value {
        @Override
        public ValueType type() {
            return ValueType.BOOL;
        }
    }

    record Text(String value) implements Value {
        @Override
        public ValueType type() {
            return ValueType.STRING;
        }
    }

    /** Raw bytes. The array is not copied: whoever makes the value gives it away. */
    @SuppressWarnings("ArrayRecordComponent")
    record Bytes(byte[] value) implements Value {
        @Override
        public ValueType type() {
            return ValueType.BYTES;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bytes that && java.util.Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return java.util.Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "Bytes[" + java.util.HexFormat.of().formatHex(value) + "]";
        }
    }

    /** Named fields in the order of their definition. A field without a value is {@code null}. */
    record Structure(List<Field> fields) implements Value {
        public Structure {
            fields = List.copyOf(fields);
        }

        @Override
        public ValueType type() {
            return ValueType.STRUCTURE;
        }

        public record Field(String name, @Nullable Value value) {}
    }

    /** An array; its elements need not be of one type. An element without a value is {@code null}. */
    record Elements(List<@Nullable Value> values) implements Value {
        public Elements {
            values = Collections.unmodifiableList(new ArrayList<>(values));
        }

        @Override
        public ValueType type() {
            return ValueType.STRUCTURE;
        }
    }
}
