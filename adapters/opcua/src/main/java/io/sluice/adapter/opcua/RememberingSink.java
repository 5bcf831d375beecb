package io.sluice.adapter.opcua;

import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.TagDescriptor;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The sink of a device, with a memory of the last sample of each tag, so that what was reported bad with the device can be
 * given again. Only here is it known in which order samples and changes of state came. Confined to the thread of the sink.
 */
final class RememberingSink implements DeviceSink {

    private final DeviceSink sink;
    private final @Nullable Sample[] last;

    /** Counts up with each time that the device is offline; what a tag had then is to be given again. */
    private int offlines;

    private final int[] acceptedAfter;

    RememberingSink(DeviceSink sink, int tags) {
        this.sink = sink;
        this.last = new Sample[tags];
        this.acceptedAfter = new int[tags];
    }

    @Override
    public void accept(Sample sample) throws InterruptedException {
        last[sample.tag()] = sample;
        acceptedAfter[sample.tag()] = offlines;
        sink.accept(sample);
    }

    /**
     * Takes the values of now. One that has changed, or whose tag had a sample since the device was offline, is left to the
     * Subscription, which brings it in its order.
     */
    void refresh(List<Sample> samples) throws InterruptedException {
        for (Sample now : samples) {
            @Nullable Sample before = last[now.tag()];
            boolean told = before != null && acceptedAfter[now.tag()] == offlines;
            if (!told && (before == null || Objects.equals(now.value(), before.value()))) {
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
