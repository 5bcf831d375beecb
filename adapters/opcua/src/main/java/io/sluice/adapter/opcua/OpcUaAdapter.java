package io.sluice.adapter.opcua;

import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.OnRequest;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Value;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** All OPC UA devices of the gateway. */
final class OpcUaAdapter implements Adapter, OnRequest {

    private static final Duration LONGEST_CLOSE = Duration.ofMillis(2_800);

    private final MiloRuntime runtime;
    private final Map<String, DeviceLink> links;

    private OpcUaAdapter(MiloRuntime runtime, Map<String, DeviceLink> links) {
        this.runtime = runtime;
        this.links = Map.copyOf(links);
    }

    static OpcUaAdapter open(List<OpcUaPlan> plans, AdapterContext context, Timings timings) {
        MiloRuntime runtime = new MiloRuntime();
        Certificates certificates = new Certificates(context.stateDirectory().resolve("opcua"));
        Map<String, DeviceLink> links = new LinkedHashMap<>();
        for (OpcUaPlan plan : plans) {
            Connector connector = new Connector(plan, runtime, certificates, timings);
            SplittableRandom random = new SplittableRandom(context.random().nextLong());
            links.put(plan.device().id(), new DeviceLink(plan, connector, timings, context, random));
        }
        links.values().forEach(DeviceLink::start);
        return new OpcUaAdapter(runtime, links);
    }

    @Override
    public CompletionStage<List<Sample>> read(String device, List<Integer> tags) {
        return link(device).requests().read(tags);
    }

    @Override
    public CompletionStage<WriteResult> write(String device, int tag, Value value) {
        return link(device).requests().write(tag, value);
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
        runtime.close();
    }
}
