package io.sluice.adapter.modbus;

import io.sluice.adapter.Backoff;
import io.sluice.adapter.CountsPolls.Polls;
import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import io.sluice.adapter.modbus.ReadPlanner.Span;
import io.sluice.telemetry.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One unit on a bus: its poll classes and its circuit breaker. While the breaker is open the unit is asked only now and
 * then, so that it takes nobody's time. Confined to its bus's thread, but for {@link #counted}.
 */
final class PolledDevice {

    private static final Logger log = LoggerFactory.getLogger(PolledDevice.class);

    private enum State {
        UNKNOWN,
        ONLINE,
        OFFLINE
    }

    /** Polls in a row without a skip after which a device counts as keeping its interval again. */
    private static final int CALM_POLLS = 100;

    private final ModbusPlan plan;
    private final DeviceSink sink;
    private final Backoff backoff;
    private final ScaleFactors factors;
    private final List<PollClass> classes;

    private State state = State.UNKNOWN;
    private long probeAt = Long.MIN_VALUE;
    private int pollsToCalm;
    private boolean knowsMaskWrite = true;

    // read by anyone who asks
    private final AtomicLong polls = new AtomicLong();
    private final AtomicLong overruns = new AtomicLong();

    PolledDevice(ModbusPlan plan, DeviceSink sink, Phases phases, RandomGenerator random) {
        this.plan = plan;
        this.sink = sink;
        this.backoff = new Backoff(random);
        this.factors = new ScaleFactors(plan.points());
        this.classes = classes(plan, factors, phases);
    }

    private static List<PollClass> classes(ModbusPlan plan, ScaleFactors factors, Phases phases) {
        Map<Duration, List<Integer>> tags = new TreeMap<>();
        for (int i = 0; i < plan.points().size(); i++) {
            tags.computeIfAbsent(plan.points().get(i).interval(), _ -> new ArrayList<>())
                    .add(i);
        }
        List<PollClass> classes = new ArrayList<>();
        tags.forEach((interval, ofClass) ->
                classes.add(new PollClass(interval.toNanos(), readers(ofClass, plan, factors), phases)));
        return List.copyOf(classes);
    }

    /** What reads these tags; blocks with scale factors first, so that they are known when they are needed. */
    static List<BlockReader> readers(List<Integer> tags, ModbusPlan plan, ScaleFactors factors) {
        List<ModbusPlan.Point> points = plan.points();
        SortedSet<Integer> ofFactors = new TreeSet<>();
        List<Span> spans = new ArrayList<>();
        for (int tag : new TreeSet<>(tags)) {
            ModbusPlan.Point point = points.get(tag);
            spans.add(new Span(tag, point.table(), point.address(), point.count()));
            if (point.scaledByRegister()) {
                ofFactors.add(factors.indexFor(point));
            }
        }
        for (int index : ofFactors) {
            ScaleFactors.Place place = factors.place(index);
            spans.add(new Span(points.size() + index, place.table(), place.address(), 1));
        }
        return ReadPlanner.plan(spans, plan.limits()).stream()
                .map(block -> new BlockReader(block, points, factors))
                .sorted(Comparator.comparing(reader -> !reader.holdsFactors()))
                .toList();
    }

    /** What reads these tags, and only these. */
    List<BlockReader> readersOf(List<Integer> tags) {
        return readers(tags, plan, factors);
    }

    BlockReader reader(Block block) {
        return new BlockReader(block, plan.points(), factors);
    }

    ModbusPlan.Point point(int tag) {
        return plan.points().get(tag);
    }

    /** Whether the device is not known to lack mask writes. */
    boolean knowsMaskWrite() {
        return knowsMaskWrite;
    }

    void lacksMaskWrite() {
        knowsMaskWrite = false;
    }

    /** How many tags it has. */
    int tags() {
        return plan.points().size();
    }

    String id() {
        return plan.device().id();
    }

    int unit() {
        return plan.unit();
    }

    int retries() {
        return plan.retries();
    }

    DeviceSink sink() {
        return sink;
    }

    List<PollClass> classes() {
        return classes;
    }

    /** When {@code pollClass} may be polled: its own time, but not before the next probe. */
    long due(PollClass pollClass) {
        return Math.max(pollClass.due(), probeAt);
    }

    void answered() {
        if (state != State.ONLINE) {
            state = State.ONLINE;
            probeAt = Long.MIN_VALUE;
            backoff.reset();
        }
        sink.online();
    }

    /** The unit failed although the line is there: it is asked again after a while. */
    void silent(Status status, String error, long nowNanos) throws InterruptedException {
        probeAt = nowNanos + backoff.next();
        unreachable(status, error);
    }

    /** The line is away, which says nothing of the unit: it is asked as soon as the line is back. */
    void unreachable(Status status, String error) throws InterruptedException {
        state = State.OFFLINE;
        sink.offline(status, error);
        sink.flush();
    }

    void polled(PollClass pollClass, boolean wasOnline, long nowNanos) {
        polls.incrementAndGet();
        if (!wasOnline) {
            pollClass.resume(nowNanos);
            return;
        }
        long skipped = pollClass.advance(nowNanos);
        overruns.addAndGet(skipped);
        if (skipped > 0) {
            if (pollsToCalm == 0) {
                log.warn(
                        "{}: a poll takes longer than its interval of {} ms, so polls are skipped",
                        id(),
                        pollClass.intervalNanos() / 1_000_000);
            }
            pollsToCalm = CALM_POLLS;
        } else if (pollsToCalm > 0 && --pollsToCalm == 0) {
            log.info("{}: polls keep their interval again", id());
        }
    }

    /** Any thread. */
    Polls counted() {
        return new Polls(polls.get(), overruns.get());
    }

    boolean online() {
        return state == State.ONLINE;
    }
}
