package io.sluice.adapter.modbus;

import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.OnRequest;
import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** An open adapter and what it delivers. Closing fails the test if the adapter reported a bug. */
final class Running implements AutoCloseable {

    private final Map<String, RecordingSink> sinks = new ConcurrentHashMap<>();
    private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
    private final Adapter adapter;

    private Running(List<DevicePlan> plans) {
        AdapterContext context = new AdapterContext(
                this::of,
                () -> System.currentTimeMillis() * 1_000_000,
                Path.of("target"),
                new SplittableRandom(42),
                (thread, bug) -> bugs.add(bug));
        this.adapter = new ModbusAdapterFactory().open(plans, context);
    }

    static Running open(DevicePlan... plans) {
        return new Running(List.of(plans));
    }

    static Running open(List<? extends DevicePlan> plans) {
        return new Running(List.copyOf(plans));
    }

    RecordingSink of(String device) {
        return sinks.computeIfAbsent(device, _ -> new RecordingSink());
    }

    List<Sample> read(String device, List<Integer> tags) throws Exception {
        return startRead(device, tags).get(10, TimeUnit.SECONDS);
    }

    CompletableFuture<List<Sample>> startRead(String device, List<Integer> tags) {
        return ((OnRequest) adapter).read(device, tags).toCompletableFuture();
    }

    WriteResult write(String device, int tag, Value value) throws Exception {
        return startWrite(device, tag, value).get(10, TimeUnit.SECONDS);
    }

    CompletableFuture<WriteResult> startWrite(String device, int tag, Value value) {
        return ((OnRequest) adapter).write(device, tag, value).toCompletableFuture();
    }

    @Override
    public void close() {
        adapter.close();
        if (!bugs.isEmpty()) {
            throw new AssertionError("the adapter reported a bug", bugs.getFirst());
        }
    }
}
