package io.sluice.gateway.southbound;

import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.gateway.time.WallClock;
import io.sluice.outbox.Intake;
import io.sluice.profiles.TagDefinition;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Message.Origin;
import io.sluice.telemetry.Message.State;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sink of one device: normalises samples into readings, collects them in batches, and appends each closed batch to the
 * outbox. Confined to the thread of the adapter that feeds it, but for {@link #prepare}, which runs before, and {@link #health}.
 */
public final class DevicePipeline implements DeviceSink {

    private static final Logger log = LoggerFactory.getLogger(DevicePipeline.class);
    private static final long HUNDRED_YEARS_NANOS = 100L * 365 * 24 * 3600 * 1_000_000_000L;

    private final String device;
    private final List<TagChannel> channels;
    private final Aliases aliases;
    private final Intake intake;
    private final WallClock clock;
    private final StatusBoard board;
    private final DeviceMeter meter;
    private final OpenBatch batch;

    private State state = State.UNSPECIFIED;
    private String error = "";

    private volatile boolean reportAll;

    /** Whether a tag may need another alias, since the device has said something new of it. */
    private boolean stale;

    /**
     * @param maxBatchBytes a batch is closed before it grows beyond this
     */
    public DevicePipeline(
            DevicePlan plan, Aliases aliases, Intake intake, WallClock clock, StatusBoard board, int maxBatchBytes) {
        this.device = plan.device().id();
        Map<String, TagDefinition> definitions =
                plan.device().tags().stream().collect(Collectors.toMap(TagDefinition::name, Function.identity()));
        this.channels = new ArrayList<>();
        for (DevicePlan.PlannedTag planned : plan.tags()) {
            TagDefinition definition = definitions.get(planned.name());
            if (definition == null) {
                throw new IllegalStateException(device + ": planned tag " + planned.name() + " is not configured");
            }
            channels.add(new TagChannel(definition, planned, aliases));
        }
        this.aliases = aliases;
        this.intake = intake;
        this.clock = clock;
        this.board = board;
        this.meter = new DeviceMeter(device, clock.now(), clock.monotonic());
        this.batch = new OpenBatch(device, intake, clock, meter, maxBatchBytes);
    }

    /** Takes the aliases of all tags whose type is known before anything was read, so that the first birth names them. */
    public void prepare() throws InterruptedException {
        channels.forEach(TagChannel::recall);
        bind(channels);
    }

    private void bind(List<TagChannel> wanted) throws InterruptedException {
        List<TagChannel> known = new ArrayList<>();
        List<TagDescriptor> descriptors = new ArrayList<>();
        for (TagChannel channel : wanted) {
            channel.foreseen().ifPresent(descriptor -> {
                known.add(channel);
                descriptors.add(descriptor);
            });
        }
        if (known.isEmpty()) {
            return;
        }
        List<Integer> numbers = aliases.bind(descriptors);
        for (int i = 0; i < known.size(); i++) {
            known.get(i).bound(descriptors.get(i), numbers.get(i));
        }
    }

    @Override
    public void coming(List<Sample> samples) throws InterruptedException {
        if (stale) {
            bindDescribed();
        }
        List<TagChannel> first = new ArrayList<>();
        for (Sample sample : samples) {
            TagChannel channel = channels.get(sample.tag());
            if (sample.value() != null
                    && channel.type() == null
                    && channel.isFirst(sample.value().type())) {
                first.add(channel);
            }
        }
        if (!first.isEmpty()) {
            bind(first);
        }
    }

    @Override
    public void accept(Sample sample) throws InterruptedException {
        take(sample, Origin.LIVE);
    }

    @Override
    public void acceptHistory(Sample sample) throws InterruptedException {
        take(sample, Origin.HISTORY);
    }

    /** In one commit for all tags, where each would else wait for its own. */
    private void bindDescribed() throws InterruptedException {
        stale = false;
        bind(channels.stream().filter(TagChannel::isStale).toList());
    }

    private void take(Sample sample, Origin origin) throws InterruptedException {
        if (stale) {
            bindDescribed();
        }
        TagChannel channel = channels.get(sample.tag());
        long now = clock.now();
        boolean usable = sample.time() >= 0 && Math.abs(sample.time() - now) < HUNDRED_YEARS_NANOS;
        long time = usable ? sample.time() : now;
        Status status = usable || sample.status().quality() != Status.Quality.GOOD
                ? sample.status()
                : Status.uncertain(SluiceCode.SOURCE_TIME_REPLACED);
        Value value = sample.value() == null ? null : channel.scale(sample.value());
        if (value == null) {
            addValueless(channel, status, time, origin);
        } else if (batch.isTooSmallFor(value)) {
            add(channel, value.type(), null, Status.bad(SluiceCode.TOO_LARGE), time, origin);
        } else {
            add(channel, value.type(), value, status, time, origin);
        }
    }

    /** A tag that has no type yet has no column that could say so. */
    private void addValueless(TagChannel channel, Status status, long time, Origin origin) throws InterruptedException {
        ValueType type = channel.type();
        if (type != null) {
            add(channel, type, null, status, time, origin);
        }
    }

    /** What comes from history leaves the deadband alone: the tag's present value is another one. */
    private void add(TagChannel channel, ValueType type, @Nullable Value value, Status status, long time, Origin origin)
            throws InterruptedException {
        int alias = channel.alias(type);
        if (origin == Origin.LIVE) {
            channel.remember(value, status, time);
            if (!channel.reports(value, status, clock.monotonic())) {
                return;
            }
        }
        channel.reportedIn(batch.put(alias, type, value, status, time, origin));
    }

    /**
     * Something of this device was lost on the way: with the next flush every tag reports what was last read of it, so that
     * no receiver keeps a stale value. Any thread.
     */
    public void reportAll() {
        reportAll = true;
    }

    private void reportEverything() throws InterruptedException {
        reportAll = false;
        long open = batch.number();
        for (TagChannel channel : channels) {
            if (channel.hasMemory() && !channel.isReportedIn(open)) {
                reportAgain(channel);
            }
        }
    }

    private void reportAgain(TagChannel channel) throws InterruptedException {
        ValueType type = channel.type();
        if (type != null) {
            channel.forget();
            add(channel, type, channel.lastValue(), channel.lastStatus(), channel.lastTime(), Origin.LIVE);
        }
    }

    @Override
    public void reportAnew(int tag) throws InterruptedException {
        TagChannel channel = channels.get(tag);
        if (channel.holdsBack()) {
            reportAgain(channel);
        }
        channel.forget();
    }

    @Override
    public void flush() throws InterruptedException {
        if (reportAll) {
            reportEverything();
        }
        batch.close();
    }

    @Override
    public void found(int tag, String name, String source) {
        stale |= channels.get(tag).found(name, source);
    }

    @Override
    public void describe(int tag, TagMeaning meaning) {
        TagChannel channel = channels.get(tag);
        stale |= channel.describe(meaning);
        String difference = channel.newDifference(meaning);
        if (!difference.isEmpty()) {
            log.info("{}: the profile wins over what the device says of {}: {}", device, channel.name(), difference);
        }
    }

    @Override
    public void online() {
        if (state != State.ONLINE) {
            log.info("{}: online", device);
            changed(State.ONLINE, "");
        }
    }

    @Override
    public void connecting() {
        if (state == State.UNSPECIFIED) {
            changed(State.CONNECTING, "");
        }
    }

    @Override
    public void offline(Status status, String reason) throws InterruptedException {
        if (state == State.OFFLINE) {
            if (!reason.equals(error)) {
                changed(State.OFFLINE, reason);
            }
            return;
        }
        log.warn("{}: offline: {}", device, reason);
        changed(State.OFFLINE, reason);
        if (stale) {
            bindDescribed();
        }
        long now = clock.now();
        for (TagChannel channel : channels) {
            channel.forget();
            addValueless(channel, status, now, Origin.LIVE);
        }
        flush();
    }

    @Override
    public void lost(LossReason reason, long readings, long firstNanos, long lastNanos) {
        intake.lost(device, io.sluice.outbox.LossReason.valueOf(reason.name()), readings, firstNanos, lastNanos);
        meter.lost(readings);
        channels.forEach(TagChannel::forget);
    }

    private void changed(State next, String reason) {
        state = next;
        error = reason;
        meter.changed(next, reason, clock.now());
        board.changed(device, next, reason, meter.counters());
    }

    /** How the device does now. Any thread. */
    public DeviceHealth health() {
        return meter.health(clock.monotonic());
    }
}
