package io.sluice.telemetry;

import com.google.protobuf.ByteString;
import io.sluice.telemetry.proto.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Structures and arrays between {@link Value} and the wire. */
final class Trees {

    private Trees() {}

    /**
     * @throws IllegalArgumentException if it is nested deeper than {@link Value#MAX_DEPTH}
     */
    static Tree encode(@Nullable Value value) {
        return encode(value, 0);
    }

    private static Tree encode(@Nullable Value value, int depth) {
        if (depth > Value.MAX_DEPTH) {
            throw new IllegalArgumentException("a structure is nested deeper than " + Value.MAX_DEPTH);
        }
        Tree.Builder tree = Tree.newBuilder();
        return switch (value) {
            case null -> tree.build();
            case Value.Float32(float number) -> tree.setFloat32(number).build();
            case Value.Float64(double number) -> tree.setFloat64(number).build();
            case Value.Signed(long number) -> tree.setSigned(number).build();
            case Value.Unsigned(long number) -> tree.setUnsigned(number).build();
            case Value.Bool(boolean set) -> tree.setBoolean(set).build();
            case Value.Text(String text) -> tree.setText(text).build();
            case Value.Bytes(byte[] bytes) ->
                tree.setBinary(ByteString.copyFrom(bytes)).build();
            case Value.Structure structure ->
                tree.setFields(fields(structure, depth)).build();
            case Value.Elements elements ->
                tree.setElements(elements(elements, depth)).build();
        };
    }

    private static Tree.Fields fields(Value.Structure structure, int depth) {
        Tree.Fields.Builder fields = Tree.Fields.newBuilder();
        for (Value.Structure.Field field : structure.fields()) {
            fields.addName(field.name()).addValue(encode(field.value(), depth + 1));
        }
        return fields.build();
    }

    private static Tree.Elements elements(Value.Elements array, int depth) {
        Tree.Elements.Builder elements = Tree.Elements.newBuilder();
        boolean shortForm = hasShortForm(array.values());
        for (Value value : array.values()) {
            if (shortForm && value != null) {
                addShort(elements, value);
            } else {
                elements.addValue(encode(value, depth + 1));
            }
        }
        return elements.build();
    }

    private static boolean hasShortForm(List<@Nullable Value> values) {
        Value first = values.isEmpty() ? null : values.getFirst();
        if (first == null || first.type() == ValueType.STRUCTURE || first.type() == ValueType.BYTES) {
            return false;
        }
        for (Value value : values) {
            if (value == null || value.type() != first.type()) {
                return false;
            }
        }
        return true;
    }

    private static void addShort(Tree.Elements.Builder elements, Value value) {
        switch (value) {
            case Value.Float32(float number) -> elements.addFloat32(number);
            case Value.Float64(double number) -> elements.addFloat64(number);
            case Value.Signed(long number) -> elements.addSigned(number);
            case Value.Unsigned(long number) -> elements.addUnsigned(number);
            case Value.Bool(boolean set) -> elements.addBoolean(set);
            case Value.Text(String text) -> elements.addText(text);
            case Value.Bytes _, Value.Structure _, Value.Elements _ ->
                throw new IllegalArgumentException("has no short form: " + value);
        }
    }

    static @Nullable Value decode(Tree tree) throws MalformedMessage {
        return decode(tree, 0);
    }

    private static @Nullable Value decode(Tree tree, int depth) throws MalformedMessage {
        if (depth > Value.MAX_DEPTH) {
            throw new MalformedMessage("a structure is nested deeper than " + Value.MAX_DEPTH);
        }
        return switch (tree.getKindCase()) {
            case FLOAT32 -> new Value.Float32(tree.getFloat32());
            case FLOAT64 -> new Value.Float64(tree.getFloat64());
            case SIGNED -> new Value.Signed(tree.getSigned());
            case UNSIGNED -> new Value.Unsigned(tree.getUnsigned());
            case BOOLEAN -> new Value.Bool(tree.getBoolean());
            case TEXT -> new Value.Text(tree.getText());
            case BINARY -> new Value.Bytes(tree.getBinary().toByteArray());
            case FIELDS -> structure(tree.getFields(), depth);
            case ELEMENTS -> array(tree.getElements(), depth);
            case KIND_NOT_SET -> null;
        };
    }

    private static Value structure(Tree.Fields fields, int depth) throws MalformedMessage {
        if (fields.getNameCount() != fields.getValueCount()) {
            throw new MalformedMessage(
                    "a structure has " + fields.getNameCount() + " names and " + fields.getValueCount() + " values");
        }
        List<Value.Structure.Field> list = new ArrayList<>(fields.getNameCount());
        for (int i = 0; i < fields.getNameCount(); i++) {
            list.add(new Value.Structure.Field(fields.getName(i), decode(fields.getValue(i), depth + 1)));
        }
        return new Value.Structure(list);
    }

    private static Value array(Tree.Elements elements, int depth) throws MalformedMessage {
        List<@Nullable Value> values = new ArrayList<>();
        for (Tree tree : elements.getValueList()) {
            values.add(decode(tree, depth + 1));
        }
        int filled = (values.isEmpty() ? 0 : 1)
                + addAll(values, elements.getFloat32Count(), elements::getFloat32, Value.Float32::new)
                + addAll(values, elements.getFloat64Count(), elements::getFloat64, Value.Float64::new)
                + addAll(values, elements.getSignedCount(), elements::getSigned, Value.Signed::new)
                + addAll(values, elements.getUnsignedCount(), elements::getUnsigned, Value.Unsigned::new)
                + addAll(values, elements.getBooleanCount(), elements::getBoolean, Value.Bool::new)
                + addAll(values, elements.getTextCount(), elements::getText, Value.Text::new);
        if (filled > 1) {
            throw new MalformedMessage("an array has elements in " + filled + " forms; one is allowed");
        }
        return new Value.Elements(values);
    }

    /** Returns 1 if there were any. */
    private static <T> int addAll(
            List<@Nullable Value> values, int count, IntFunction<T> element, Function<T, Value> value) {
        for (int i = 0; i < count; i++) {
            values.add(value.apply(element.apply(i)));
        }
        return count == 0 ? 0 : 1;
    }
}
