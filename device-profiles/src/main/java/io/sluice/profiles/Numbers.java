package io.sluice.profiles;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/** Numbers as users write them. */
final class Numbers {

    private static final Pattern WHOLE = Pattern.compile("[-+]?\\d{1,20}");
    private static final Pattern HEX = Pattern.compile("0x[0-9A-Fa-f]{1,16}");
    private static final Pattern DECIMAL_TEXT =
            Pattern.compile("[-+]?(\\d{1,34}(\\.\\d{0,34})?|\\.\\d{1,34})([eE][-+]?\\d{1,2})?");

    static final SettingType<BigDecimal> DECIMAL =
            new ScalarType<>("number", "a number such as 0.1 or 60", true, Numbers::decimal);

    private Numbers() {}

    static SettingType<Integer> integer(int min, int max) {
        String expected = "a whole number from " + min + " to " + max;
        return new ScalarType<>(
                "number",
                expected,
                true,
                text -> whole(text)
                        .filter(value -> value >= min && value <= max)
                        .map(Long::intValue));
    }

    /** A whole number, decimal or {@code 0x…}, that fits in 64 bits. */
    static Optional<Long> whole(String text) {
        if (HEX.matcher(text).matches()) {
            return fitting(new BigInteger(text.substring(2), 16));
        }
        return WHOLE.matcher(text).matches() ? fitting(new BigInteger(text)) : Optional.empty();
    }

    static Optional<BigDecimal> decimal(String text) {
        return DECIMAL_TEXT.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    private static Optional<Long> fitting(BigInteger value) {
        return value.bitLength() < Long.SIZE ? Optional.of(value.longValue()) : Optional.empty();
    }
}
