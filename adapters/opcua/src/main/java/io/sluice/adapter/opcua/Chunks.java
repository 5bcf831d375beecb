package io.sluice.adapter.opcua;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.milo.opcua.sdk.client.OperationLimits;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;

/**
 * How much one service call may carry: the server's OperationLimits (Part 5 §6.3.11), and no more than we ask for where it
 * has none.
 */
record Chunks(int perRead, int perTranslate, int perMonitoredItems) {

    private static final int UNLIMITED = 1_000;

    static Chunks of(OperationLimits limits) {
        return new Chunks(
                limit(limits.maxNodesPerRead()),
                limit(limits.maxNodesPerTranslateBrowsePathsToNodeIds()),
                limit(limits.maxMonitoredItemsPerCall()));
    }

    /** 0 means that the server has no limit. */
    private static int limit(Optional<UInteger> limit) {
        long given = limit.map(UInteger::longValue).orElse(0L);
        return given == 0 ? UNLIMITED : (int) Math.min(given, UNLIMITED);
    }

    <T> List<List<T>> of(List<T> all, int size) {
        List<List<T>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            chunks.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return chunks;
    }
}
