package io.sluice.adapter.opcua;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.milo.opcua.sdk.client.OperationLimits;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.jspecify.annotations.Nullable;

/**
 * How much one service call may carry: the server's OperationLimits (Part 5 §6.3.11), no more than we ask for where it has
 * none, and less for the rest of the Session after it has refused that much. Any thread.
 */
final class Chunks {

    enum Service {
        READ,
        TRANSLATE,
        BROWSE,
        REGISTER,
        MONITORED_ITEMS,
        HISTORY
    }

    @FunctionalInterface
    interface Call<T, R> {
        /** One result for each. */
        R @Nullable [] on(List<T> chunk) throws UaException;
    }

    private static final int UNLIMITED = 1_000;

    private final Map<Service, AtomicInteger> sizes = new EnumMap<>(Service.class);

    private Chunks() {}

    static Chunks of(OperationLimits limits) {
        Chunks chunks = new Chunks();
        chunks.limit(Service.READ, limits.maxNodesPerRead());
        chunks.limit(Service.TRANSLATE, limits.maxNodesPerTranslateBrowsePathsToNodeIds());
        chunks.limit(Service.BROWSE, limits.maxNodesPerBrowse());
        chunks.limit(Service.REGISTER, limits.maxNodesPerRegisterNodes());
        chunks.limit(Service.MONITORED_ITEMS, limits.maxMonitoredItemsPerCall());
        chunks.limit(Service.HISTORY, limits.maxNodesPerHistoryReadData());
        return chunks;
    }

    static Chunks unlimited() {
        return of(new OperationLimits(null, null, null, null, null, null, null, null, null, null, null, null));
    }

    /** 0 means that the server has no limit. */
    private void limit(Service service, Optional<UInteger> limit) {
        long given = limit.map(UInteger::longValue).orElse(0L);
        sizes.put(service, new AtomicInteger(given == 0 ? UNLIMITED : (int) Math.min(given, UNLIMITED)));
    }

    int size(Service service) {
        return Objects.requireNonNull(sizes.get(service)).get();
    }

    /**
     * After the server has refused a call.
     *
     * @param carried how much that was
     * @return whether it is worth to try with less
     */
    boolean shrink(Service service, int carried, UaException refusal) {
        if (!isTooMuch(refusal) || carried <= 1) {
            return false;
        }
        Objects.requireNonNull(sizes.get(service)).accumulateAndGet(carried / 2, Math::min);
        return true;
    }

    /** Whether less would do. */
    private static boolean isTooMuch(UaException refusal) {
        long code = refusal.getStatusCode().value();
        return code == StatusCodes.Bad_TooManyOperations
                || code == StatusCodes.Bad_RequestTooLarge
                || code == StatusCodes.Bad_ResponseTooLarge
                || code == StatusCodes.Bad_EncodingLimitsExceeded
                || code == StatusCodes.Bad_NoContinuationPoints;
    }

    /** Calls as often as the limits need; the results are in the order of what was asked for. */
    <T, R> List<R> call(Service service, List<T> all, Call<T, R> call) throws UaException {
        List<R> results = new ArrayList<>(all.size());
        while (results.size() < all.size()) {
            List<T> chunk = all.subList(results.size(), Math.min(all.size(), results.size() + size(service)));
            try {
                R @Nullable [] some = call.on(chunk);
                if (some == null || some.length != chunk.size()) {
                    throw new UaException(StatusCodes.Bad_UnexpectedError, "one result for each operation expected");
                }
                results.addAll(Arrays.asList(some));
            } catch (UaException e) {
                if (!shrink(service, chunk.size(), e)) {
                    throw e;
                }
            }
        }
        return results;
    }

    <T> List<List<T>> split(Service service, List<T> all) {
        List<List<T>> chunks = new ArrayList<>();
        int size = size(service);
        for (int from = 0; from < all.size(); from += size) {
            chunks.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return chunks;
    }
}
