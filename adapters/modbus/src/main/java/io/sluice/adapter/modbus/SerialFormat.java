package io.sluice.adapter.modbus;

import java.time.Duration;

/**
 * Data bits, parity and stop bits, as in {@code 8N1}.
 *
 * @param dataBits 8, or 7 for ASCII: RTU needs all of them
 * @param stopBits 1 or 2
 */
record SerialFormat(int dataBits, Parity parity, int stopBits) {

    enum Parity {
        NONE,
        EVEN,
        ODD
    }

    /**
     * @param text such as {@code 8N1}
     */
    static SerialFormat of(String text) {
        Parity parity = switch (text.charAt(1)) {
            case 'N' -> Parity.NONE;
            case 'E' -> Parity.EVEN;
            case 'O' -> Parity.ODD;
            default -> throw new IllegalArgumentException("parity is N, E or O: " + text);
        };
        return new SerialFormat(text.charAt(0) - '0', parity, text.charAt(2) - '0');
    }

    /** Bits of one character on the line, start bit included. */
    int bitsPerCharacter() {
        return 1 + dataBits + (parity == Parity.NONE ? 0 : 1) + stopBits;
    }

    /** The pause of 3.5 characters that ends a frame; 1.75 ms above 19,200 baud (Serial Line Guide V1.02 §2.5.1.1). */
    static Duration silence(int baud, SerialFormat format) {
        return baud > 19_200
                ? Duration.ofNanos(1_750_000)
                : Duration.ofNanos(3_500_000_000L * format.bitsPerCharacter() / baud);
    }
}
