package io.sluice.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    private static final List<String> KNOWN =
            List.of("unit-id", "host", "port", "address", "max-interval", "eastron-sdm630", "eastron-sdm120");

    @ParameterizedTest
    @CsvSource({
        "unit,unit-id",
        "adress,address",
        "prot,port",
        "hsot,host",
        "HOST,host",
        "interval,max-interval",
        "eastron-smd630,eastron-sdm630",
        "sdm120,eastron-sdm120"
    })
    void findsWhatWasMeant(String written, String meant) {
        assertThat(Nearest.find(written, KNOWN)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"zebra", "x", "colour"})
    void staysSilentWhereNothingIsNear(String written) {
        assertThat(Nearest.didYouMean(written, KNOWN)).isEmpty();
    }

    @Property(tries = 200)
    void countsTheSameEditsInBothDirections(
            @ForAll @AlphaChars @StringLength(max = 8) String a, @ForAll @AlphaChars @StringLength(max = 8) String b) {
        assertThat(Nearest.edits(a, b)).isEqualTo(Nearest.edits(b, a));
        assertThat(Nearest.edits(a, b) == 0).isEqualTo(a.equals(b));
        assertThat(Nearest.edits(a, b)).isLessThanOrEqualTo(Math.max(a.length(), b.length()));
    }
}
