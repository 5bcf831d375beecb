package io.sluice.adapter.opcua;

import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Remembers everything in its order. */
final class RecordingSink implements DeviceSink {

    record Loss(LossReason reason, long readings, long firstNanos, long lastNanos) {}

    /** Tags whose samples came in one piece. */
    final List<List<Integer>> together = new CopyOnWriteArrayList<>();

    final List<Sample> history = new CopyOnWriteArrayList<>();
    final List<Sample> samples = new CopyOnWriteArrayList<>();
    final Map<Integer, String> names = new ConcurrentHashMap<>();
    final Map<Integer, String> sources = new ConcurrentHashMap<>();
    final List<Integer> anew = new CopyOnWriteArrayList<>();
    final List<String> states = new CopyOnWriteArrayList<>();
    final List<Loss> losses = new CopyOnWriteArrayList<>();
    final Map<Integer, TagMeaning> meanings = new ConcurrentHashMap<>();
    final Set<String> threads = new ConcurrentSkipListSet<>();

    @Override
    public void found(int tag, String name, String source) {
        names.put(tag, name);
        sources.put(tag, source);
    }

    /** What the tag of that name had last, or null. */
    @Nullable
    Value lastValue(String name) {
        return names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .findFirst()
                .map(entry -> lastValue(entry.getKey()))
                .orElse(null);
    }

    @Override
    public void describe(int tag, TagMeaning meaning) {
        meanings.put(tag, meaning);
    }

    @Override
    public void coming(List<Sample> samples) {
        together.add(samples.stream().map(Sample::tag).toList());
    }

    @Override
    public void accept(Sample sample) {
        threads.add(Thread.currentThread().getName());
        samples.add(sample);
    }

    @Override
    public void acceptHistory(Sample sample) {
        history.add(sample);
    }

    @Override
    public void reportAnew(int tag) {
        anew.add(tag);
    }

    @Override
    public void flush() {}

    @Override
    public void online() {
        state("online");
    }

    @Override
    public void connecting() {
        state("connecting");
    }

    @Override
    public void offline(Status status, String error) {
        state("offline: " + error);
    }

    private void state(String state) {
        if (states.isEmpty() || !states.getLast().equals(state)) {
            states.add(state);
        }
    }

    @Override
    public void lost(LossReason reason, long readings, long firstNanos, long lastNanos) {
        losses.add(new Loss(reason, readings, firstNanos, lastNanos));
    }

    /** What the tag had last, or null. */
    @Nullable
    Sample last(int tag) {
        return samples.reversed().stream()
                .filter(sample -> sample.tag() == tag)
                .findFirst()
                .orElse(null);
    }

    @Nullable
    Value lastValue(int tag) {
        Sample last = last(tag);
        return last == null ? null : last.value();
    }

    List<Value> values(int tag) {
        return samples.stream()
                .filter(sample -> sample.tag() == tag && sample.value() != null)
                .map(Sample::value)
                .toList();
    }

    String lastState() {
        return states.isEmpty() ? "" : states.getLast();
    }
}
