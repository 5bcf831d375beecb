package io.sluice.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The data types of the wire (MQTT 5 §1.5). Reading beyond the packet throws {@link IndexOutOfBoundsException}. */
final class Wire {

    private Wire() {}

    static void writeVariable(long value, ByteBuf to) {
        long rest = value;
        while (rest > 0x7F) {
            to.writeByte((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        to.writeByte((int) rest);
    }

    static void writeText(String text, ByteBuf to) {
        int bytes = ByteBufUtil.utf8Bytes(text);
        to.writeShort(bytes);
        ByteBufUtil.reserveAndWriteUtf8(to, text, bytes);
    }

    static void writeBinary(byte[] data, ByteBuf to) {
        to.writeShort(data.length);
        to.writeBytes(data);
    }

    /** At most four bytes, as few as possible [MQTT-1.5.5-1]. */
    static int readVariable(ByteBuf from) throws Malformation {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int digit = from.readUnsignedByte();
            value |= (digit & 0x7F) << shift;
            if (digit < 0x80) {
                if (digit == 0 && shift > 0) {
                    throw Malformation.malformed("a Variable Byte Integer in more bytes than it needs");
                }
                return value;
            }
        }
        throw Malformation.malformed("a Variable Byte Integer of more than four bytes");
    }

    /** Well-formed UTF-8 without U+0000 [MQTT-1.5.4-1], [MQTT-1.5.4-2]; U+FEFF stays what it is [MQTT-1.5.4-3]. */
    static String readText(ByteBuf from) throws Malformation {
        byte[] bytes = readBinary(from);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(0) >= 0) {
            throw Malformation.malformed("a string with U+0000");
        }
        // What cannot be decoded becomes U+FFFD, which may also stand there rightly.
        if (text.indexOf('\uFFFD') >= 0 && !Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))) {
            throw Malformation.malformed("a string that is not UTF-8");
        }
        return text;
    }

    static byte[] readBinary(ByteBuf from) {
        return readBytes(from, from.readUnsignedShort());
    }

    static byte[] readBytes(ByteBuf from, int length) {
        if (length > from.readableBytes()) {
            throw new IndexOutOfBoundsException("an inner length beyond the packet");
        }
        byte[] bytes = new byte[length];
        from.readBytes(bytes);
        return bytes;
    }
}
