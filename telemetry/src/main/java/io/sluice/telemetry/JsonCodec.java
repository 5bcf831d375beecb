package io.sluice.telemetry;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Messages as JSON: the same with names, UTC times and numbers. Stateless; any thread. */
public final class JsonCodec {

    private JsonCodec() {}

    /**
     * One JSON object in UTF-8.
     *
     * @param tags names the aliases of the message's epoch; {@code null} for one that is not known, which is then written
     *     as {@code "#7"}. What a reading says of its tag itself goes first
     * @throws IllegalArgumentException if a structure is nested deeper than {@link Value#MAX_DEPTH}
     */
    public static byte[] encode(Message message, IntFunction<@Nullable TagDescriptor> tags) {
        return new JsonWriter(tags).write(message);
    }

    /**
     * Reads what {@link #encode} writes. What JSON does not say stays open: a NaN has become no value, a number inside a
     * structure is {@link Value.Signed}, {@link Value.Unsigned} or {@link Value.Float64}, bytes inside one are text.
     *
     * @throws MalformedMessage if the text is no message of a schema that this code reads; the text says what and where
     */
    public static Message decode(byte[] json) throws MalformedMessage {
        return JsonReader.message(json);
    }
}
