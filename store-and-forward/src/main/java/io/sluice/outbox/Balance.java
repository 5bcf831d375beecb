package io.sluice.outbox;

import java.util.Map;

/**
 * offered = stored + lost before storing + in hand-off; stored = acknowledged + pending + lost by reason. Since the
 * database was made. Messages count everything with a sequence, readings count data.
 */
public record Balance(
        long offeredReadings,
        long storedReadings,
        long acknowledgedReadings,
        long pendingReadings,
        long inHandOffReadings,
        Map<LossReason, Long> lostReadingsBeforeStoring,
        Map<LossReason, Long> lostReadings,
        long storedMessages,
        long acknowledgedMessages,
        long pendingMessages,
        Map<LossReason, Long> lostMessages,
        long storedBytes) {}
