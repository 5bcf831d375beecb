package io.sluice.gateway.southbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.telemetry.Value;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

    @Test
    void readsEveryKindOfValue() throws Exception {
        assertThat(Arguments.parse(" [12, -1, 18446744073709551615, 1.5, \"axle\", true, false, [1, [\"a\"]]] "))
                .containsExactly(
                        new Value.Signed(12),
                        new Value.Signed(-1),
                        new Value.Unsigned(-1),
                        new Value.Float64(1.5),
                        new Value.Text("axle"),
                        new Value.Bool(true),
                        new Value.Bool(false),
                        new Value.Elements(
                                List.of(new Value.Signed(1), new Value.Elements(List.of(new Value.Text("a"))))));
        assertThat(Arguments.parse("[]")).isEmpty();
        assertThat(Arguments.parse("[18446744073709551616]")).containsExactly(new Value.Float64(0x1p64));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "true", "{}", "axle"})
    void wantsAnArray(String text) {
        assertThatThrownBy(() -> Arguments.parse(text)).isInstanceOf(Arguments.Malformed.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[null]|null is no argument",
                "[{}]|an object is no argument: structures cannot be given",
                "[1] 2|there is more behind the JSON array of its arguments",
                "[1e999]|a number in its arguments is too large"
            })
    void saysWhatIsNoArgument(String text, String why) {
        assertThatThrownBy(() -> Arguments.parse(text))
                .isInstanceOf(Arguments.Malformed.class)
                .hasMessage(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1", "[1,]", "[axle]", "[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]"})
    void saysThatItIsNoJson(String text) {
        assertThatThrownBy(() -> Arguments.parse(text))
                .isInstanceOf(Arguments.Malformed.class)
                .hasMessageStartingWith("its arguments are not a JSON array: ");
    }
}
