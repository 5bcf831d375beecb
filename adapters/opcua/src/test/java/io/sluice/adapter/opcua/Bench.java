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
        return quick(ItemBuilder.node(name)).item();
    }

    static OpcUaPlan.Item item(String name, TagAddress address) {
        return quick(ItemBuilder.of(name, address)).item();
    }

    private static ItemBuilder quick(ItemBuilder item) {
        return item.sampling(Duration.ofMillis(20)).queue(50);
    }

    /** With a deadband that the server may keep. */
    static OpcUaPlan.Item banded(String name, SourceBand band) {
        return quick(ItemBuilder.node(name)).band(band).item();
    }

    /** The same of what fits a pattern. */
    static OpcUaPlan.Item banded(String name, TagAddress.Pattern pattern, SourceBand band) {
        return quick(ItemBuilder.of(name, pattern)).band(band).item();
    }

    /** Reported when another does. */
    static OpcUaPlan.Item triggered(String name, int by) {
        return quick(ItemBuilder.node(name)).queue(1).trigger(by).item();
    }

    static OpcUaPlan.Item polled(String name, Duration interval) {
        return ItemBuilder.node(name).poll(interval).item();
    }

    /** One tag for each variable that fits, up to the limit, behind those that have an address. */
    static OpcUaPlan following(
            String endpoint, String name, TagAddress.Pattern pattern, int limit, OpcUaPlan.Item... addressed) {
        return following(endpoint, item(name, pattern), limit, Duration.ofHours(1), addressed);
    }

    /**
     * The same.
     *
     * @param place what each of these tags is; its address is the pattern
     */
    static OpcUaPlan following(
            String endpoint, OpcUaPlan.Item place, int limit, Duration follow, OpcUaPlan.Item... addressed) {
        List<OpcUaPlan.Item> items = new ArrayList<>(Arrays.asList(addressed));
        items.addAll(Collections.nCopies(limit, place));
        OpcUaPlan plan = plan(endpoint, items.toArray(OpcUaPlan.Item[]::new));
        OpcUaPlan.Template template = new OpcUaPlan.Template(
                place.name(), (TagAddress.Pattern) place.address(), "a pattern", limit, follow, addressed.length);
        return with(plan, plan.connection(), List.of(), List.of(template));
    }

    static OpcUaPlan plan(String endpoint, OpcUaPlan.Item... items) {
        return plan("press-2", connection(endpoint), items);
    }

    static OpcUaPlan plan(
            String endpoint, Security security, Optional<? extends Identity> identity, OpcUaPlan.Item... items) {
        return plan("press-2", connection(endpoint, security, identity), items);
    }

    static OpcUaPlan plan(String device, OpcUaPlan.Connection connection, OpcUaPlan.Item... items) {
        Mark mark = new Mark("test.yaml", 1, 1);
        return new OpcUaPlan(
                DeviceDefinition.bare(device, mark, "opcua", new Settings(mark, Map.of())),
                connection,
                Duration.ofMillis(50),
                Arrays.asList(items),
                List.of(),
                List.of());
    }

    static OpcUaPlan.Connection connection(String endpoint) {
        return connection(endpoint, Security.NONE, Optional.empty());
    }

    static OpcUaPlan.Connection connection(String endpoint, Security security, Optional<? extends Identity> identity) {
        return new OpcUaPlan.Connection(
                endpoint, security, identity.map(Identity.class::cast), false, Duration.ofSeconds(2), Optional.empty());
    }

    static OpcUaPlan acceptingExpired(OpcUaPlan plan) {
        OpcUaPlan.Connection with = plan.connection();
        return with(
                plan,
                new OpcUaPlan.Connection(
                        with.endpoint(), with.security(), with.identity(), true, with.timeout(), with.reverse()),
                plan.calls(),
                plan.templates());
    }

    /** The same device, whose server connects to the gateway. */
    static OpcUaPlan awaited(OpcUaPlan plan, OpcUaPlan.ReverseConnect reverse) {
        OpcUaPlan.Connection with = plan.connection();
        return with(
                plan,
                new OpcUaPlan.Connection(
                        with.endpoint(),
                        with.security(),
                        with.identity(),
                        with.acceptExpired(),
                        with.timeout(),
                        Optional.of(reverse)),
                plan.calls(),
                plan.templates());
    }

    static OpcUaPlan calling(OpcUaPlan plan, OpcUaPlan.Method... methods) {
        return with(plan, plan.connection(), List.of(methods), plan.templates());
    }

    private static OpcUaPlan with(
            OpcUaPlan plan,
            OpcUaPlan.Connection connection,
            List<OpcUaPlan.Method> calls,
            List<OpcUaPlan.Template> templates) {
        return new OpcUaPlan(plan.device(), connection, plan.publishing(), plan.items(), calls, templates);
    }

    @Override
    public void close() {
        adapter.close();
    }
}
