package io.sluice.adapter;

import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * An optional power of an {@link Adapter}: single tags read and written when somebody asks, ahead of what is polled. Both
 * methods return at once, on any thread, and their stages complete on a thread of the adapter; trouble in the field is a
 * result, never an exception. They do not touch the device's sink: what was asked for is answered to the asker alone.
 *
 * <p>Values are the device's own, before scaling. Whether a tag may be written, its range and its step are checked by the
 * gateway before it calls.
 */
public interface OnRequest {

    /**
     * Which of the device's tags that have no name before {@link DeviceSink#found} have been found.
     *
     * @param device id
     * @return indices into {@link DevicePlan#tags} by name
     */
    default Map<String, Integer> found(String device) {
        return Map.of();
    }

    /**
     * Reads the tags from the device now.
     *
     * @param device id
     * @param tags indices into {@link DevicePlan#tags}
     * @return a sample of each tag in the order asked for; bad status where it could not be read
     * @throws IllegalArgumentException if the adapter has no such device or tag
     */
    CompletionStage<List<Sample>> read(String device, List<Integer> tags);

    /**
     * Writes one tag now, in the order of the calls for a device.
     *
     * @param device id
     * @param tag index into {@link DevicePlan#tags}
     * @throws IllegalArgumentException if the adapter has no such device or tag
     */
    CompletionStage<WriteResult> write(String device, int tag, Value value);

    /** How a write ended. */
    sealed interface WriteResult {

        /** The device has confirmed it, and where the profile asks so the value was read back. */
        record Written() implements WriteResult {}

        /**
         * A method was carried out; the answer of {@link CallsMethods} alone.
         *
         * @param outputs what it gave back, by name; may be empty
         */
        record Returned(Value.Structure outputs) implements WriteResult {}

        /**
         * Nothing was sent: the value does not fit this tag.
         *
         * @param why for people
         */
        record Refused(String why) implements WriteResult {}

        /**
         * The device answered with an error, or what was read back differs.
         */
        record Failed(Status status, String why) implements WriteResult {}

        /**
         * It was sent and no answer came: it may have taken effect.
         *
         * @param why for people
         */
        record Unknown(String why) implements WriteResult {}
    }
}
