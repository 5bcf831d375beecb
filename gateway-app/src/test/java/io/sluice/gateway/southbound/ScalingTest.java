package io.sluice.gateway.southbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.telemetry.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScalingTest {

    private static Scaling scaling(String scale, String offset) {
        return new Scaling(new BigDecimal(scale), new BigDecimal(offset));
    }

    @Test
    void threeTimesATenthIsThreeTenths() {
        assertThat(scaling("0.1", "0").apply(new Value.Signed(3))).isEqualTo(new Value.Float64(0.3));
    }

    @Test
    void subtractsAnOffsetWithoutBinaryNoise() {
        assertThat(scaling("0.1", "-40").apply(new Value.Unsigned(653))).isEqualTo(new Value.Float64(25.3));
    }

    @Test
    void scalesAFloatByItsShortestDecimal() {
        assertThat(scaling("10", "0").apply(new Value.Float32(230.1f))).isEqualTo(new Value.Float64(2301.0));
    }

    @Test
    void scalesEachElementOfAnArray() {
        assertThat(scaling("0.5", "0").apply(new Value.Elements(java.util.List.of(new Value.Signed(1)))))
                .isEqualTo(new Value.Elements(java.util.List.of(new Value.Float64(0.5))));
    }

    @Test
    void leavesWhatIsNoNumber() {
        assertThat(scaling("0.1", "0").apply(new Value.Text("open"))).isEqualTo(new Value.Text("open"));
    }

    @Test
    void scalesUnsignedValuesAbove63Bits() {
        assertThat(scaling("1", "0").apply(new Value.Unsigned(-1)))
                .isEqualTo(new Value.Float64(new BigInteger("18446744073709551615").doubleValue()));
    }

    @Property
    void isTheDoubleNearestToTheExactDecimal(
            @ForAll long value,
            @ForAll @BigRange(min = "-1000000", max = "1000000") BigInteger scaleDigits,
            @ForAll @IntRange(min = 0, max = 8) int scalePlaces,
            @ForAll @BigRange(min = "-1000000", max = "1000000") BigInteger offsetDigits,
            @ForAll @IntRange(min = 0, max = 8) int offsetPlaces) {
        BigDecimal scale = new BigDecimal(scaleDigits, scalePlaces);
        BigDecimal offset = new BigDecimal(offsetDigits, offsetPlaces);

        Value scaled = new Scaling(scale, offset).apply(new Value.Signed(value));

        double exact = BigDecimal.valueOf(value).multiply(scale).add(offset).doubleValue();
        assertThat(((Value.Float64) scaled).value()).isEqualTo(exact == 0 ? 0.0 : exact);
    }
}
