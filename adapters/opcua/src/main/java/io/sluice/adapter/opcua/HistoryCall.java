package io.sluice.adapter.opcua;

import java.util.List;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryReadValueId;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadRawModifiedDetails;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;

/**
 * One HistoryRead for the gaps of some tags (Part 11 §6.5.3).
 *
 * @param startNanos UTC nanoseconds
 * @param endNanos UTC nanoseconds
 * @param unanswered how often it was tried in vain
 */
record HistoryCall(long startNanos, long endNanos, List<Page> pages, int unanswered) {

    private static final int VALUES_PER_NODE = 1_000;

    /**
     * One gap on its way.
     *
     * @param joined whether the history has shown the value before the gap
     * @param reachedNanos UTC nanoseconds until when it is filled
     */
    record Page(Gap gap, ReadValueId node, ByteString continuation, boolean joined, long reachedNanos) {}

    HistoryCall of(List<Page> some) {
        return new HistoryCall(startNanos, endNanos, some, 0);
    }

    ReadRawModifiedDetails details() {
        return new ReadRawModifiedDetails(
                false,
                Translation.dateTime(startNanos),
                Translation.dateTime(endNanos),
                UInteger.valueOf(VALUES_PER_NODE),
                false);
    }

    List<HistoryReadValueId> ids() {
        return pages.stream()
                .map(page -> new HistoryReadValueId(
                        page.node().getNodeId(),
                        page.node().getIndexRange(),
                        page.node().getDataEncoding(),
                        page.continuation()))
                .toList();
    }
}
