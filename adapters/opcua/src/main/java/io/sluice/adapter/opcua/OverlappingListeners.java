package io.sluice.adapter.opcua;

import io.sluice.profiles.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds devices whose servers are awaited at addresses of which only one can be listened at (reverse connect). It resolves no
 * names, so two names of one host are not found.
 */
final class OverlappingListeners {

    private OverlappingListeners() {}

    static void check(List<OpcUaPlan> plans, Problems problems) {
        Map<ListenAddress, OpcUaPlan> first = new LinkedHashMap<>();
        for (OpcUaPlan plan : plans) {
            plan.connection().reverse().map(OpcUaPlan.ReverseConnect::listen).ifPresent(address -> {
                first.entrySet().stream()
                        .filter(other -> address.overlaps(other.getKey()))
                        .findFirst()
                        .ifPresent(other -> tell(plan, address, other.getKey(), other.getValue(), problems));
                first.putIfAbsent(address, plan);
            });
        }
    }

    private static void tell(
            OpcUaPlan plan, ListenAddress address, ListenAddress other, OpcUaPlan before, Problems problems) {
        problems.error(
                plan.device().connection().mark(OpcUaSettings.LISTEN),
                "reverse-connect.listen: only one of " + address + " and the " + other + " of device '"
                        + before.device().id() + "' ("
                        + before.device().connection().mark(OpcUaSettings.LISTEN)
                        + ") can be listened at: write the same address for both, or another port");
    }
}
