package io.sluice.gateway.runtime;

import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.DevicePlan;
import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.northbound.AliasTables;
import io.sluice.gateway.northbound.MqttPublisher;
import io.sluice.gateway.northbound.Topics;
import io.sluice.gateway.southbound.DevicePipeline;
import io.sluice.gateway.southbound.TagAccess;
import io.sluice.gateway.time.ClockChange;
import io.sluice.gateway.time.ClockWatch;
import io.sluice.gateway.time.SystemClock;
import io.sluice.mqtt.MqttClient;
import io.sluice.mqtt.Subscribe;
import io.sluice.outbox.Entry;
import io.sluice.outbox.Forwarder;
import io.sluice.outbox.Forwarding;
import io.sluice.outbox.OutboxView;
import io.sluice.outbox.SqliteOutbox;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.telemetry.Message.ClockStep;
import io.sluice.telemetry.Message.State;
import io.sluice.telemetry.ProtobufCodec;
import io.sluice.telemetry.PtpTimestamp;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gateway: the parts, wired. A reading goes adapter → {@link DevicePipeline} → {@link SqliteOutbox} →
 * {@link Forwarder} → {@link MqttPublisher} → {@link MqttClient}, and its PUBACK the same way back to the outbox.
 */
public final class Gateway {

    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    /** How long a stop waits for what is stored to be acknowledged; the rest goes out after the next start. */
    private static final Duration DRAIN_LIMIT = Duration.ofMillis(1500);

    private static final Duration FLUSH_LIMIT = Duration.ofMillis(500);

    private static final Duration GOODBYE_LIMIT = Duration.ofMillis(1000);

    private final GatewayConfig config;
    private final String software;
    private final SystemClock clock;
    private final SqliteOutbox outbox;
    private final Forwarder forwarder;
    private final AliasTables tables;
    private final MqttPublisher publisher;
    private final MqttClient client;
    private final Map<String, DevicePipeline> pipelines = new LinkedHashMap<>();
    private final Adapters adapters = new Adapters();
    private final Map<AdapterFactory, List<DevicePlan>> plans;
    private final AdapterContext context;
    private final long startedNanos;
    private @Nullable ClockWatch clockWatch;
    private volatile boolean progressing = true;

    /**
     * Opens the outbox; nothing is connected before {@link #start}.
     *
     * @param plans the checked devices of each protocol
     * @param bugs told of an exception that should end the process
     * @throws io.sluice.outbox.OutboxException if the outbox cannot be opened; its text says what to do
     */
    public Gateway(
            GatewayConfig config,
            Map<AdapterFactory, List<DevicePlan>> plans,
            String software,
            AdapterContext.BugReporter bugs) {
        this.config = config;
        this.software = software;
        this.plans = plans;
        clock = new SystemClock();
        startedNanos = clock.monotonic();
        outbox = SqliteOutbox.open(Settings.outbox(config.outbox()));
        tables = new AliasTables(outbox);
        publisher = new MqttPublisher(config, software, topics(config), tables, clock);
        forwarder = new Forwarder(
                outbox,
                publisher,
                Settings.replay(config.outbox()),
                config.outbox().replayRate(),
                config.devices().stream().map(DeviceDefinition::id).toList());
        client = new MqttClient(Settings.mqtt(config.northbound()), publisher);
        for (List<DevicePlan> ofProtocol : plans.values()) {
            for (DevicePlan plan : ofProtocol) {
                String device = plan.device().id();
                pipelines.put(
                        device,
                        new DevicePipeline(
                                plan,
                                tables.of(device, publisher::named),
                                outbox,
                                clock,
                                this::deviceChanged,
                                config.northbound().maxBatchBytes()));
            }
        }
        context = new AdapterContext(
                this::sink, clock::now, config.outbox().directory(), RandomGenerator.getDefault(), bugs);
    }

    private static Topics topics(GatewayConfig config) {
        return new Topics(
                config.northbound().topic(),
                config.id(),
                config.labels(),
                config.devices().stream().collect(Collectors.toMap(DeviceDefinition::id, DeviceDefinition::labels)));
    }

    private DevicePipeline sink(String device) {
        DevicePipeline pipeline = pipelines.get(device);
        if (pipeline == null) {
            throw new IllegalArgumentException("no device " + device + " is configured");
        }
        return pipeline;
    }

    private void deviceChanged(String device, State state, String error, Map<String, Long> counters) {
        Map<String, Long> all = new HashMap<>(counters);
        adapters.polls(device).ifPresent(polls -> {
            all.put("polls", polls.polls());
            all.put("overruns", polls.overruns());
        });
        publisher.changed(device, state, error, all);
    }

