package io.sluice.mqtt;

import java.nio.charset.StandardCharsets;

/** The rules for strings and binary data on the wire (MQTT 5 §1.5.4, §1.5.6). */
final class Texts {

    /** Longest string or binary data. */
    static final int MAX_BYTES = 65_535;

    private Texts() {}

    /** @throws IllegalArgumentException if the text cannot be sent [MQTT-1.5.4-1], [MQTT-1.5.4-2] */
    static void require(String text, String what) {
        String problem = problemOf(text);
        if (!problem.isEmpty()) {
            throw new IllegalArgumentException(what + " '" + text + "' " + problem);
        }
    }

    /** @throws IllegalArgumentException if the data cannot be sent */
    static void require(byte[] data, String what) {
        if (data.length > MAX_BYTES) {
            throw new IllegalArgumentException(what + " has " + data.length + " bytes, more than 65,535");
        }
    }

    /** What is wrong with a text, empty if nothing is. */
    static String problemOf(String text) {
        return isPlain(text) ? problemOfLength(text) : problemOfCharacters(text);
    }

    /**
     * ASCII without U+0000, and without a question mark, which is also what half of a surrogate pair is encoded as. Every
     * message comes through here: a loop over bytes calls nothing, wherever the compiler puts it.
     */
    private static boolean isPlain(String text) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b <= 0 || b == '?') {
                return false;
            }
        }
        return true;
    }

    private static String problemOfCharacters(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return "contains the character U+0000";
            }
            if (Character.isSurrogate(c)) {
                if (!isPair(text, i)) {
                    return "contains half of a surrogate pair";
                }
                i++;
            }
        }
        return problemOfLength(text);
    }

    private static String problemOfLength(String text) {
        boolean tooLong = text.length() * 3L > MAX_BYTES && utf8Bytes(text) > MAX_BYTES;
        return tooLong ? "is longer than 65,535 bytes" : "";
    }

    private static boolean isPair(String text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }

    /** Length of a string in UTF-8, as the encoder will write it. */
    static int utf8Bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += utf8Bytes(text.charAt(i));
        }
        return bytes;
    }

    /** Bytes of a character; a surrogate pair counts two at each half. */
    private static int utf8Bytes(char c) {
        if (c < 0x80) {
            return 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
}
