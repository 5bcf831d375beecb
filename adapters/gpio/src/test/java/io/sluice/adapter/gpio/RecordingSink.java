package io.sluice.adapter.gpio;

import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what an adapter says of one device. */
final class RecordingSink implements DeviceSink {

    final List<Sample> samples = new CopyOnWriteArrayList<>();

    /** States in order, {@code offline: …} with its error. */
    final List<String> states = new CopyOnWriteArrayList<>();

    final List<String> threads = new CopyOnWriteArrayList<>();

    List<Value> values(int tag) {
        return samples.stream()
                .filter(sample -> sample.tag() == tag)
                .map(sample -> Objects.requireNonNull(sample.value()))
                .toList();
    }

    @Override
    public void describe(int tag, TagMeaning meaning) {
        throw new AssertionError("a line describes nothing");
    }

    @Override
    public void accept(Sample sample) {
        samples.add(sample);
        threads.add(Thread.currentThread().getName());
    }

    @Override
    public void acceptHistory(Sample sample) {
        throw new UnsupportedOperationException("this protocol knows no history");
    }

    @Override
    public void flush() {}

    @Override
    public void online() {
        states.add("online");
    }

    @Override
    public void connecting() {
        states.add("connecting");
    }

    @Override
    public void offline(Status status, String error) {
        states.add("offline: " + error);
    }

    @Override
    public void lost(LossReason reason, long readings, long firstNanos, long lastNanos) {
        states.add("lost: " + readings);
    }
}
