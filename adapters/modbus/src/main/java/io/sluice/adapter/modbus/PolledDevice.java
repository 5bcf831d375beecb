package io.sluice.adapter.modbus;

import io.sluice.adapter.Backoff;
import io.sluice.adapter.CountsPolls.Polls;
import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    private static final Status NOT_AVAILABLE = Status.bad(SluiceCode.NOT_AVAILABLE);

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
    private final List<PollClass> classes;

    // change only where a SunSpec device tells its models
    private List<ModbusPlan.Point> points;
    private ScaleFactors factors;
    private Optional<Block> marker = Optional.empty();
    private List<SunSpec.Model> models = List.of();
    private long locatedOn = -1;
    private long searchAgainAt = System.nanoTime();

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
        this.points = plan.points();
        this.factors = new ScaleFactors(points);
        this.classes = classes(phases);
    }

    private List<PollClass> classes(Phases phases) {
        Map<Duration, List<Integer>> tags = new TreeMap<>();
        for (int i = 0; i < points.size(); i++) {
            tags.computeIfAbsent(points.get(i).interval(), _ -> new ArrayList<>())
                    .add(i);
        }
        List<PollClass> made = new ArrayList<>();
        tags.forEach((interval, ofClass) ->
                made.add(new PollClass(interval.toNanos(), ofClass, readersOf(ofClass), phases)));
        return List.copyOf(made);
    }

    /** What reads these tags, and only these, as far as it is known where they are. */
    List<BlockReader> readersOf(List<Integer> tags) {
        return BlockReader.forTags(tags, points, plan.limits(), factors);
    }

    BlockReader reader(Block block) {
        return new BlockReader(block, points, factors);
    }

    ModbusPlan.Point point(int tag) {
        return points.get(tag);
    }

    /** Whether only the device can tell where some of its tags are. */
    boolean bySunSpec() {
        return points.stream().anyMatch(ModbusPlan.Point::bySunSpec);
    }

    /** The registers that show that its models are still there; empty as long as none were found. */
    Optional<Block> marker() {
        return marker;
    }

    /** The connection on which it told where its tags are, -1 if it has not. */
    long locatedOn() {
        return locatedOn;
    }

    /** Monotonic nanoseconds. */
    long searchAgainAt() {
        return searchAgainAt;
    }

    void searchAgainAt(long nanos) {
        searchAgainAt = nanos;
    }

    /** The device has told its models: from now on its tags are read there. */
    void locate(SunSpecChain chain, long connection) {
        marker = chain.marker();
        locatedOn = connection;
        points = plan.points().stream()
                .map(point -> point.bySunSpec() ? point.locatedIn(chain.models()) : point)
                .toList();
        factors = new ScaleFactors(points);
        classes.forEach(each -> each.readers(readersOf(each.tags())));
        logModels(chain.models());
        for (int tag = 0; tag < points.size(); tag++) {
            describe(tag, points.get(tag));
        }
    }

    private void describe(int tag, ModbusPlan.Point point) {
        if (point.bySunSpec()) {
            String unit = point.sunSpec().firstEntry().getValue().unit();
            sink.describe(tag, TagMeaning.ofUnit(unit));
        }
    }

    private void logModels(List<SunSpec.Model> found) {
        if (found.isEmpty()) {
            log.warn(
                    "{}: no SunSpec models: holding registers {} do not hold the marker SunS; its tags have no value, and"
                            + " it is asked again every minute. Is unit id {} right, and SunSpec switched on in the device?",
                    id(),
                    SunSpecChain.BASES,
                    unit());
        } else if (!found.equals(models)) {
            log.info(
                    "{}: SunSpec models {}",
                    id(),
                    found.stream().map(SunSpec.Model::number).toList());
        }
        models = found;
    }

    /** Says of each tag of this class whose place is not known that it has no value. */
    void tellUnknown(PollClass pollClass, long time) throws InterruptedException {
        for (int tag : pollClass.tags()) {
            if (!points.get(tag).place().known()) {
                sink.accept(new Sample(tag, null, NOT_AVAILABLE, time));
            }
        }
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
        return points.size();
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

    /** How long a reply may take. */
    Duration timeout() {
        return plan.endpoint().timeout();
    }

    /** How long the line rests behind its replies. */
    long pauseNanos() {
        return plan.endpoint().pause().toNanos();
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
