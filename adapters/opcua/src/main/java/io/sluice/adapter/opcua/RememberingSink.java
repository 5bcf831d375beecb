package io.sluice.adapter.opcua;

import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The sink of a device, with a memory of the last value of each tag, so that what was reported bad with the device can be
 * given again. Only here is it known in which order samples and changes of state came. Confined to the thread of the sink.
 */
final class RememberingSink implements DeviceSink {

    private final DeviceSink sink;
    private static final int NEVER = -1;

    /** Hashes: the values themselves would have to be kept from one notification to the next. */
    private final int[] last;

    /** UTC nanoseconds. */
    private final long[] lastTime;

    /** Counts up with each time that the device is offline; what a tag had then is to be given again. */
    private int offlines;

    /** How often the device had been offline when the tag had its last sample. */
    private final int[] acceptedAfter;

    /** Of the tags whose deadband the server keeps. */
    private final Map<Integer, Filtered> filtered = new HashMap<>();

    private static final class Filtered {
        /** In the units of the variable. */
        private final double band;

        /** What the server counts from. */
        private @Nullable Sample last;

        private Filtered(double band) {
            this.band = band;
        }

        private boolean leavesOut(Sample now) {
            return last != null
                    && last.status().equals(now.status())
                    && Math.abs(number(now.value()) - number(last.value())) <= band;
        }
    }

    RememberingSink(DeviceSink sink, int tags) {
        this.sink = sink;
        this.last = new int[tags];
        this.lastTime = new long[tags];
        this.acceptedAfter = new int[tags];
        Arrays.fill(acceptedAfter, NEVER);
    }

    @Override
    public void accept(Sample sample) throws InterruptedException {
        last[sample.tag()] = Objects.hashCode(sample.value());
        lastTime[sample.tag()] = sample.time();
        acceptedAfter[sample.tag()] = offlines;
        if (!filtered.isEmpty()) {
            @Nullable Filtered kept = filtered.get(sample.tag());
            if (kept != null) {
                kept.last = sample;
            }
        }
        sink.accept(sample);
    }

    /**
     * The server begins to keep deadbands, from the first value that it will report.
     *
     * @param bands by tag, in the units of the variables
     */
    void filtered(Map<Integer, Double> bands) throws InterruptedException {
        for (Map.Entry<Integer, Double> band : bands.entrySet()) {
            filtered.put(band.getKey(), new Filtered(band.getValue()));
            sink.reportAnew(band.getKey());
        }
    }

    /** A new Session: what the one before filtered is over. */
    void unfiltered() {
        filtered.clear();
    }

    /** The server has nothing of these tags any more. */
    void unfiltered(Set<Integer> tags) {
        filtered.keySet().removeAll(tags);
    }

    /** Nobody knows any more from which values the server counts. */
    void filterAnew() throws InterruptedException {
        for (int tag : filtered.keySet()) {
            sink.reportAnew(tag);
        }
    }

    /**
     * Takes the values of now. One that has changed, or whose tag had a sample since the device was offline, is left to the
     * Subscription, which brings it in its order; so is one of another time, since it may have changed and changed back. A change
     * that the server leaves out is none: then the value that the server counts from is given again, so that both go on from the same.
     *
     * @param waits whether the tag's next value may be long in coming
     */
    void refresh(List<Sample> samples, IntPredicate waits) throws InterruptedException {
        for (Sample now : samples) {
            if (acceptedAfter[now.tag()] == offlines) {
                continue;
            }
            @Nullable Filtered kept = filtered.get(now.tag());
            if (kept != null && kept.leavesOut(now)) {
                accept(Objects.requireNonNull(kept.last));
            } else if (waits.test(now.tag()) || isLast(now) && lastTime[now.tag()] == now.time()) {
                accept(now);
            }
        }
    }

    /**
     * Takes the values of now when what the Subscription had to bring has come: a tag that had no sample since the device was offline
     * holds the same value, whatever its time.
     */
    void restate(List<Sample> samples) throws InterruptedException {
        for (Sample now : samples) {
            int accepted = acceptedAfter[now.tag()];
            if (accepted == NEVER || accepted != offlines && isLast(now)) {
                accept(now);
            }
        }
    }

    private boolean isLast(Sample now) {
        return acceptedAfter[now.tag()] != NEVER && last[now.tag()] == Objects.hashCode(now.value());
    }

    @Override
    public void offline(Status status, String error) throws InterruptedException {
        offlines++;
        sink.offline(status, error);
    }

    @Override
    public void found(int tag, String name, String source) {
        sink.found(tag, name, source);
    }

    @Override
    public void describe(int tag, TagMeaning meaning) {
        sink.describe(tag, meaning);
    }

    @Override
    public void coming(List<Sample> samples) throws InterruptedException {
        sink.coming(samples);
    }

    @Override
    public void reportAnew(int tag) throws InterruptedException {
        sink.reportAnew(tag);
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

    private static double number(@Nullable Value value) {
        return switch (value) {
            case Value.Float32(float v) -> v;
            case Value.Float64(double v) -> v;
            case Value.Signed(long v) -> v;
            case Value.Unsigned(long v) -> v;
            case Value.Bool _, Value.Text _, Value.Bytes _, Value.Structure _, Value.Elements _ -> Double.NaN;
            case null -> Double.NaN;
        };
    }

    @Override
    public void lost(LossReason reason, long readings, long firstNanos, long lastNanos) {
        sink.lost(reason, readings, firstNanos, lastNanos);
    }
}
