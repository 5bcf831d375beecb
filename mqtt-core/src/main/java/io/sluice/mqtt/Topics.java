package io.sluice.mqtt;

/** The rules for Topic Names and the length of strings on the wire (MQTT 5 §4.7, §1.5.4). */
final class Topics {

    static final int MAX_BYTES = 65_535;

    private Topics() {}

    /** What is wrong with a Topic Name, empty if nothing is. */
    static String problemOfName(String topic) {
        if (topic.isEmpty()) {
            return "is empty";
        }
        for (int i = 0; i < topic.length(); i++) {
            char c = topic.charAt(i);
            if (c == '+' || c == '#') {
                return "contains the wildcard " + c + ", which only a topic filter may have";
            }
            if (c == 0) {
                return "contains the character U+0000";
            }
        }
        return topic.length() * 3L > MAX_BYTES && utf8Bytes(topic) > MAX_BYTES ? "is longer than 65,535 bytes" : "";
    }

    /** Length of a string in UTF-8, as the encoder will write it. */
    static int utf8Bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += utf8Bytes(text, i);
        }
        return bytes;
    }

    /** Bytes of the character at {@code i}; a surrogate pair counts two at each half. */
    private static int utf8Bytes(String text, int i) {
        char c = text.charAt(i);
        if (c < 0x80) {
            return 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
}
