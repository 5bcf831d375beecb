package io.sluice.adapter.opcua;

import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** All OPC UA devices of the gateway. */
final class OpcUaAdapter implements Adapter {

    private static final Duration LONGEST_CLOSE = Duration.ofMillis(2_800);

    private final MiloRuntime runtime;
    private final List<DeviceLink> links;

    private OpcUaAdapter(MiloRuntime runtime, List<DeviceLink> links) {
        this.runtime = runtime;
        this.links = List.copyOf(links);
    }

    static OpcUaAdapter open(List<OpcUaPlan> plans, AdapterContext context, Timings timings) {
        MiloRuntime runtime = new MiloRuntime();
        Certificates certificates = new Certificates(context.stateDirectory().resolve("opcua"));
        List<DeviceLink> links = new ArrayList<>();
        for (OpcUaPlan plan : plans) {
            Connector connector = new Connector(plan, runtime, certificates, timings);
            SplittableRandom random = new SplittableRandom(context.random().nextLong());
            links.add(new DeviceLink(plan, connector, timings, context, random));
        }
        links.forEach(DeviceLink::start);
        return new OpcUaAdapter(runtime, links);
    }

    @Override
    public void close() {
        List<Thread> closers = links.stream()
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
