package io.sluice.adapter.opcua;

import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.CodeSpace;
import io.sluice.telemetry.Status.Quality;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.Value;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.milo.opcua.sdk.core.types.DynamicOptionSetType;
import org.eclipse.milo.opcua.sdk.core.types.DynamicStructType;
import org.eclipse.milo.opcua.sdk.core.types.DynamicUnionType;
import org.eclipse.milo.opcua.stack.core.UaSerializationException;
import org.eclipse.milo.opcua.stack.core.encoding.EncodingContext;
import org.eclipse.milo.opcua.stack.core.types.UaEnumeratedType;
import org.eclipse.milo.opcua.stack.core.types.UaStructuredType;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
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

/** Turns what the server sends into samples. May be called on any thread. */
final class Translation {

    /** 1601-01-01 to 1970-01-01 in intervals of 100 ns. */
    private static final long EPOCH_TICKS = 116_444_736_000_000_000L;

    private static final long MAX_TICKS = Long.MAX_VALUE / 100;

    private static final Status PLAIN_GOOD = new Status(Quality.GOOD, CodeSpace.OPCUA, 0);

    private final EncodingContext structures;

    /**
     * @param structures knows the server's own structures, as far as they could be read
     */
    Translation(EncodingContext structures) {
        this.structures = structures;
    }

    Sample sample(int tag, DataValue data) {
        Status status = status(data.statusCode());
        long time = time(data);
        @Nullable Object raw = data.value().value();
        try {
            return new Sample(tag, value(raw), status, time);
        } catch (Opaque e) {
            return new Sample(tag, withBytes(raw), worse(status), time);
        }
    }

    /** A tag for which the server has no value at all. */
    static Sample refused(int tag, StatusCode code) {
        return new Sample(tag, null, status(code), Sample.NO_TIME);
    }

    /** Part 4 §7.39: the two highest bits are the severity; every bit is kept. */
    static Status status(StatusCode code) {
        int bits = (int) code.value();
        if (bits == 0) {
            return PLAIN_GOOD;
        }
        Quality quality = switch (bits >>> 30) {
            case 0 -> Quality.GOOD;
            case 1 -> Quality.UNCERTAIN;
            default -> Quality.BAD;
        };
        return new Status(quality, CodeSpace.OPCUA, bits);
    }

    /** Bit Overflow of the info bits of a data value (Part 4 §7.39). */
    static boolean isOverflow(DataValue value) {
        return (value.statusCode().value() & 0x0480) == 0x0480;
    }

    /** 0 if there is no ServerTimestamp. */
    static long serverTicks(DataValue value) {
        @Nullable DateTime time = value.serverTime();
        return time == null ? 0 : time.utcTime();
    }

    private static Status worse(Status status) {
        return status.quality() == Quality.GOOD ? Status.uncertain(SluiceCode.UNDECODABLE) : status;
    }

    /** UTC nanoseconds, or {@link Sample#NO_TIME}. */
    static long time(DateTime time) {
        return usable(time) ? nanos(time, null) : Sample.NO_TIME;
    }

    private static long time(DataValue data) {
        @Nullable DateTime source = data.sourceTime();
        if (usable(source)) {
            return nanos(source, data.sourcePicoseconds());
        }
        @Nullable DateTime server = data.serverTime();
        return usable(server) ? nanos(server, data.serverPicoseconds()) : Sample.NO_TIME;
    }

    /** The same the other way round. */
    static DateTime dateTime(long nanos) {
        return new DateTime(nanos / 100 + EPOCH_TICKS);
    }

    @org.jspecify.annotations.NullUnmarked
    private static boolean usable(DateTime time) {
        return time != null && time.utcTime() >= EPOCH_TICKS && time.utcTime() - EPOCH_TICKS < MAX_TICKS;
    }

    /**
     * @param picoseconds in intervals of 10 ps (Part 4 §7.11.3)
     */
    @org.jspecify.annotations.NullUnmarked
    private static long nanos(DateTime time, UShort picoseconds) {
        long fraction = picoseconds == null ? 0 : picoseconds.intValue() / 100;
        return (time.utcTime() - EPOCH_TICKS) * 100 + fraction;
    }

