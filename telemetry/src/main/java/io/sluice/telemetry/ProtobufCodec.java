package io.sluice.telemetry;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Messages as Protobuf, {@code sluice.v1.Message}. Stateless; any thread. */
public final class ProtobufCodec {

    private static final int SCHEMA = 1;
    private static final int GATEWAY = 2;
    private static final int DEVICE = 3;
    private static final int EPOCH = 4;
    private static final int SEQUENCE = 5;
    private static final int SETTLED = 6;
    private static final int LANE = 7;

    private static final int EPOCH_ORDER = 1;
    private static final int EPOCH_RANDOM = 2;

    private ProtobufCodec() {}

    /**
     * The whole message.
     *
     * @throws IllegalArgumentException as {@link #encodeBody}
     */
    public static byte[] encode(Message message) {
        byte[] body = encodeBody(message.body());
        return envelope(message, body);
    }

    /**
     * A body alone, as {@link #envelope} expects to stand before.
     *
     * @throws IllegalArgumentException if it cannot be said: times over 292 years from the base, an alias below 1, a
     *     structure nested deeper than {@link Value#MAX_DEPTH}
     */
    public static byte[] encodeBody(Message.Body body) {
        return ProtobufWriter.body(body);
    }

    /** An encoded envelope followed by {@code body}, which together are one encoded message. */
    public static byte[] envelope(
            String gateway, String device, Epoch epoch, long sequence, long settled, Message.Lane lane, byte[] body) {
        return envelope(
                new Message(Message.SCHEMA, gateway, device, epoch, sequence, settled, lane, new Message.Unknown()),
                body);
    }

    private static byte[] envelope(Message message, byte[] body) {
        byte[] gateway = message.gateway().getBytes(StandardCharsets.UTF_8);
        byte[] device = message.device().getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[envelopeSize(message, gateway, device) + body.length];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            writeEnvelope(out, message, gateway, device);
            out.writeRawBytes(body);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException("an array of the computed size did not hold the message", e);
        }
        return bytes;
    }

    private static int envelopeSize(Message message, byte[] gateway, byte[] device) {
        int lane = EnumNumbers.of(message.lane());
        return CodedOutputStream.computeUInt32Size(SCHEMA, message.schema())
                + (gateway.length == 0 ? 0 : CodedOutputStream.computeByteArraySize(GATEWAY, gateway))
                + (device.length == 0 ? 0 : CodedOutputStream.computeByteArraySize(DEVICE, device))
                + 2
                + epochSize(message.epoch())
                + (message.sequence() == 0 ? 0 : CodedOutputStream.computeUInt64Size(SEQUENCE, message.sequence()))
                + (message.settled() == 0 ? 0 : CodedOutputStream.computeUInt64Size(SETTLED, message.settled()))
                + (lane == 0 ? 0 : CodedOutputStream.computeEnumSize(LANE, lane));
    }

    private static int epochSize(Epoch epoch) {
        return (epoch.order() == 0 ? 0 : 1 + 4) + (epoch.random() == 0 ? 0 : 1 + 8);
    }

    private static void writeEnvelope(CodedOutputStream out, Message message, byte[] gateway, byte[] device)
            throws IOException {
        out.writeUInt32(SCHEMA, message.schema());
        if (gateway.length > 0) {
            out.writeByteArray(GATEWAY, gateway);
        }
        if (device.length > 0) {
            out.writeByteArray(DEVICE, device);
        }
        writeEpoch(out, message.epoch());
        writeUnlessZero(out, SEQUENCE, message.sequence());
        writeUnlessZero(out, SETTLED, message.settled());
        writeUnlessZero(out, LANE, EnumNumbers.of(message.lane()));
    }

    private static void writeEpoch(CodedOutputStream out, Epoch epoch) throws IOException {
        out.writeTag(EPOCH, 2);
        out.writeUInt32NoTag(epochSize(epoch));
        if (epoch.order() != 0) {
            out.writeFixed32(EPOCH_ORDER, epoch.order());
        }
        if (epoch.random() != 0) {
            out.writeFixed64(EPOCH_RANDOM, epoch.random());
        }
    }

    private static void writeUnlessZero(CodedOutputStream out, int field, long number) throws IOException {
        if (number != 0) {
            out.writeUInt64(field, number);
        }
    }

    /**
     * Reads a message of this schema, or of a higher one as far as this code knows it; its body is {@link
     * Message.Unknown} if it is of a kind that came later.
     *
     * @throws MalformedMessage if the bytes are no message; the text says what and where
     */
    public static Message decode(byte[] bytes) throws MalformedMessage {
        return ProtobufReader.message(bytes);
    }
}
