package io.sluice.adapter.modbus;

import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps everything that an adapter says of one device, in order, and when. */
final class RecordingSink implements DeviceSink {

    sealed interface Event {
        record Read(Sample sample, long nanoTime) implements Event {}

        record Flushed(long nanoTime) implements Event {}

        record Described(int tag, String unit) implements Event {}

        record Online() implements Event {}

        record Connecting() implements Event {}

        record Offline(Status status, String error) implements Event {}
    }

    private final List<Event> events = new CopyOnWriteArrayList<>();

    List<Event> events() {
        return events;
    }

    <E extends Event> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<Sample> samples() {
        return all(Event.Read.class).stream().map(Event.Read::sample).toList();
    }

    int polls() {
        return all(Event.Flushed.class).size();
    }

    @Override
    public void describe(int tag, TagMeaning meaning) {
        events.add(new Event.Described(tag, meaning.unit()));
    }

    @Override
    public void accept(Sample sample) {
        events.add(new Event.Read(sample, System.nanoTime()));
    }

    @Override
    public void acceptHistory(Sample sample) {
        throw new UnsupportedOperationException("this protocol knows no history");
    }

    @Override
    public void flush() {
        events.add(new Event.Flushed(System.nanoTime()));
    }

    @Override
    public void online() {
        events.add(new Event.Online());
    }

    @Override
    public void connecting() {
        events.add(new Event.Connecting());
    }

    @Override
    public void offline(Status status, String error) {
        events.add(new Event.Offline(status, error));
    }

    @Override
    public void lost(LossReason reason, long readings, long firstNanos, long lastNanos) {
        throw new AssertionError("a polling adapter waits, it loses nothing");
    }
}