    private @Nullable Value value(@Nullable Object raw) throws Opaque {
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
            case OptionSetUInteger<?> bits -> value(bits.getValue());
            case ByteString bytes -> bytes.isNull() ? null : new Value.Bytes(bytes.bytesOrEmpty());
            case Variant variant -> value(variant.value());
            case DataValue data -> value(data.value().value());
            case ExtensionObject object -> structure(object);
            case UaStructuredType structure -> fields(structure);
            case Matrix matrix -> matrix.isNull() ? null : value(matrix.nestedArrayValue());
            default -> raw.getClass().isArray() ? elements(raw) : text(raw);
        };
    }

    /** Structures that the server does not describe as their bytes; of an array those alone. */
    private @Nullable Value withBytes(@Nullable Object raw) {
        if (raw instanceof Matrix matrix) {
            return withBytes(matrix.nestedArrayValue());
        }
        if (raw instanceof Object[] array) {
            return new Value.Elements(Arrays.stream(array)
                    .map(this::withBytes)
                    .map(Translation::orEmpty)
                    .toList());
        }
        try {
            return value(raw);
        } catch (Opaque e) {
            return new Value.Bytes(e.body);
        }
    }

    private static @Nullable Value text(Object raw) {
        @Nullable
        String text = switch (raw) {
            case String string -> string;
            case LocalizedText localized -> localized.text();
            case DateTime time -> time.getJavaInstant().toString();
            case UUID guid -> guid.toString();
            case NodeId node -> node.toParseableString();
            case ExpandedNodeId node -> node.toParseableString();
            case QualifiedName name -> name.isNull() ? null : name.toParseableString();
            case XmlElement xml -> xml.fragment();
            default -> raw.toString();
        };
        return text == null ? null : new Value.Text(text);
    }

    /** An element that is null has no place in an array of values: an empty text stands for it. */
    private Value elements(Object array) throws Opaque {
        int length = Array.getLength(array);
        List<Value> values = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            values.add(orEmpty(value(Array.get(array, i))));
        }
        return new Value.Elements(values);
    }

    private static Value orEmpty(@Nullable Value element) {
        return element == null ? new Value.Text("") : element;
    }

    private @Nullable Value structure(ExtensionObject object) throws Opaque {
        if (object.isNull()) {
            return null;
        }
        try {
            return fields(object.decode(structures));
        } catch (UaSerializationException e) {
            throw new Opaque(object);
        } catch (Opaque e) {
            throw new Opaque(object);
        }
    }

    private Value fields(UaStructuredType structure) throws Opaque {
        return switch (structure) {
            case DynamicStructType named -> fields(named.getMembers());
            case DynamicUnionType union -> {
                Map<String, Object> field = new java.util.LinkedHashMap<>();
                union.getValue().ifPresent(one -> field.put(one.fieldName(), one.fieldValue()));
                yield fields(field);
            }
            case DynamicOptionSetType bits -> new Value.Bytes(bits.getValue().bytesOrEmpty());
            default -> throw new Opaque(new byte[0]);
        };
    }

    private Value fields(Map<String, Object> members) throws Opaque {
        List<Value.Structure.Field> fields = new ArrayList<>(members.size());
        for (Map.Entry<String, Object> member : members.entrySet()) {
            fields.add(new Value.Structure.Field(member.getKey(), value(member.getValue())));
        }
        return new Value.Structure(fields);
    }

    /** The server sent a structure that it does not describe: its bytes go on as they are. */
    private static final class Opaque extends Exception {

        private static final long serialVersionUID = 1;

        private final byte[] body;

        Opaque(byte[] body) {
            super(null, null, false, false);
            this.body = body;
        }

        Opaque(ExtensionObject object) {
            this(
                    object.getBody() instanceof ByteString bytes
                            ? bytes.bytesOrEmpty()
                            : String.valueOf(object.getBody()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }
}
