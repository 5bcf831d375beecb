package io.sluice.adapter;

import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import java.util.List;

/**
 * Where an adapter delivers what it reads of one device. Confined to one thread of the adapter. Every method may wait
 * while the hand-off to the outbox is full: a polling adapter simply waits, a callback adapter calls it from its own
 * thread behind a bounded queue ({@link SampleQueue}).
 */
public interface DeviceSink {

    /**
     * A tag that is one of many with the same definition stands for this from now on, and for as long as the gateway runs. Said
     * before anything else of it. A sink to which names mean nothing need do nothing.
     *
     * @param tag index into {@link DevicePlan#tags}
     * @param name one that no other tag of the device has
     * @param source address as the protocol writes it
     */
    default void found(int tag, String name, String source) {}

    /**
     * What the device itself says of a tag; the profile wins where it says something too. Said before the tag's first
     * sample, and again when it changes or with each connection.
     *
     * @param tag index into {@link DevicePlan#tags}
     */
    void describe(int tag, TagMeaning meaning);

    /**
     * From now on the device itself leaves out small changes of the tag, and counts from the next sample. So that no value is
     * held back twice over, a reading that a deadband has held back is reported, and so is the next one whatever it is. A sink
     * without a deadband need do nothing.
     *
     * @param tag index into {@link DevicePlan#tags}
     */
    default void reportAnew(int tag) throws InterruptedException {}

    /**
     * These are accepted next. A sink that has to make something ready for the first sample of a tag, and would wait for each,
     * can wait for all of them at once. Nothing is accepted by this; a sink that makes nothing ready need do nothing.
     */
    default void coming(List<Sample> samples) throws InterruptedException {}

    /** One reading of one tag. */
    void accept(Sample sample) throws InterruptedException;

    /**
     * One reading of one tag from before now, read back from the device's own history after an interruption. It travels in a
     * batch that says so, is reported whatever the deadband, and may come after newer readings of the tag.
     */
    void acceptHistory(Sample sample) throws InterruptedException;

    /** Closes the batch: at the end of a poll, or when notifications have rested. */
    void flush() throws InterruptedException;

    /** The device answers. Said at every success; only a transition has an effect. */
    void online();

    /** The adapter is trying to connect for the first time or after {@link #offline}. */
    void connecting();

    /**
     * The device does not answer. Said at every failure; the transition gives one bad reading of every tag, and the error
     * goes into the device's status.
     *
     * @param error for people: what failed, with address
     */
    void offline(Status status, String error) throws InterruptedException;

    /**
     * Values are gone before they could be accepted.
     *
     * @param readings as far as known, else 0
     * @param firstNanos UTC nanoseconds; span concerned
     * @param lastNanos UTC nanoseconds
     */
    void lost(LossReason reason, long readings, long firstNanos, long lastNanos);
}
