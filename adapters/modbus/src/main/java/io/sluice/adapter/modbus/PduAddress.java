package io.sluice.adapter.modbus;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A zero-based address as it goes over the wire.
 *
 * @param value 0 to 65,535
 * @param hexadecimal written as {@code 0x…}, so that it cannot be meant as {@link Reference}
 */
record PduAddress(int value, boolean hexadecimal) {

    private static final Pattern DECIMAL = Pattern.compile("\\d{1,5}");
    private static final Pattern HEX = Pattern.compile("0x[0-9A-Fa-f]{1,4}");

    static Optional<PduAddress> parse(String text) {
        if (HEX.matcher(text).matches()) {
            return Optional.of(new PduAddress(Integer.parseInt(text.substring(2), 16), true));
        }
        return DECIMAL.matcher(text).matches()
                ? Optional.of(Integer.parseInt(text))
                        .filter(value -> value <= 0xFFFF)
                        .map(value -> new PduAddress(value, false))
                : Optional.empty();
    }
}
