package io.sluice.telemetry;

/** Messages as Protobuf, {@code sluice.v1.Message}. Stateless. */
public final class ProtobufCodec {

    private ProtobufCodec() {}

    /** The whole message. */
    public static byte[] encode(Message message) {
        throw new UnsupportedOperationException();
    }

    /** A body alone, as {@link #envelope} expects to stand before. */
    public static byte[] encodeBody(Message.Body body) {
        throw new UnsupportedOperationException();
    }

    /** An encoded envelope followed by {@code body}, which together are one encoded message. */
    public static byte[] envelope(
            String gateway, String device, Epoch epoch, long sequence, long settled, Message.Lane lane, byte[] body) {
        throw new UnsupportedOperationException();
    }

    /**
     * @throws MalformedMessage if the bytes are no message of a schema that this code reads; the text says what and where
     */
    public static Message decode(byte[] bytes) throws MalformedMessage {
        throw new UnsupportedOperationException();
    }
}
