package io.sluice.gateway.southbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.profiles.Mark;
import io.sluice.profiles.Settings;
import io.sluice.profiles.TagDefinition;
import io.sluice.profiles.TagDefinition.Range;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriteRulesTest {

    private static final Mark MARK = new Mark("gateway.yaml", 1, 1);

    private boolean writable = true;
    private @Nullable String scale;
    private @Nullable String offset;
    private @Nullable Range range;
    private @Nullable String step;
    private SortedMap<Long, String> states = new TreeMap<>();
    private Optional<TagDescriptor> described = Optional.empty();

    private TagDefinition tag() {
        return new TagDefinition(
                "setpoint",
                MARK,
                "Cel",
                "",
                Optional.empty(),
                Optional.ofNullable(scale).map(BigDecimal::new),
                Optional.ofNullable(offset).map(BigDecimal::new),
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(range),
                states,
                writable,
                Optional.ofNullable(step).map(BigDecimal::new),
                new Settings(MARK, Map.of()));
    }

    private WriteRules.Verdict check(@Nullable ValueType type, String text) {
        return WriteRules.check(tag(), type, TagFacts.of(tag(), described), text);
    }

    private Value allowed(@Nullable ValueType type, String text) {
        return switch (check(type, text)) {
            case WriteRules.Verdict.Allowed(Value raw) -> raw;
            case WriteRules.Verdict.Refused(String why) -> throw new AssertionError("refused: " + why);
        };
    }

    private String refused(@Nullable ValueType type, String text) {
        return switch (check(type, text)) {
            case WriteRules.Verdict.Allowed(Value raw) -> throw new AssertionError("allowed as " + raw);
            case WriteRules.Verdict.Refused(String why) -> why;
        };
    }

    @Test
    void nothingIsWritableUnlessItSaysSo() {
        writable = false;
        assertThat(refused(ValueType.SIGNED, "1")).contains("not writable").contains("writable: true");
    }

    @Test
    void invertsScaleAndOffsetInExactDecimal() {
        scale = "0.1";
        offset = "-40";
        assertThat(allowed(ValueType.SIGNED, "0.3")).isEqualTo(new Value.Signed(403));
        assertThat(allowed(ValueType.UNSIGNED, "25")).isEqualTo(new Value.Unsigned(650));
        assertThat(allowed(ValueType.FLOAT64, "0.35")).isEqualTo(new Value.Float64(403.5));
    }

    @Test
    void neverRoundsToFitAnInteger() {
        scale = "0.1";
        assertThat(refused(ValueType.SIGNED, "0.35"))
                .contains("whole numbers of 0.1 Cel")
                .contains("between two");
        scale = null;
        assertThat(refused(ValueType.SIGNED, "2.5"))
                .isEqualTo("2.5 is not a whole number, and the device holds whole numbers only");
        assertThat(allowed(ValueType.SIGNED, "2.0")).isEqualTo(new Value.Signed(2));
    }

    /** What was written comes back as the same number when it is read and scaled. */
    @Property
    void readsBackAsTheNumberThatWasWritten(@ForAll @IntRange(min = -32768, max = 32767) int raw) {
        scale = "0.01";
        offset = "7.5";
        Scaling scaling = new Scaling(new BigDecimal("0.01"), new BigDecimal("7.5"));
        Value shown = scaling.apply(new Value.Signed(raw));
        String typed = Double.toString(((Value.Float64) shown).value());

        assertThat(allowed(ValueType.SIGNED, typed)).isEqualTo(new Value.Signed(raw));
    }

    @Test
    void keepsToTheRangeOfTheProfileElseOfTheDevice() {
        described = Optional.of(new TagDescriptor(
                "setpoint", ValueType.FLOAT64, "K", "", List.of(), OptionalDouble.of(0), OptionalDouble.of(100), ""));
        assertThat(refused(ValueType.FLOAT64, "100.5")).isEqualTo("100.5 is outside its range, which is 0 to 100 Cel");
        range = new Range(new BigDecimal("5"), new BigDecimal("60"));
        assertThat(refused(ValueType.FLOAT64, "61")).isEqualTo("61 is outside its range, which is 5 to 60 Cel");
        assertThat(refused(ValueType.FLOAT64, "-1")).contains("outside");
        assertThat(allowed(ValueType.FLOAT64, "60")).isEqualTo(new Value.Float64(60));
    }

    @Test
    void keepsToTheStep() {
        step = "0.5";
        assertThat(allowed(ValueType.FLOAT32, "12.5")).isEqualTo(new Value.Float32(12.5f));
        assertThat(refused(ValueType.FLOAT32, "12.3")).isEqualTo("12.3 is not a multiple of its step of 0.5 Cel");
    }

    @Test
    void takesTheNamesOfAnEnumeration() {
        states = new TreeMap<>(Map.of(0L, "closed", 1L, "open", 2L, "Open"));
        assertThat(allowed(ValueType.SIGNED, "open")).isEqualTo(new Value.Signed(1));
        assertThat(allowed(ValueType.SIGNED, "Open")).isEqualTo(new Value.Signed(2));
        assertThat(allowed(ValueType.UNSIGNED, "CLOSED")).isEqualTo(new Value.Unsigned(0));
        assertThat(allowed(ValueType.SIGNED, "2")).isEqualTo(new Value.Signed(2));
        assertThat(refused(ValueType.SIGNED, "3"))
                .isEqualTo("3 is none of its values, expected one of 0 closed, 1 open, 2 Open");
        assertThat(refused(ValueType.SIGNED, "ajar")).contains("expected one of 0 closed");
        assertThat(allowed(ValueType.BOOL, "open")).isEqualTo(new Value.Bool(true));
        assertThat(allowed(null, "open")).isEqualTo(new Value.Text("1"));
    }

    @Test
    void takesTheNamesThatOnlyTheDeviceKnows() {
        described = Optional.of(new TagDescriptor(
                "setpoint",
                ValueType.SIGNED,
                "",
                "",
                List.of(new EnumValue(3, "running")),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                ""));
        assertThat(allowed(null, "running")).isEqualTo(new Value.Text("3"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "SIGNED,   9223372036854775808,  is too large for it",
                "SIGNED,   -9223372036854775809, is too small for it",
                "UNSIGNED, 18446744073709551616, is too large for it",
                "UNSIGNED, -1,                   is too small for it",
                "FLOAT32,  1e39,                 is too large for it",
                "FLOAT64,  1e309,                is too large for it",
                "SIGNED,   five,                 'five' is not a number",
                "FLOAT64,  NaN,                  'NaN' is not a number",
                "BOOL,     maybe,                'maybe' is neither true nor false",
                "BYTES,    0x1,                  '0x1' is not written in hex digits such as 0x01ff",
                "STRUCTURE, 1,                   arrays and structures cannot be written"
            })
    void refusesWhatTheTypeCannotHold(ValueType type, String text, String why) {
        assertThat(refused(type, text)).endsWith(why);
    }

    @ParameterizedTest
    @CsvSource({"on, true", "off, false", "1, true", "TRUE, true", "false, false"})
    void takesTheUsualWordsForABit(String text, boolean value) {
        assertThat(allowed(ValueType.BOOL, text)).isEqualTo(new Value.Bool(value));
    }

    @Test
    void takesUnsignedNumbersOf64BitsHexAndBytes() {
        assertThat(allowed(ValueType.UNSIGNED, "18446744073709551615")).isEqualTo(new Value.Unsigned(-1));
        assertThat(allowed(ValueType.UNSIGNED, "0xff")).isEqualTo(new Value.Unsigned(255));
        assertThat(allowed(ValueType.BYTES, "0x01ff")).isEqualTo(new Value.Bytes(new byte[] {1, -1}));
        assertThat(allowed(ValueType.STRING, " as it is ")).isEqualTo(new Value.Text("as it is"));
    }

    @Test
    void leavesATypeThatOnlyTheDeviceKnowsToTheAdapterAndKeepsTheRules() {
        assertThat(allowed(null, "hello")).isEqualTo(new Value.Text("hello"));
        assertThat(allowed(null, "007")).isEqualTo(new Value.Text("007"));
        scale = "0.1";
        assertThat(allowed(null, "0.3")).isEqualTo(new Value.Text("3"));
        assertThat(refused(null, "hello")).contains("not a number");
        range = new Range(BigDecimal.ZERO, BigDecimal.ONE);
        assertThat(refused(null, "1.1")).contains("outside");
    }

    @Test
    void keepsTheRulesForEachElementOfAnArray() {
        scale = "0.1";
        range = new Range(BigDecimal.ZERO, BigDecimal.ONE);
        assertThat(array(new Value.Float64(0.3), new Value.Signed(1)))
                .isEqualTo(new WriteRules.Verdict.Allowed(
                        new Value.Elements(List.of(new Value.Text("3"), new Value.Text("10")))));
        assertThat(array(new Value.Signed(1), new Value.Float64(1.1)))
                .isInstanceOfSatisfying(
                        WriteRules.Verdict.Refused.class,
                        refused -> assertThat(refused.why()).startsWith("1.1 is outside its range"));
        writable = false;
        assertThat(array()).isInstanceOf(WriteRules.Verdict.Refused.class);
    }

    private WriteRules.Verdict array(Value... elements) {
        return WriteRules.check(tag(), TagFacts.of(tag(), described), List.of(elements));
    }
}
