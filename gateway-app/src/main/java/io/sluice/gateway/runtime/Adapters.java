package io.sluice.gateway.runtime;

import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.CountsPolls;
import io.sluice.adapter.CountsPolls.Polls;
import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.OnRequest;
import io.sluice.adapter.Warns;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The running side of every protocol, and which of them has a device. Thread-safe. */
final class Adapters {

    private final List<Adapter> open = new CopyOnWriteArrayList<>();
    private final Map<String, Adapter> byDevice = new ConcurrentHashMap<>();

    void open(AdapterFactory factory, List<DevicePlan> devices, AdapterContext context) {
        Adapter adapter = factory.open(devices, context);
        open.add(adapter);
        devices.forEach(plan -> byDevice.put(plan.device().id(), adapter));
    }

    /** What was counted of the device's polls, where its protocol asks at intervals. */
    Optional<Polls> polls(String device) {
        return byDevice.get(device) instanceof CountsPolls counting ? counting.polls(device) : Optional.empty();
    }

    /** What somebody should look after, where the protocol knows. */
    List<String> warnings(String device) {
        return byDevice.get(device) instanceof Warns warning ? warning.warnings(device) : List.of();
    }

    /** Reading and writing on request; empty if the device's protocol cannot, or it is not open yet. */
    Optional<OnRequest> onRequest(String device) {
        return byDevice.get(device) instanceof OnRequest able ? Optional.of(able) : Optional.empty();
    }

    void close() {
        open.parallelStream().forEach(Adapter::close);
    }
}
