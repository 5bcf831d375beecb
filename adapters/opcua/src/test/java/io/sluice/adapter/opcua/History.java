package io.sluice.adapter.opcua;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryData;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryReadDetails;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryReadResult;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryReadValueId;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadRawModifiedDetails;

/** What a plant's historian keeps, whether or not the server of the tests runs. Gives at most 50 values at a time. */
final class History {

    private static final int PAGE = 50;

    private final Map<String, List<DataValue>> values = new ConcurrentHashMap<>();
    private final int places;
    private int taken;

    History() {
        this(Integer.MAX_VALUE);
    }

    /**
     * @param places how many reads may have been begun and not ended at a time
     */
    History(int places) {
        this.places = places;
    }

    /** In the order of their times. */
    void keep(String name, DataValue value) {
        List<DataValue> kept = values.computeIfAbsent(name, n -> new ArrayList<>());
        synchronized (kept) {
            kept.add(value);
        }
    }

    synchronized HistoryReadResult read(OpcUaServer server, HistoryReadDetails details, HistoryReadValueId id) {
        ReadRawModifiedDetails raw = (ReadRawModifiedDetails) details;
        List<DataValue> kept =
                values.getOrDefault(id.getNodeId().getIdentifier().toString(), List.of());
        List<DataValue> found;
        synchronized (kept) {
            found = kept.stream()
                    .filter(value -> isWithin(Objects.requireNonNull(value.sourceTime()), raw))
                    .toList();
        }
        if (found.isEmpty()) {
            return new HistoryReadResult(new StatusCode(StatusCodes.Good_NoData), null, null);
        }
        ByteString continuation = id.getContinuationPoint();
        int from = continuation == null || continuation.isNullOrEmpty()
                ? 0
                : ByteBuffer.wrap(continuation.bytesOrEmpty()).getInt();
        int to = Math.min(found.size(), from + PAGE);
        int needed = (to < found.size() ? 1 : 0) - (from > 0 ? 1 : 0);
        if (taken + needed > places) {
            return new HistoryReadResult(new StatusCode(StatusCodes.Bad_NoContinuationPoints), null, null);
        }
        taken += needed;
        ByteString next = to == found.size()
                ? ByteString.NULL_VALUE
                : ByteString.of(ByteBuffer.allocate(4).putInt(to).array());
        HistoryData page = new HistoryData(found.subList(from, to).toArray(DataValue[]::new));
        return new HistoryReadResult(
                StatusCode.GOOD, next, ExtensionObject.encode(server.getStaticEncodingContext(), page));
    }

    private static boolean isWithin(DateTime time, ReadRawModifiedDetails raw) {
        return time.utcTime() >= raw.getStartTime().utcTime()
                && time.utcTime() < raw.getEndTime().utcTime();
    }
}
