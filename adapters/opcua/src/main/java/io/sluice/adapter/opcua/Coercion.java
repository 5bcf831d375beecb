package io.sluice.adapter.opcua;

import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.Value;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UByte;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.ULong;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;

/**
 * Turns a value into what a variable takes. Nothing is rounded, cut off or wrapped round on the way, but for the precision
 * of a Float. Text is taken as the number, time, name or identifier that it writes.
 */
final class Coercion {

    /** A value that does not fit; the message says why. */
    static final class Misfit extends Exception {

        private static final long serialVersionUID = 1;

        Misfit(String message) {
            super(message, null, false, false);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    private static final int MAX_EXPONENT = 400;

    private final Target target;
    private final NamespaceTable namespaces;

    private Coercion(Target target, NamespaceTable namespaces) {
        this.target = target;
        this.namespaces = namespaces;
    }

    /**
     * @param namespaces of the Session in which it is written
     */
    static Variant coerce(Value value, Target target, NamespaceTable namespaces) throws Misfit {
        return Variant.of(new Coercion(target, namespaces).whole(value));
    }

    private Object whole(Value value) throws Misfit {
        if (value instanceof Value.Elements elements) {
            if (!target.array()) {
                throw new Misfit("an array does not fit, the variable is a scalar " + target.type());
            }
            return array(elements);
        }
        return target.array() ? array(new Value.Elements(List.of(value))) : one(value);
    }

    private Object array(Value.Elements elements) throws Misfit {
        List<Value> values = elements.values();
        Object array = Array.newInstance(target.type().getBackingClass(), values.size());
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) == null) {
                throw new Misfit("element " + i + " is null");
            }
            Array.set(array, i, one(values.get(i)));
        }
        return array;
    }

    private Object one(Value value) throws Misfit {
        return switch (target.type()) {
            case Boolean -> bool(value);
            case SByte -> integer(value, -0x80, 0x7F).byteValue();
            case Byte -> UByte.valueOf(integer(value, 0, 0xFF).shortValue());
            case Int16 -> integer(value, Short.MIN_VALUE, Short.MAX_VALUE).shortValue();
            case UInt16 -> UShort.valueOf(integer(value, 0, 0xFFFF).intValue());
            case Int32 -> integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE).intValue();
            case UInt32 -> UInteger.valueOf(integer(value, 0, 0xFFFF_FFFFL).longValue());
            case Int64 -> integer(value, Long.MIN_VALUE, Long.MAX_VALUE).longValue();
            case UInt64 ->
                ULong.valueOf(
                        integer(value, BigInteger.ZERO, BigInteger.TWO.pow(64).subtract(BigInteger.ONE)));
            case Float -> single(value);
            case Double -> real(value);
            case StatusCode -> new StatusCode(integer(value, 0, 0xFFFF_FFFFL).longValue());
            case String -> text(value);
            // What people type is of no language; of one it would leave the others' texts as they were (Part 4
            // §5.11.4.1).
            case LocalizedText -> new LocalizedText(null, text(value));
            case DateTime -> TextForms.time(text(value));
            case Guid -> TextForms.guid(text(value));
            case NodeId -> TextForms.node(text(value), namespaces);
            case ExpandedNodeId -> TextForms.expanded(text(value));
            case QualifiedName -> TextForms.name(text(value), namespaces);
            case ByteString -> bytes(value);
            case XmlElement, ExtensionObject, DataValue, Variant, DiagnosticInfo ->
                throw new Misfit("values of type " + target.type() + " cannot be written");
        };
    }

    private Object misfit(Value value) throws Misfit {
        throw new Misfit(shown(value) + " does not fit a variable of type " + target.type());
    }

    private static String shown(Value value) {
        return switch (value) {
            case Value.Float32 number -> String.valueOf(number.value());
            case Value.Float64 number -> String.valueOf(number.value());
            case Value.Signed number -> String.valueOf(number.value());
            case Value.Unsigned number -> Long.toUnsignedString(number.value());
            case Value.Bool bool -> String.valueOf(bool.value());
            case Value.Text text -> "'" + text.value() + "'";
            case Value.Bytes bytes -> bytes.value().length + " bytes";
            case Value.Structure structure -> "a structure";
            case Value.Elements elements -> "an array";
        };
    }

    private Object bool(Value value) throws Misfit {
        for (EnumValue named : target.enumeration()) {
            if (value instanceof Value.Text text && text.value().equals(named.name())) {
                return named.value() != 0;
            }
        }
        return switch (value) {
            case Value.Bool bool -> bool.value();
            case Value.Signed number when number.value() == 0 || number.value() == 1 -> number.value() == 1;
            case Value.Unsigned number when number.value() == 0 || number.value() == 1 -> number.value() == 1;
            case Value.Text text
            when text.value().equalsIgnoreCase("true") || text.value().equals("1") -> true;
            case Value.Text text
            when text.value().equalsIgnoreCase("false") || text.value().equals("0") -> false;
            case Value.Text _,
                    Value.Signed _,
                    Value.Unsigned _,
                    Value.Float32 _,
                    Value.Float64 _,
                    Value.Bytes _,
                    Value.Structure _,
                    Value.Elements _ -> misfit(value);
        };
    }

    private BigInteger integer(Value value, long low, long high) throws Misfit {
        return integer(value, BigInteger.valueOf(low), BigInteger.valueOf(high));
    }

    private BigInteger integer(Value value, BigInteger low, BigInteger high) throws Misfit {
        BigDecimal number = number(value);
        BigInteger whole;
        try {
            whole = number.toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw new Misfit(shown(value) + " is not a whole number, the variable is of type " + target.type());
        }
        if (whole.compareTo(low) < 0 || whole.compareTo(high) > 0) {
            throw new Misfit(shown(value) + " is outside the range of " + target.type() + ", " + low + " to " + high);
        }
        if (!target.enumeration().isEmpty() && name(whole).isEmpty()) {
            throw new Misfit(shown(value) + " is none of the variable's values: " + names());
        }
        inRange(value, number);
        return whole;
    }

    private Optional<EnumValue> name(BigInteger number) {
        return target.enumeration().stream()
                .filter(named -> BigInteger.valueOf(named.value()).equals(number))
                .findFirst();
    }

    private String names() {
        return target.enumeration().stream()
                .map(named -> named.value() + " (" + named.name() + ")")
                .collect(Collectors.joining(", "));
    }

    /** Exact. */
    private BigDecimal number(Value value) throws Misfit {
        return switch (value) {
            case Value.Signed number -> BigDecimal.valueOf(number.value());
            case Value.Unsigned number -> new BigDecimal(Long.toUnsignedString(number.value()));
            case Value.Float32 number when Float.isFinite(number.value()) -> new BigDecimal(number.value());
            case Value.Float64 number when Double.isFinite(number.value()) -> new BigDecimal(number.value());
            case Value.Text text -> number(text);
            case Value.Float32 _, Value.Float64 _, Value.Bool _, Value.Bytes _, Value.Structure _, Value.Elements _ ->
                throw new Misfit(shown(value) + " is not a number, the variable is of type " + target.type());
        };
    }

    private BigDecimal number(Value.Text text) throws Misfit {
        for (EnumValue named : target.enumeration()) {
            if (named.name().equals(text.value())) {
                return BigDecimal.valueOf(named.value());
            }
        }
        try {
            BigDecimal number = new BigDecimal(text.value().strip());
            // A hostile exponent would make a number of billions of digits.
            if (Math.abs((long) number.precision() - number.scale()) <= MAX_EXPONENT) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new Misfit(
                target.enumeration().isEmpty()
                        ? shown(text) + " is not a number, the variable is of type " + target.type()
                        : shown(text) + " is none of the variable's values: " + names());
    }

    private Object single(Value value) throws Misfit {
        double wide = (Double) real(value);
        float narrow = (float) wide;
        return Float.isInfinite(narrow) && !Double.isInfinite(wide) ? misfit(value) : narrow;
    }

    /** NaN and the infinities are values of their own, but not inside a range. */
    private Object real(Value value) throws Misfit {
        double number = switch (value) {
            case Value.Float32 single -> single.value();
            case Value.Float64 real -> real.value();
            case Value.Signed _,
                    Value.Unsigned _,
                    Value.Text _,
                    Value.Bool _,
                    Value.Bytes _,
                    Value.Structure _,
                    Value.Elements _ -> finite(value);
        };
        if (Double.isFinite(number)) {
            inRange(value, new BigDecimal(number));
        } else if (target.low().isPresent() || target.high().isPresent()) {
            throw new Misfit(shown(value) + " is outside " + range());
        }
        return number;
    }

    private double finite(Value value) throws Misfit {
        double number = number(value).doubleValue();
        if (Double.isInfinite(number)) {
            misfit(value);
        }
        return number;
    }

    private void inRange(Value value, BigDecimal number) throws Misfit {
        boolean below = target.low().isPresent()
                && number.compareTo(new BigDecimal(target.low().getAsDouble())) < 0;
        boolean above = target.high().isPresent()
                && number.compareTo(new BigDecimal(target.high().getAsDouble())) > 0;
        if (below || above) {
            throw new Misfit(shown(value) + " is outside " + range());
        }
    }

    private String range() {
        return "the range that the server names for it, "
                + (target.low().isPresent() ? target.low().getAsDouble() : "-∞") + " to "
                + (target.high().isPresent() ? target.high().getAsDouble() : "∞");
    }

    private String text(Value value) throws Misfit {
        return value instanceof Value.Text text ? text.value() : String.valueOf(misfit(value));
    }

    private Object bytes(Value value) throws Misfit {
        return switch (value) {
            case Value.Bytes bytes -> ByteString.of(bytes.value());
            case Value.Text text -> TextForms.bytes(text.value());
            case Value.Float32 _,
                    Value.Float64 _,
                    Value.Signed _,
                    Value.Unsigned _,
                    Value.Bool _,
                    Value.Structure _,
                    Value.Elements _ -> misfit(value);
        };
    }
}
