package io.sluice.adapter.opcua;

import io.sluice.telemetry.TagDescriptor.EnumValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.structured.EnumDefinition;
import org.eclipse.milo.opcua.stack.core.types.structured.EnumField;
import org.eclipse.milo.opcua.stack.core.types.structured.EnumValueType;
import org.jspecify.annotations.Nullable;

/** Names of numbers and of bits, in the forms in which servers give them; in ascending order. */
final class ValueNames {

    private ValueNames() {}

    /** Part 3 §8.49; of an OptionSet the numbers are those of its bits. */
    static List<EnumValue> of(EnumDefinition definition) {
        EnumField @Nullable [] fields = definition.getFields();
        List<EnumValue> names = new ArrayList<>();
        for (EnumField field : fields == null ? new EnumField[0] : fields) {
            names.add(new EnumValue(field.getValue(), name(field)));
        }
        return sorted(names);
    }

    /** The properties EnumValues, else EnumStrings (Part 3 §5.8.3), else FalseState and TrueState (Part 8 §5.3.3.2). */
    static List<EnumValue> ofNumbers(Map<String, Object> properties, PropertyReader reader) {
        if (properties.get("EnumValues") instanceof ExtensionObject[] values) {
            return sorted(values(values, reader));
        }
        return properties.get("EnumStrings") instanceof LocalizedText[] texts
                ? counted(texts)
                : counted(properties.get("FalseState"), properties.get("TrueState"));
    }

    /** The property OptionSetValues (Part 3 §5.8.3, Part 5 §7.17). */
    static List<EnumValue> ofBits(Map<String, Object> properties) {
        return properties.get("OptionSetValues") instanceof LocalizedText[] texts ? counted(texts) : List.of();
    }

    static List<EnumValue> firstOf(List<EnumValue> names, List<EnumValue> otherwise) {
        return names.isEmpty() ? otherwise : names;
    }

    private static List<EnumValue> values(ExtensionObject[] values, PropertyReader reader) {
        List<EnumValue> names = new ArrayList<>();
        for (ExtensionObject value : values) {
            if (reader.decoded(value) instanceof EnumValueType named && named.getDisplayName() != null) {
                names.add(new EnumValue(named.getValue(), text(named.getDisplayName())));
            }
        }
        return names;
    }

    /** Counts from 0; what has no name is left out. */
    private static List<EnumValue> counted(@Nullable Object... texts) {
        List<EnumValue> names = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            if (texts[i] instanceof LocalizedText text && !text(text).isEmpty()) {
                names.add(new EnumValue(i, text(text)));
            }
        }
        return names;
    }

    private static String name(EnumField field) {
        @Nullable String name = field.getName();
        return name == null || name.isEmpty() ? text(field.getDisplayName()) : name;
    }

    /** Empty where there is none. */
    static String text(@Nullable LocalizedText text) {
        return text == null || text.text() == null ? "" : text.text();
    }

    private static List<EnumValue> sorted(List<EnumValue> names) {
        return names.stream().sorted(Comparator.comparingLong(EnumValue::value)).toList();
    }
}
