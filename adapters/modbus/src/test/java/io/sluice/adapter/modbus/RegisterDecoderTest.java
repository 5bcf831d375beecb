package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.telemetry.Value;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RegisterDecoderTest {

    @ParameterizedTest(name = "{0} {1} of {2} is {3}")
    @CsvSource({
        "int16, ABCD, FFFE, Signed[value=-2]",
        "uint16, ABCD, FFFE, Unsigned[value=65534]",
        "int8-high, ABCD, FE01, Signed[value=-2]",
        "int8-low, ABCD, 01FE, Signed[value=-2]",
        "uint8-high, ABCD, FE01, Unsigned[value=254]",
        "uint8-low, ABCD, 01FE, Unsigned[value=254]",
        "int32, ABCD, FFFFFFFE, Signed[value=-2]",
        "uint32, ABCD, 01020304, Unsigned[value=16909060]",
        "uint32, CDAB, 03040102, Unsigned[value=16909060]",
        "uint32, BADC, 02010403, Unsigned[value=16909060]",
        "uint32, DCBA, 04030201, Unsigned[value=16909060]",
        "uint32, ABCD, FFFFFFFF, Unsigned[value=4294967295]",
        "int64, ABCD, FFFFFFFFFFFFFFFE, Signed[value=-2]",
        "uint64, ABCD, 0102030405060708, Unsigned[value=72623859790382856]",
        "uint64, CDAB, 0708050603040102, Unsigned[value=72623859790382856]",
        "uint64, BADC, 0201040306050807, Unsigned[value=72623859790382856]",
        "uint64, DCBA, 0807060504030201, Unsigned[value=72623859790382856]",
        "float16, ABCD, 3C00, Float32[value=1.0]",
        "float32, ABCD, 4366199A, Float32[value=230.1]",
        "float32, CDAB, 199A4366, Float32[value=230.1]",
        "float32, ABCD, 7FC00000, Float32[value=NaN]",
        "float64, ABCD, 406CC33333333333, Float64[value=230.1]",
        "float64, DCBA, 3333333333C36C40, Float64[value=230.1]",
        "bcd16, ABCD, 1234, Unsigned[value=1234]",
        "bcd32, CDAB, 56781234, Unsigned[value=12345678]",
        "bcd64, ABCD, 0000123456789012, Unsigned[value=123456789012]",
        "bool, ABCD, 0000, Bool[value=false]",
        "bool, ABCD, 0100, Bool[value=true]",
    })
    void readsRegisters(String type, RegisterOrder order, String hex, String expected) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        RegisterDecoder decoder = RegisterDecoder.of(type(type), order);

        assertThat(String.valueOf(decoder.decode(bytes, 0))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "bit {1} of {0} is {2}")
    @CsvSource({"0001, 0, true", "0001, 1, false", "8000, 15, true", "0100, 8, true"})
    void readsABitOfARegister(String hex, int bit, boolean expected) {
        RegisterDecoder decoder = new RegisterDecoder(DataType.BOOL, RegisterOrder.ABCD, bit, 0);

        assertThat(decoder.decode(HexFormat.of().parseHex(hex), 0)).isEqualTo(new Value.Bool(expected));
    }

    @Test
    void endsTextAtNulAndDropsBlanks() {
        RegisterDecoder decoder = new RegisterDecoder(DataType.STRING, RegisterOrder.ABCD, -1, 9);

        assertThat(decoder.registers()).isEqualTo(5);
        assertThat(decoder.decode(ascii("EASTRON  x"), 0)).isEqualTo(new Value.Text("EASTRON"));
        assertThat(decoder.decode(ascii("SDM\0rest.."), 0)).isEqualTo(new Value.Text("SDM"));
    }

    @Test
    void givesRawBytesOfTheLengthAsked() {
        RegisterDecoder decoder = new RegisterDecoder(DataType.BYTES, RegisterOrder.ABCD, -1, 3);

        assertThat(decoder.decode(new byte[] {9, 1, 2, 3, 4}, 1)).isEqualTo(new Value.Bytes(new byte[] {1, 2, 3}));
    }

    @Test
    void hasNoValueWhereBcdDigitsAreNone() {
        assertThat(RegisterDecoder.of(DataType.BCD16, RegisterOrder.ABCD).decode(new byte[] {0x12, 0x3A}, 0))
                .isNull();
    }

    @Test
    void refusesAStringWithoutLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RegisterDecoder.of(DataType.STRING, RegisterOrder.ABCD))
                .withMessageContaining("length");
    }

    @Property
    void everyOrderGivesBackWhatItTookApart(
            @ForAll long bits, @ForAll RegisterOrder order, @ForAll @IntRange(min = 1, max = 4) int registers) {
        byte[] bytes = new byte[10];

        order.disassemble(bits, bytes, 2, registers);

        long mask = registers == 4 ? -1 : (1L << (16 * registers)) - 1;
        assertThat(order.assemble(bytes, 2, registers)).isEqualTo(bits & mask);
    }

    @Property
    void everySingleAndDoubleReadsBackEqual(@ForAll float single, @ForAll double wide, @ForAll RegisterOrder order) {
        assertThat(back(DataType.FLOAT32, order, Float.floatToRawIntBits(single)))
                .isEqualTo(new Value.Float32(single));
        assertThat(back(DataType.FLOAT64, order, Double.doubleToRawLongBits(wide)))
                .isEqualTo(new Value.Float64(wide));
    }

    @Property
    void everyWholeNumberReadsBackEqual(@ForAll long wide, @ForAll int narrow, @ForAll RegisterOrder order) {
        assertThat(back(DataType.INT64, order, wide)).isEqualTo(new Value.Signed(wide));
        assertThat(back(DataType.UINT64, order, wide)).isEqualTo(new Value.Unsigned(wide));
        assertThat(back(DataType.INT32, order, narrow)).isEqualTo(new Value.Signed(narrow));
        assertThat(back(DataType.UINT32, order, narrow)).isEqualTo(new Value.Unsigned(Integer.toUnsignedLong(narrow)));
    }

    @Property
    void everyBcdReadsBackEqual(@ForAll @LongRange(max = 99_999_999) long value, @ForAll RegisterOrder order) {
        long digits = Long.parseLong(Long.toString(value), 16);

        assertThat(back(DataType.BCD32, order, digits)).isEqualTo(new Value.Unsigned(value));
    }

    private static @Nullable Value back(DataType type, RegisterOrder order, long bits) {
        byte[] bytes = new byte[8];
        order.disassemble(bits, bytes, 0, type.registers());
        return RegisterDecoder.of(type, order).decode(bytes, 0);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static DataType type(String key) {
        return java.util.Arrays.stream(DataType.values())
                .filter(type -> type.key().equals(key))
                .findFirst()
                .orElseThrow();
    }
}
