package io.sluice.adapter.opcua;

import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.Value;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of one device, one after the other on the virtual thread {@code opcua-<device>-requests}. Uses the Session
 * of its {@link DeviceLink}, while there is one.
 */
final class Requests implements AutoCloseable {

    private final OpcUaPlan plan;
    private final ExecutorService executor;
    private volatile @Nullable RequestedTags tags;

    Requests(OpcUaPlan plan) {
        this.plan = plan;
        this.executor = Executors.newSingleThreadExecutor(Thread.ofVirtual()
                .name("opcua-" + plan.device().id() + "-requests")
                .factory());
    }

    /** Any thread. */
    void connected(RequestedTags access) {
        tags = access;
    }

    /** Any thread. What is under way ends with the Session. */
    void disconnected() {
        tags = null;
    }

    CompletionStage<List<Sample>> read(List<Integer> wanted) {
        wanted.forEach(this::check);
        return answer(() -> {
            @Nullable RequestedTags access = tags;
            return access == null ? wanted.stream().map(Requests::unreachable).toList() : access.read(wanted);
        });
    }

    private static Sample unreachable(int tag) {
        return new Sample(tag, null, Status.bad(SluiceCode.DEVICE_UNREACHABLE), Sample.NO_TIME);
    }

    CompletionStage<WriteResult> write(int tag, Value value) {
        check(tag);
        return answer(() -> {
            @Nullable RequestedTags access = tags;
            return access == null ? notConnected() : access.write(tag, value);
        });
    }

    CompletionStage<WriteResult> call(String name, List<Value> arguments) {
        OpcUaPlan.Method method = plan.calls().stream()
                .filter(call -> call.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(plan.device().id() + " has no method " + name));
        return answer(() -> {
            @Nullable RequestedTags access = tags;
            return access == null ? notConnected() : access.call(method, arguments);
        });
    }

    private WriteResult notConnected() {
        return new WriteResult.Failed(
                Status.bad(SluiceCode.DEVICE_UNREACHABLE),
                "not connected to " + plan.connection().endpoint() + ", nothing was sent");
    }

    private void check(int tag) {
        if (tag < 0 || tag >= plan.items().size()) {
            throw new IllegalArgumentException(plan.device().id() + " has no tag " + tag);
        }
    }

    /** After the end everything is answered at once, as by a device that is not connected. */
    private <T> CompletionStage<T> answer(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedStage(work.get());
        }
    }

    /** Interrupts what is under way, and answers what waits. */
    @Override
    public void close() {
        tags = null;
        executor.shutdownNow().forEach(Runnable::run);
    }
}