    /** Connects in both directions, in the background. */
    public void start() throws InterruptedException {
        for (DevicePipeline pipeline : pipelines.values()) {
            pipeline.prepare();
        }
        forwarder.onLoss(device -> Optional.ofNullable(pipelines.get(device)).ifPresent(DevicePipeline::reportAll));
        publisher.start(client, forwarder);
        client.subscribe(Subscribe.to(publisher.subscriptions()));
        plans.forEach((factory, devices) -> adapters.open(factory, devices, context));
        clockWatch =
                new ClockWatch(clock, this::clockChanged, bug -> context.bugs().report("clock-watch", bug));
        log.info("running with {} devices, epoch {}", pipelines.size(), outbox.epoch());
    }

    /** One batch is closed at a step by its pipeline; here every stream gets the record that explains it. */
    private void clockChanged(ClockChange change) {
        byte[] body = ProtobufCodec.encodeBody(new ClockStep(
                change.shiftNanos(), change.monotonicNanos(), change.state(), PtpTimestamp.ofNanos(clock.now())));
        try {
            for (String device : pipelines.keySet()) {
                outbox.append(device, new Entry.ClockStep(body));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Stops reading, stores what was read, gives the broker a moment to acknowledge it, says goodbye. What is not
     * acknowledged stays in the outbox for the next start. Returns within 5 s.
     */
    public void stop() {
        log.info("stopping");
        if (clockWatch != null) {
            clockWatch.close();
        }
        adapters.close();
        flush();
        drain();
        forwarder.close();
        publisher.stop(GOODBYE_LIMIT);
        client.close();
        outbox.close();
        log.info("stopped");
    }

    /** What was read is on disk, unless the disk does not let it. */
    private void flush() {
        outbox.flush()
                .completeOnTimeout(null, FLUSH_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, failed) -> done)
                .join();
    }

    private void drain() {
        long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
        while (publisher.isConnected() && outbox.balance().pendingMessages() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Whether every role makes progress, for the watchdog, which alone asks: each role answers by the next question. */
    public boolean isAlive() {
        boolean outboxAlive = outbox.isAlive();
        boolean forwarderAlive = forwarder.isAlive();
        boolean clientAlive = client.isAlive();
        progressing = outboxAlive && forwarderAlive && clientAlive;
        return progressing;
    }

    public String id() {
        return config.id();
    }

    /** How everything does now. Reads the database; any thread that may wait for the disk. */
    public GatewayStatus status() {
        List<GatewayStatus.Device> devices = pipelines.entrySet().stream()
                .map(device -> new GatewayStatus.Device(
                        device.getValue().health(),
                        adapters.polls(device.getKey()),
                        adapters.warnings(device.getKey())))
                .toList();
        GatewayStatus.Running running = new GatewayStatus.Running(
                software,
                clock.now(),
                clock.monotonic() - startedNanos,
                progressing,
                devices,
                publisher.health(),
                clock.state());
        return new GatewayStatus(
                config.id(),
                Optional.of(running),
                GatewayStatus.Stored.of(config.outbox(), outbox.view(), outbox.balance(), outbox.degraded()));
    }

    /** The ids of all devices. */
    public List<String> devices() {
        return List.copyOf(pipelines.keySet());
    }

    /** The tags of a device, to be read and written on request; empty if there is no such device or its protocol cannot. */
    public Optional<TagAccess> access(String device) {
        return plans.values().stream()
                .flatMap(List::stream)
                .filter(plan -> plan.device().id().equals(device))
                .findFirst()
                .flatMap(plan -> adapters.onRequest(device)
                        .map(able -> new TagAccess(plan, able, tag -> tables.described(device, tag), clock::now)));
    }

    /** A look into the outbox. */
    public OutboxView view() {
        return outbox.view();
    }

    /** How far what waits in the outbox is on its way; empty if the forwarder does not answer within a second. */
    public Optional<Forwarding> forwarding() {
        return forwarder
                .forwarding()
                .thenApply(Optional::of)
                .completeOnTimeout(Optional.empty(), 1, TimeUnit.SECONDS)
                .join();
    }

    /** What the outbox holds, for a line of status. */
    public String summary() {
        var balance = outbox.balance();
        return "%s, %,d messages waiting"
                .formatted(publisher.isConnected() ? "connected" : "no broker", balance.pendingMessages());
    }
}
