package io.sluice.adapter.opcua;

import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.TagDescriptor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The sink of a device, with a memory of the last value of each tag, so that what was reported bad with the device can be
 * given again. Only here is it known in which order samples and changes of state came. Confined to the thread of the sink.
 */
final class RememberingSink implements DeviceSink {

    private final DeviceSink sink;
    private static final int NEVER = -1;

    /** Hashes: the values themselves would have to be kept from one notification to the next. */
    private final int[] last;

    /** Counts up with each time that the device is offline; what a tag had then is to be given again. */
    private int offlines;

    /** How often the device had been offline when the tag had its last sample. */
    private final int[] acceptedAfter;

    RememberingSink(DeviceSink sink, int tags) {
        this.sink = sink;
        this.last = new int[tags];
        this.acceptedAfter = new int[tags];
        Arrays.fill(acceptedAfter, NEVER);
    }

    @Override
    public void accept(Sample sample) throws InterruptedException {
        last[sample.tag()] = Objects.hashCode(sample.value());
        acceptedAfter[sample.tag()] = offlines;
        sink.accept(sample);
    }

    /**
     * Takes the values of now. One that has changed, or whose tag had a sample since the device was offline, is left to the
     * Subscription, which brings it in its order.
     */
    void refresh(List<Sample> samples) throws InterruptedException {
        for (Sample now : samples) {
            int accepted = acceptedAfter[now.tag()];
            boolean same = accepted == NEVER || last[now.tag()] == Objects.hashCode(now.value());
            if (accepted != offlines && same) {
                accept(now);
            }
        }
    }

    @Override
    public void offline(Status status, String error) throws InterruptedException {
        offlines++;
        sink.offline(status, error);
    }

    @Override
    public void describe(
            int tag, String unit, List<TagDescriptor.EnumValue> enumeration, OptionalDouble low, OptionalDouble high) {
        sink.describe(tag, unit, enumeration, low, high);
    }

    @Override
    public void acceptHistory(Sample sample) throws InterruptedException {
        sink.acceptHistory(sample);
    }

    @Override
    public void flush() throws InterruptedException {
        sink.flush();
    }

    @Override
    public void online() {
        sink.online();
    }

    @Override
    public void connecting() {
        sink.connecting();
    }

    @Override
    public void lost(LossReason reason, long readings, long firstNanos, long lastNanos) {
        sink.lost(reason, readings, firstNanos, lastNanos);
    }
}
