package io.sluice.adapter.opcua;

import io.sluice.telemetry.Value;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.milo.opcua.sdk.core.types.DynamicOptionSetType;
import org.eclipse.milo.opcua.sdk.core.types.DynamicStructType;
import org.eclipse.milo.opcua.sdk.core.types.DynamicUnionType;
import org.eclipse.milo.opcua.stack.core.encoding.EncodingContext;
import org.eclipse.milo.opcua.stack.core.types.UaEnumeratedType;
import org.eclipse.milo.opcua.stack.core.types.UaStructuredType;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.DiagnosticInfo;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.Matrix;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.OptionSetUInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.XmlElement;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UByte;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.ULong;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.jspecify.annotations.Nullable;

/**
 * Takes one value of a server apart (Part 6 §5.1): whatever a server sends, there is an answer. Used once: it remembers whether
 * all of the value could be taken apart.
 */
final class ValueDecoder {

    private static final long TICKS_PER_SECOND = 10_000_000;
    private static final String EARLIEST = "1601-01-01T00:00:00Z";
    private static final String LATEST = "9999-12-31T23:59:59Z";
    private static final long LATEST_SECONDS = Instant.parse(LATEST).getEpochSecond();

    private final EncodingContext structures;
    private boolean whole = true;

    /**
     * @param structures knows the server's own structures, as far as they could be read
     */
    ValueDecoder(EncodingContext structures) {
        this.structures = structures;
    }

    /** {@code null} where there is none. */
    @Nullable
    Value decode(@Nullable Object raw) {
        return value(raw, 0);
    }

    /** Whether no part of what was decoded is left as its bytes, or left out. */
    boolean isWhole() {
        return whole;
    }

    private @Nullable Value value(@Nullable Object raw, int depth) {
        return switch (raw) {
            case null -> null;
            case Float number -> new Value.Float32(number);
            case Double number -> new Value.Float64(number);
            case Boolean bool -> new Value.Bool(bool);
            case Byte number -> new Value.Signed(number);
            case Short number -> new Value.Signed(number);
            case Integer number -> new Value.Signed(number);
            case Long number -> new Value.Signed(number);
            case UByte number -> new Value.Unsigned(number.longValue());
            case UShort number -> new Value.Unsigned(number.longValue());
            case UInteger number -> new Value.Unsigned(number.longValue());
            case ULong number -> new Value.Unsigned(number.longValue());
            case StatusCode code -> new Value.Unsigned(code.value());
            case UaEnumeratedType number -> new Value.Signed(number.getValue());
            case OptionSetUInteger<?> bits -> value(bits.getValue(), depth);
            case ByteString bytes -> bytes.isNull() ? null : new Value.Bytes(bytes.bytesOrEmpty());
            case Variant variant -> value(variant.value(), depth);
            case DataValue data -> fields(members(data), depth);
            case DiagnosticInfo info -> fields(members(info), depth);
            case ExtensionObject object -> structure(object, depth);
            case UaStructuredType structure -> inner(structure, depth);
            case Matrix matrix -> matrix(matrix, depth);
            default -> raw.getClass().isArray() ? elements(raw, 0, Array.getLength(raw), depth) : text(raw);
        };
    }

    private @Nullable Value text(Object raw) {
        @Nullable
        String text = switch (raw) {
            case String string -> string;
            case LocalizedText localized -> localized.text();
            case DateTime time -> text(time);
            case UUID guid -> guid.toString();
            case NodeId node -> ByUri.text(node, structures.getNamespaceTable());
            case ExpandedNodeId node -> ByUri.text(node, structures.getNamespaceTable(), structures.getServerTable());
            case QualifiedName name -> ByUri.text(name, structures.getNamespaceTable());
            case XmlElement xml -> xml.fragment();
            default -> raw.toString();
        };
        return text == null ? null : new Value.Text(text);
    }

    /** What is outside the years that ISO 8601 writes with four digits stands for their ends (Part 6 §5.2.2.5). */
    private static String text(DateTime time) {
        if (time.utcTime() <= 0) {
            return EARLIEST;
        }
        long ticks = time.utcTime() - Translation.EPOCH_TICKS;
        long seconds = Math.floorDiv(ticks, TICKS_PER_SECOND);
        return seconds >= LATEST_SECONDS
                ? LATEST
                : Instant.ofEpochSecond(seconds, Math.floorMod(ticks, TICKS_PER_SECOND) * 100)
                        .toString();
    }

    private @Nullable Value elements(Object array, int from, int length, int depth) {
        if (isTooDeep(depth)) {
            return null;
        }
        List<@Nullable Value> values = new ArrayList<>(length);
        for (int i = from; i < from + length; i++) {
            values.add(value(Array.get(array, i), depth + 1));
        }
        return new Value.Elements(values);
    }

