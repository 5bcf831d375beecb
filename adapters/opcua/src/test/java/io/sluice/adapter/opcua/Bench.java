package io.sluice.adapter.opcua;

import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.DeviceSink;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;

/** One device on the bench: its plan, its sink, and the adapter that runs it. */
final class Bench implements AutoCloseable {

    /** Impatient, so that no test takes long. */
    static final Timings QUICK = new Timings(
            Duration.ofMillis(400),
            Duration.ofMillis(400),
            Duration.ofMillis(600),
            Duration.ofMillis(200),
            Duration.ofSeconds(8),
            Duration.ofMillis(500),
            Duration.ofMillis(50),
            Duration.ofMillis(300),
            Duration.ofSeconds(2));

    final RecordingSink sink;
    final List<Throwable> bugs = new CopyOnWriteArrayList<>();
    final OpcUaAdapter adapter;

    Bench(OpcUaPlan plan, Path state) {
        this(plan, state, QUICK);
    }

    Bench(OpcUaPlan plan, Path state, Timings timings) {
        this(plan, state, timings, new RecordingSink());
    }

    Bench(OpcUaPlan plan, Path state, Timings timings, DeviceSink receiving) {
        sink = receiving instanceof RecordingSink recording ? recording : new RecordingSink();
        AdapterContext context = new AdapterContext(
                device -> receiving, Bench::now, state, new SplittableRandom(1), (thread, bug) -> bugs.add(bug));
        adapter = OpcUaAdapter.open(List.of(plan), context, timings);
    }

    static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    static OpcUaPlan.Item node(String name) {
        return item(name, new TagAddress.Node(MiloServer.NAMESPACE, new TagAddress.Text(name)));
    }

    static OpcUaPlan.Item item(String name, TagAddress address) {
        return new OpcUaPlan.Item(
                name, address, name, Optional.empty(), Optional.of(Duration.ofMillis(20)), 50, true, Optional.empty());
    }

    /** With a deadband that the server may keep. */
    static OpcUaPlan.Item banded(String name, SourceBand band) {
        OpcUaPlan.Item item = node(name);
        return new OpcUaPlan.Item(
                name,
                item.address(),
                name,
                item.indexRange(),
                item.sampling(),
                item.queue(),
                item.discardOldest(),
                item.poll(),
                item.events(),
                Optional.of(band),
                Optional.empty());
    }

    /** Reported when another does. */
    static OpcUaPlan.Item triggered(String name, int by) {
        OpcUaPlan.Item item = node(name);
        return new OpcUaPlan.Item(
                name,
                item.address(),
                name,
                item.indexRange(),
                item.sampling(),
                1,
                item.discardOldest(),
                item.poll(),
                item.events(),
                item.band(),
                Optional.of(by));
    }

    static OpcUaPlan.Item polled(String name, Duration interval) {
        OpcUaPlan.Item item = node(name);
        return new OpcUaPlan.Item(
                name, item.address(), name, Optional.empty(), Optional.empty(), 1, true, Optional.of(interval));
    }

    /** One tag for each variable that fits, up to the limit, behind those that have an address. */
    static OpcUaPlan following(
            String endpoint, String name, TagAddress.Pattern pattern, int limit, OpcUaPlan.Item... addressed) {
        List<OpcUaPlan.Item> items = new ArrayList<>(Arrays.asList(addressed));
        items.addAll(Collections.nCopies(limit, item(name, pattern)));
        OpcUaPlan plan = plan(endpoint, items.toArray(OpcUaPlan.Item[]::new));
        return new OpcUaPlan(
                plan.device(),
                plan.endpoint(),
                plan.security(),
                plan.identity(),
                plan.acceptExpired(),
                plan.timeout(),
                plan.publishing(),
                plan.items(),
                plan.calls(),
                List.of(new OpcUaPlan.Template(name, pattern, "a pattern", limit, addressed.length)));
    }

    static OpcUaPlan plan(String endpoint, OpcUaPlan.Item... items) {
        return plan(endpoint, Security.NONE, Optional.empty(), items);
    }

    static OpcUaPlan plan(
            String endpoint, Security security, Optional<? extends Identity> identity, OpcUaPlan.Item... items) {
        Mark mark = new Mark("test.yaml", 1, 1);
        Settings nothing = new Settings(mark, Map.of());
        DeviceDefinition device = new DeviceDefinition(
                "press-2",
                mark,
                "opcua",
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                nothing,
                nothing,
                Duration.ofSeconds(1),
                List.of());
        return new OpcUaPlan(
                device,
                endpoint,
                security,
                identity.map(Identity.class::cast),
                false,
                Duration.ofSeconds(2),
                Duration.ofMillis(50),
                new ArrayList<>(Arrays.asList(items)),
                List.of());
    }

    static OpcUaPlan acceptingExpired(OpcUaPlan plan) {
        return new OpcUaPlan(
                plan.device(),
                plan.endpoint(),
                plan.security(),
                plan.identity(),
                true,
                plan.timeout(),
                plan.publishing(),
                plan.items(),
                plan.calls());
    }

    static OpcUaPlan calling(OpcUaPlan plan, OpcUaPlan.Method... methods) {
        return new OpcUaPlan(
                plan.device(),
                plan.endpoint(),
                plan.security(),
                plan.identity(),
                plan.acceptExpired(),
                plan.timeout(),
                plan.publishing(),
                plan.items(),
                List.of(methods));
    }

    @Override
    public void close() {
        adapter.close();
    }
}
