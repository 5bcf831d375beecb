package io.sluice.adapter.opcua;

import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.CallsMethods;
import io.sluice.adapter.OnRequest;
import io.sluice.adapter.Sample;
import io.sluice.adapter.Warns;
import io.sluice.telemetry.Value;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All OPC UA devices of the gateway. */
final class OpcUaAdapter implements Adapter, OnRequest, CallsMethods, Warns {

    private static final Logger LOG = LoggerFactory.getLogger(OpcUaAdapter.class);
    private static final Duration EXPIRY_CHECK = Duration.ofHours(1);
    private static final Duration LONGEST_CLOSE = Duration.ofMillis(2_800);

    private final MiloRuntime runtime;
    private final List<ReverseListener> listeners;
    private final Map<String, DeviceLink> links;
    private final Expiry expiry;

    private OpcUaAdapter(
            MiloRuntime runtime, List<ReverseListener> listeners, Map<String, DeviceLink> links, Expiry expiry) {
        this.runtime = runtime;
        this.listeners = List.copyOf(listeners);
        this.links = Map.copyOf(links);
        this.expiry = expiry;
    }

    static OpcUaAdapter open(List<OpcUaPlan> plans, AdapterContext context, Timings timings) {
        MiloRuntime runtime = new MiloRuntime();
        Certificates certificates = Certificates.ofGateway(
                context.stateDirectory(), plans.getFirst().device().mark().file());
        Expiry expiry = new Expiry(context.clock(), LOG::warn);
        List<ReverseListener> listeners = ReverseListener.of(plans, runtime.loop(), timings);
        Map<String, DeviceLink> links = new LinkedHashMap<>();
        for (OpcUaPlan plan : plans) {
            Connector connector =
                    new Connector(plan, Approach.of(plan, runtime, listeners), certificates, expiry, timings);
            SplittableRandom random = new SplittableRandom(context.random().nextLong());
            links.put(plan.device().id(), new DeviceLink(plan, connector, timings, context, random));
        }
        links.values().forEach(DeviceLink::start);
        runtime.every(EXPIRY_CHECK, expiry::check);
        return new OpcUaAdapter(runtime, listeners, links, expiry);
    }

    @Override
    public Map<String, Integer> found(String device) {
        return link(device).found();
    }

    @Override
    public CompletionStage<List<Sample>> read(String device, List<Integer> tags) {
        return link(device).requests().read(tags);
    }

    @Override
    public CompletionStage<WriteResult> write(String device, int tag, Value value) {
        return link(device).requests().write(tag, value);
    }

    @Override
    public CompletionStage<WriteResult> call(String device, String method, List<Value> arguments) {
        return link(device).requests().call(method, arguments);
    }

    @Override
    public List<String> warnings(String device) {
        return expiry.warnings(device);
    }

    private DeviceLink link(String device) {
        @Nullable DeviceLink link = links.get(device);
        if (link == null) {
            throw new IllegalArgumentException("no OPC UA device '" + device + "'");
        }
        return link;
    }

    @Override
    public void close() {
        List<Thread> closers = links.values().stream()
                .map(link -> Thread.ofVirtual().name("opcua-close").start(link::close))
                .toList();
        long deadline = System.nanoTime() + LONGEST_CLOSE.toNanos();
        try {
            for (Thread closer : closers) {
                long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
                closer.join(Duration.ofMillis(left));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listeners.forEach(ReverseListener::close);
        runtime.close();
    }
}
