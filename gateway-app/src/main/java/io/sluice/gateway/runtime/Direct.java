package io.sluice.gateway.runtime;

import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.OnRequest;
import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.gateway.southbound.TagAccess;
import io.sluice.gateway.southbound.TagFacts;
import io.sluice.profiles.TagDefinition;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.ValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** A connection to one device alone, for a request where no gateway runs. What it polls meanwhile goes nowhere. */
public final class Direct implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(20);

    /** The device does not answer, or its protocol cannot; the text says which. */
    public static final class Unreachable extends Exception {
        private static final long serialVersionUID = 1;

        Unreachable(String message) {
            super(message);
        }
    }

    private final Adapter adapter;
    private final DevicePlan plan;
    private final Listener listener;

    private Direct(Adapter adapter, DevicePlan plan, Listener listener) {
        this.adapter = adapter;
        this.plan = plan;
        this.listener = listener;
    }

    /**
     * Connects and waits until the device answers.
     *
     * @param stateDirectory where the protocol keeps files of its own, such as certificates
     */
    public static Direct connect(AdapterFactory factory, DevicePlan plan, Path stateDirectory)
            throws Unreachable, InterruptedException {
        Listener listener = new Listener(plan);
        AdapterContext context = new AdapterContext(
                _ -> listener, Direct::utc, stateDirectory, RandomGenerator.getDefault(), listener::failed);
        Direct direct = new Direct(factory.open(List.of(plan), context), plan, listener);
        try {
            direct.await();
            return direct;
        } catch (Unreachable | InterruptedException e) {
            direct.close();
            throw e;
        }
    }

    private void await() throws Unreachable, InterruptedException {
        String device = plan.device().id();
        try {
            String error = listener.answered.get(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
            if (!error.isEmpty()) {
                throw new Unreachable("device " + device + " does not answer: " + error);
            }
        } catch (TimeoutException e) {
            throw new Unreachable("device " + device + " has not answered within " + CONNECT.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new IllegalStateException("the adapter of " + device + " failed", e.getCause());
        }
    }

    /** Its tags. */
    public TagAccess access() throws Unreachable {
        if (adapter instanceof OnRequest able) {
            return new TagAccess(plan, able, listener::described, Direct::utc);
        }
        throw new Unreachable("devices of protocol %s cannot be read or written on request yet"
                .formatted(plan.device().protocol()));
    }

    private static long utc() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    @Override
    public void close() {
        adapter.close();
    }

    /** Keeps what the device says of itself, and lets its samples go. */
    private static final class Listener implements DeviceSink {

        private final DevicePlan plan;
        /** Empty when the device answered, else why not. */
        private final CompletableFuture<String> answered = new CompletableFuture<>();

        private final Map<String, TagDescriptor> described = new ConcurrentHashMap<>();
        private final Map<Integer, DevicePlan.PlannedTag> found = new ConcurrentHashMap<>();

        Listener(DevicePlan plan) {
            this.plan = plan;
        }

        Optional<TagDescriptor> described(String tag) {
            return Optional.ofNullable(described.get(tag));
        }

        void failed(String thread, Throwable bug) {
            answered.completeExceptionally(new IllegalStateException("thread " + thread, bug));
        }

        @Override
        public void found(int tag, String name, String source) {
            found.put(tag, new DevicePlan.PlannedTag(name, null, source));
        }

        @Override
        public void describe(int tag, TagMeaning meaning) {
            DevicePlan.PlannedTag planned = plan.tags().get(tag);
            DevicePlan.PlannedTag known = found.getOrDefault(tag, planned);
            TagMeaning scaled = TagFacts.inEngineeringUnits(definition(planned), meaning);
            described.put(
                    known.name(),
                    new TagDescriptor(
                            known.name(),
                            ValueType.STRING,
                            scaled.unit(),
                            scaled.description(),
                            scaled.enumeration(),
                            scaled.low(),
                            scaled.high(),
                            known.source()));
        }

        private TagDefinition definition(DevicePlan.PlannedTag planned) {
            return plan.device().tags().stream()
                    .filter(tag -> tag.name().equals(planned.name()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("tag " + planned.name() + " is not configured"));
        }

        @Override
        public void accept(Sample sample) {}

        @Override
        public void acceptHistory(Sample sample) {}

        @Override
        public void flush() {}

        @Override
        public void online() {
            answered.complete("");
        }

        @Override
        public void connecting() {}

        @Override
        public void offline(Status status, String error) {
            answered.complete(error);
        }

        @Override
        public void lost(LossReason reason, long readings, long firstNanos, long lastNanos) {}
    }
}
