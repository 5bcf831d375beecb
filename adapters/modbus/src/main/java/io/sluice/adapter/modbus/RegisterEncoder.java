package io.sluice.adapter.modbus;

import io.sluice.telemetry.Value;
import io.sluice.telemetry.Value.Structure.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/** Turns a value into what its tag's registers have to hold: the inverse of {@link RegisterDecoder}. Pure. */
final class RegisterEncoder {

    private static final BigInteger TWO = BigInteger.TWO;

    private final RegisterDecoder format;
    private final int exponent;

    /**
     * @param exponent power of ten by which the device's number has to be multiplied
     */
    RegisterEncoder(RegisterDecoder format, int exponent) {
        this.format = format;
        this.exponent = exponent;
    }

    /** What a coil has to be. */
    static Encoded coil(Value value) throws DoesNotFit {
        return new Encoded.Coil(bool(value));
    }

    /**
     * @throws DoesNotFit if the registers cannot hold the value
     */
    Encoded encode(Value value) throws DoesNotFit {
        DataType type = format.type();
        return switch (type) {
            case BOOL -> bit(bool(value));
            case INT8_HIGH -> new Encoded.Part(0xFF00, (int) (signed(value, 8) & 0xFF) << 8);
            case INT8_LOW -> new Encoded.Part(0x00FF, (int) signed(value, 8) & 0xFF);
            case UINT8_HIGH -> new Encoded.Part(0xFF00, (int) unsigned(value, 8) << 8);
            case UINT8_LOW -> new Encoded.Part(0x00FF, (int) unsigned(value, 8));
            case INT16, INT32, INT64 -> whole(signed(value, 16 * type.registers()));
            case UINT16, UINT32, UINT64 ->
                value instanceof Value.Structure structure
                        ? flags(structure)
                        : whole(unsigned(value, 16 * type.registers()));
            case FLOAT16 -> whole(half(value));
            case FLOAT32 -> whole(Float.floatToRawIntBits(single(value)));
            case FLOAT64 -> whole(Double.doubleToRawLongBits(real(value)));
            case BCD16, BCD32, BCD64 -> whole(bcd(value));
            case STRING -> new Encoded.Whole(text(value));
            case BYTES -> new Encoded.Whole(bytes(value));
            case DATETIME_UNIX -> time(DateTimeLayout.UNIX, value);
            case DATETIME_UNIX_MS -> time(DateTimeLayout.UNIX_MS, value);
            case DATETIME_REGISTERS -> time(DateTimeLayout.REGISTERS, value);
            case DATETIME_IEC870 -> time(DateTimeLayout.IEC870, value);
            case DATETIME_BCD -> time(DateTimeLayout.BCD, value);
            case DATETIME_BYTES -> time(DateTimeLayout.BYTES, value);
            case DATETIME_POWERLOGIC -> time(DateTimeLayout.POWERLOGIC, value);
            case DATETIME_S7 -> time(DateTimeLayout.S7, value);
        };
    }

    private Encoded bit(boolean on) {
        return format.bit() < 0 ? whole(on ? 1 : 0) : new Encoded.Part(1 << format.bit(), on ? 1 << format.bit() : 0);
    }

    private Encoded whole(long bits) {
        byte[] registers = new byte[2 * format.type().registers()];
        RegisterOrder order = format.type().hasOrder() ? format.order() : RegisterOrder.ABCD;
        order.disassemble(bits, registers, 0, format.type().registers());
        return new Encoded.Whole(registers);
    }

    /** Named bits: those that the value names change, the others stay. */
    private Encoded flags(Value.Structure structure) throws DoesNotFit {
        if (format.type().registers() > 1) {
            throw new DoesNotFit(
                    "bits of " + format.type().key() + " lie in two registers and cannot be written at once");
        }
        int mask = 0;
        int bits = 0;
        for (Field field : structure.fields()) {
            int bit = format.flags().number(field.name());
            if (bit < 0 || !(field.value() instanceof Value.Bool on)) {
                throw new DoesNotFit("no bit is named " + field.name() + ", or its value is not true or false");
            }
            mask |= 1 << bit;
            bits |= on.value() ? 1 << bit : 0;
        }
        return new Encoded.Part(mask, bits);
    }

    private Encoded time(DateTimeLayout layout, Value value) throws DoesNotFit {
        return new Encoded.Whole(layout.encode(format.order(), text(value, "a date and time")));
    }

    private static boolean bool(Value value) throws DoesNotFit {
        if (value instanceof Value.Bool bool) {
            return bool.value();
        }
        BigDecimal number = decimal(value);
        if (number.signum() == 0 || number.compareTo(BigDecimal.ONE) == 0) {
            return number.signum() != 0;
        }
        throw new DoesNotFit(number + " is neither true nor false");
    }

