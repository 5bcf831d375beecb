package io.sluice.adapter.opcua;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.StatusCodes;

/**
 * The first message of a connection that the server opened (Part 6 §7.1.2.6).
 *
 * @param serverUri ApplicationUri of the server; empty where it sent null
 * @param endpointUrl of the endpoint for which it connects; empty where it sent null
 */
record ReverseHello(String serverUri, String endpointUrl) {

    private static final byte[] TYPE = {'R', 'H', 'E', 'F'};
    private static final int HEADER_BYTES = 8;
    private static final int MAX_STRING_BYTES = 4096;
    private static final int MAX_BYTES = HEADER_BYTES + 2 * (Integer.BYTES + MAX_STRING_BYTES);

    /** What came is no ReverseHello. The message is for people and, being ASCII, for an Error message too. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        private final long status;

        Malformed(long status, String message) {
            super(message);
            this.status = status;
        }

        /** StatusCode for the Error message. */
        long status() {
            return status;
        }
    }

    /**
     * Takes one message off the buffer; empty, and nothing taken, while it is not complete. Never asks for more than 8,208
     * bytes.
     */
    static Optional<ReverseHello> decode(ByteBuf in) throws Malformed {
        checkType(in);
        if (in.readableBytes() < HEADER_BYTES) {
            return Optional.empty();
        }
        long bytes = in.getUnsignedIntLE(in.readerIndex() + TYPE.length);
        if (bytes > MAX_BYTES) {
            throw new Malformed(
                    StatusCodes.Bad_TcpMessageTooLarge,
                    "a ReverseHello of " + bytes + " bytes, at most " + MAX_BYTES + " are allowed");
        }
        if (bytes < HEADER_BYTES) {
            throw malformed("a ReverseHello of " + bytes + " bytes");
        }
        if (in.readableBytes() < bytes) {
            return Optional.empty();
        }
        ByteBuf body = in.readSlice((int) bytes).skipBytes(HEADER_BYTES);
        ReverseHello hello = new ReverseHello(text(body, "ServerUri"), text(body, "EndpointUrl"));
        if (body.isReadable()) {
            throw malformed("a ReverseHello with " + body.readableBytes() + " bytes behind its EndpointUrl");
        }
        return Optional.of(hello);
    }

    /** Says so with the first byte that is wrong, for more may never come. */
    private static void checkType(ByteBuf in) throws Malformed {
        for (int i = 0; i < Math.min(TYPE.length, in.readableBytes()); i++) {
            if (in.getByte(in.readerIndex() + i) != TYPE[i]) {
                throw new Malformed(StatusCodes.Bad_TcpMessageTypeInvalid, "it does not begin with a ReverseHello");
            }
        }
    }

    private static String text(ByteBuf body, String field) throws Malformed {
        if (body.readableBytes() < Integer.BYTES) {
            throw malformed("a ReverseHello that ends before its " + field);
        }
        int length = body.readIntLE();
        if (length == -1) {
            return "";
        }
        if (length < 0 || length > MAX_STRING_BYTES || length > body.readableBytes()) {
            throw malformed("a ReverseHello whose " + field + " has a length of " + length);
        }
        byte[] bytes = new byte[length];
        body.readBytes(bytes);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("a ReverseHello whose " + field + " is not UTF-8");
        }
    }

    private static Malformed malformed(String message) {
        return new Malformed(StatusCodes.Bad_DecodingError, message);
    }

    /** For a log line, whatever a stranger sent. */
    @Override
    public String toString() {
        return "EndpointUrl '" + printable(endpointUrl) + "', ServerUri '" + printable(serverUri) + "'";
    }

    private static String printable(String text) {
        String shortened = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return shortened.replaceAll("\\p{C}", "?");
    }
}
