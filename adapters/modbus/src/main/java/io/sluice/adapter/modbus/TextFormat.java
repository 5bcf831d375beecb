package io.sluice.adapter.modbus;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * How characters lie in registers.
 *
 * @param charset their encoding
 * @param padding what fills the rest when a text is written; on reading NUL ends a text and blanks at its end are dropped
 */
record TextFormat(Charset charset, byte padding) {

    static final TextFormat UTF_8 = new TextFormat(StandardCharsets.UTF_8, (byte) 0);

    /**
     * @param offset of the first byte
     * @param length in bytes
     */
    String decode(byte[] bytes, int offset, int length) {
        String text = new String(bytes, offset, length, charset);
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).stripTrailing();
    }
}
