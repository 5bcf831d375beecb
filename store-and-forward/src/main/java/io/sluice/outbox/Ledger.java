package io.sluice.outbox;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** The counters of the database, as of one commit. A transaction works on a copy. Not thread-safe. */
final class Ledger {

    long commits;
    long nextPosition = 1;
    long nextRange = 1;
    long storedMessages;
    long storedReadings;
    long acknowledgedMessages;
    long acknowledgedReadings;
    long pendingMessages;
    long pendingReadings;
    long pendingBytes;

    private final long[] beforeStoring = new long[LossReason.values().length];
    private final long[] lostMessages = new long[LossReason.values().length];
    private final long[] lostReadings = new long[LossReason.values().length];

    Ledger copy() {
        Ledger copy = new Ledger();
        copy.commits = commits;
        copy.nextPosition = nextPosition;
        copy.nextRange = nextRange;
        copy.storedMessages = storedMessages;
        copy.storedReadings = storedReadings;
        copy.acknowledgedMessages = acknowledgedMessages;
        copy.acknowledgedReadings = acknowledgedReadings;
        copy.pendingMessages = pendingMessages;
        copy.pendingReadings = pendingReadings;
        copy.pendingBytes = pendingBytes;
        System.arraycopy(beforeStoring, 0, copy.beforeStoring, 0, beforeStoring.length);
        System.arraycopy(lostMessages, 0, copy.lostMessages, 0, lostMessages.length);
        System.arraycopy(lostReadings, 0, copy.lostReadings, 0, lostReadings.length);
        return copy;
    }

    void stored(Row row) {
        storedMessages++;
        storedReadings += row.readings();
        pendingMessages++;
        pendingReadings += row.readings();
        pendingBytes += row.bytes();
    }

    void acknowledged(int readings, long bytes) {
        acknowledgedMessages++;
        acknowledgedReadings += readings;
        left(1, readings, bytes);
    }

    void lost(LossReason reason, long messages, long readings, long bytes) {
        lostMessages[reason.ordinal()] += messages;
        lostReadings[reason.ordinal()] += readings;
        left(messages, readings, bytes);
    }

    void lostBeforeStoring(LossReason reason, long readings) {
        beforeStoring[reason.ordinal()] += readings;
    }

    private void left(long messages, long readings, long bytes) {
        pendingMessages -= messages;
        pendingReadings -= readings;
        pendingBytes -= bytes;
    }

    /** Sets what the database holds for a reason. */
    void load(LossReason reason, long before, long messages, long readings) {
        beforeStoring[reason.ordinal()] = before;
        lostMessages[reason.ordinal()] = messages;
        lostReadings[reason.ordinal()] = readings;
    }

    long lostBeforeStoring(LossReason reason) {
        return beforeStoring[reason.ordinal()];
    }

    long lostMessages(LossReason reason) {
        return lostMessages[reason.ordinal()];
    }

    long lostReadings(LossReason reason) {
        return lostReadings[reason.ordinal()];
    }

    boolean sameLosses(LossReason reason, Ledger other) {
        int i = reason.ordinal();
        return beforeStoring[i] == other.beforeStoring[i]
                && lostMessages[i] == other.lostMessages[i]
                && lostReadings[i] == other.lostReadings[i];
    }

    /** Readings lost before storing, for all reasons. */
    long lostBeforeStoring() {
        long total = 0;
        for (long readings : beforeStoring) {
            total += readings;
        }
        return total;
    }

    Balance balance(long offered, long inHandOff, Map<LossReason, Long> notYetRecorded) {
        Map<LossReason, Long> before = byReason(beforeStoring);
        notYetRecorded.forEach((reason, readings) -> before.merge(reason, readings, Long::sum));
        return new Balance(
                offered,
                storedReadings,
                acknowledgedReadings,
                pendingReadings,
                inHandOff,
                Collections.unmodifiableMap(before),
                Collections.unmodifiableMap(byReason(lostReadings)),
                storedMessages,
                acknowledgedMessages,
                pendingMessages,
                Collections.unmodifiableMap(byReason(lostMessages)),
                pendingBytes);
    }

    private static Map<LossReason, Long> byReason(long[] counts) {
        Map<LossReason, Long> map = new EnumMap<>(LossReason.class);
        for (LossReason reason : LossReason.values()) {
            if (counts[reason.ordinal()] != 0) {
                map.put(reason, counts[reason.ordinal()]);
            }
        }
        return map;
    }
}
