package io.sluice.telemetry;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Messages as JSON: the same with names, UTC times and numbers. Stateless. */
public final class JsonCodec {

    private JsonCodec() {}

    /**
     * @param tags names the aliases of the message's epoch; {@code null} for one that is not known, which is then written
     *     as {@code "#7"}
     */
    public static byte[] encode(Message message, IntFunction<@Nullable TagDescriptor> tags) {
        throw new UnsupportedOperationException();
    }

    /**
     * @throws MalformedMessage if the text is no message of a schema that this code reads; the text says what and where
     */
    public static Message decode(byte[] json) throws MalformedMessage {
        throw new UnsupportedOperationException();
    }
}