    /** Arrays of arrays; where the dimensions do not fit the elements (Part 6 §5.2.2.16) the elements alone are told. */
    private @Nullable Value matrix(Matrix matrix, int depth) {
        @Nullable Object flat = matrix.getElements();
        if (flat == null) {
            return null;
        }
        int length = Array.getLength(flat);
        int[] dimensions = matrix.getDimensions();
        long product = Arrays.stream(dimensions).asLongStream().reduce(1, ValueDecoder::productOf);
        if (product != length) {
            whole = false;
        }
        return length == 0 || product != length
                ? elements(flat, 0, length, depth)
                : nested(flat, dimensions, 0, 0, length, depth);
    }

    /** Never over the edge: a server may send any numbers. */
    private static long productOf(long one, long other) {
        return one < 0 || other < 0 || one > Integer.MAX_VALUE ? Long.MAX_VALUE : one * other;
    }

    private @Nullable Value nested(Object flat, int[] dimensions, int dimension, int from, int length, int depth) {
        if (isTooDeep(depth)) {
            return null;
        }
        if (dimension == dimensions.length - 1) {
            return elements(flat, from, length, depth);
        }
        int part = length / dimensions[dimension];
        List<@Nullable Value> parts = new ArrayList<>(dimensions[dimension]);
        for (int i = 0; i < dimensions[dimension]; i++) {
            parts.add(nested(flat, dimensions, dimension + 1, from + i * part, part, depth + 1));
        }
        return new Value.Elements(parts);
    }

    private @Nullable Value structure(ExtensionObject object, int depth) {
        if (object.isNull()) {
            return null;
        }
        UaStructuredType decoded;
        try {
            decoded = object.decode(structures);
        } catch (RuntimeException e) {
            // The library throws what it likes where the bytes are not what the server's definition says.
            return bytes(object);
        }
        Optional<Map<String, @Nullable Object>> members = members(decoded);
        return members.isPresent() ? fields(members.get(), depth) : bytes(object);
    }

    private @Nullable Value inner(UaStructuredType structure, int depth) {
        Optional<Map<String, @Nullable Object>> members = members(structure);
        return members.isPresent()
                ? fields(members.get(), depth)
                : bytes(ExtensionObject.encode(structures, structure));
    }

    /** Empty for a structure that the server did not describe, but the library knows. */
    private static Optional<Map<String, @Nullable Object>> members(UaStructuredType structure) {
        return switch (structure) {
            case DynamicStructType named -> Optional.of(named.getMembers());
            case DynamicUnionType union -> Optional.of(members(union));
            case DynamicOptionSetType bits -> Optional.of(members(bits));
            default -> Optional.empty();
        };
    }

    private @Nullable Value fields(Map<String, @Nullable Object> members, int depth) {
        if (isTooDeep(depth)) {
            return null;
        }
        List<Value.Structure.Field> fields = new ArrayList<>(members.size());
        members.forEach((name, value) -> fields.add(new Value.Structure.Field(name, value(value, depth + 1))));
        return new Value.Structure(fields);
    }

    /** What stands inside has no place in a message any more. */
    private boolean isTooDeep(int depth) {
        whole &= depth < Value.MAX_DEPTH;
        return depth >= Value.MAX_DEPTH;
    }

    private static Map<String, @Nullable Object> members(DynamicUnionType union) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        union.getValue().ifPresent(one -> members.put(one.fieldName(), one.fieldValue()));
        return members;
    }

    /** Part 3 §8.40: of the bits of Value only those count that are set in ValidBits. */
    private static Map<String, @Nullable Object> members(DynamicOptionSetType bits) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("Value", bits.getValue());
        members.put("ValidBits", bits.getValidBits());
        return members;
    }

    /** Named as Part 6 §5.4.2.18 names them; what says nothing is left out. */
    private static Map<String, @Nullable Object> members(DataValue data) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("Value", data.value());
        if (data.statusCode().value() != 0) {
            members.put("Status", data.statusCode());
        }
        putTime(members, "SourceTimestamp", data.sourceTime());
        putTime(members, "ServerTimestamp", data.serverTime());
        return members;
    }

    private static void putTime(Map<String, @Nullable Object> members, String name, @Nullable DateTime time) {
        if (time != null && time.utcTime() > 0) {
            members.put(name, time);
        }
    }

    /** Its numbers count in a table of strings that a value does not have. */
    private static Map<String, @Nullable Object> members(DiagnosticInfo info) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("AdditionalInfo", info.additionalInfo());
        members.put("InnerStatusCode", info.innerStatusCode());
        members.put("InnerDiagnosticInfo", info.innerDiagnosticInfo());
        members.values().removeIf(Objects::isNull);
        return members;
    }

    /** The server sent a structure that it does not describe, or not as it describes it: its bytes go on as they are. */
    private Value bytes(ExtensionObject object) {
        whole = false;
        return new Value.Bytes(
                switch (object.getBody()) {
                    case ByteString bytes -> bytes.bytesOrEmpty();
                    case XmlElement xml -> xml.getFragmentOrEmpty().getBytes(StandardCharsets.UTF_8);
                    default -> String.valueOf(object.getBody()).getBytes(StandardCharsets.UTF_8);
                });
    }
}