    private long signed(Value value, int bits) throws DoesNotFit {
        BigInteger end = TWO.pow(bits - 1);
        return whole(value, end.negate(), end.subtract(BigInteger.ONE));
    }

    private long unsigned(Value value, int bits) throws DoesNotFit {
        return whole(value, BigInteger.ZERO, TWO.pow(bits).subtract(BigInteger.ONE));
    }

    /** The device's whole number, both ends included. */
    private long whole(Value value, BigInteger low, BigInteger high) throws DoesNotFit {
        BigDecimal number = decimal(value).scaleByPowerOfTen(-exponent);
        BigInteger integer;
        try {
            integer = number.toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw new DoesNotFit(decimal(value).toPlainString() + " is not a multiple of "
                    + BigDecimal.ONE.scaleByPowerOfTen(exponent).toPlainString() + ", which "
                    + format.type().key() + " counts in");
        }
        if (integer.compareTo(low) < 0 || integer.compareTo(high) > 0) {
            throw new DoesNotFit(integer + " does not fit " + format.type().key() + ": " + low + " to " + high);
        }
        return integer.longValue();
    }

    private long bcd(Value value) throws DoesNotFit {
        int digits = 4 * format.type().registers();
        long left = whole(value, BigInteger.ZERO, BigInteger.TEN.pow(digits).subtract(BigInteger.ONE));
        long bits = 0;
        for (int i = 0; i < digits; i++) {
            bits |= left % 10 << 4 * i;
            left /= 10;
        }
        return bits;
    }

    private long half(Value value) throws DoesNotFit {
        float number = single(value);
        short half = Float.floatToFloat16(number);
        if (Float.isInfinite(Float.float16ToFloat(half)) && !Float.isInfinite(number)) {
            throw new DoesNotFit(number + " does not fit float16: -65504 to 65504");
        }
        return half & 0xFFFF;
    }

    private float single(Value value) throws DoesNotFit {
        double number = real(value);
        if (Float.isInfinite((float) number) && !Double.isInfinite(number)) {
            throw new DoesNotFit(number + " does not fit " + format.type().key());
        }
        return (float) number;
    }

    private double real(Value value) throws DoesNotFit {
        return switch (value) {
            case Value.Float64(double number) when exponent == 0 -> number;
            case Value.Float32(float number) when exponent == 0 -> number;
            case Value.Float64 _, Value.Float32 _, Value.Signed _, Value.Unsigned _ ->
                decimal(value).scaleByPowerOfTen(-exponent).doubleValue();
            case Value.Bool _, Value.Text _, Value.Bytes _, Value.Structure _, Value.Elements _ ->
                throw new DoesNotFit("a number is expected");
        };
    }

    private static BigDecimal decimal(Value value) throws DoesNotFit {
        return switch (value) {
            case Value.Signed(long number) -> BigDecimal.valueOf(number);
            case Value.Unsigned(long number) -> new BigDecimal(Long.toUnsignedString(number));
            case Value.Float32(float number) when Float.isFinite(number) -> new BigDecimal(Float.toString(number));
            case Value.Float64(double number) when Double.isFinite(number) -> BigDecimal.valueOf(number);
            case Value.Float32 _, Value.Float64 _ -> throw new DoesNotFit("a finite number is expected");
            case Value.Bool _, Value.Text _, Value.Bytes _, Value.Structure _, Value.Elements _ ->
                throw new DoesNotFit("a number is expected");
        };
    }

    private byte[] text(Value value) throws DoesNotFit {
        byte[] bytes = text(value, "a text").getBytes(format.text().charset());
        if (bytes.length > format.length()) {
            throw new DoesNotFit("the text takes " + bytes.length + " bytes, more than " + format.length());
        }
        byte[] registers = new byte[2 * format.registers()];
        Arrays.fill(registers, 0, format.length(), format.text().padding());
        System.arraycopy(bytes, 0, registers, 0, bytes.length);
        format.order().swapBytes(registers, 0, registers.length);
        return registers;
    }

    private static String text(Value value, String expected) throws DoesNotFit {
        if (value instanceof Value.Text(String text)) {
            return text;
        }
        throw new DoesNotFit(expected + " is expected");
    }

    private byte[] bytes(Value value) throws DoesNotFit {
        if (value instanceof Value.Bytes(byte[] bytes) && bytes.length == format.length()) {
            return Arrays.copyOf(bytes, 2 * format.registers());
        }
        throw new DoesNotFit("exactly " + format.length() + " bytes are expected");
    }
}
