package io.sluice.outbox;

import java.util.EnumMap;
import java.util.Map;

/** How many readings were offered, and where those are that are not yet in the ledger. Guarded by {@link HandOff}. */
final class Offered {

    private long readings;
    private Ledger committed;
    private long takenReadings;
    private Map<LossReason, Long> takenLosses = new EnumMap<>(LossReason.class);

    Offered(Ledger committed) {
        this.committed = committed;
        this.readings = committed.storedReadings + committed.lostBeforeStoring();
    }

    void add(long more) {
        readings += more;
    }

    /** The group is on its way to the disk. */
    void taken(Group group) {
        takenReadings = group.readings;
        takenLosses = sum(group.losses);
    }

    /** The group that was taken is in the ledger. */
    void settled(Ledger ledger) {
        committed = ledger;
        takenReadings = 0;
        takenLosses = new EnumMap<>(LossReason.class);
    }

    /**
     * @param next what waits for the next commit
     * @param carried losses that are to be recorded later
     */
    Balance balance(Group next, Map<String, LossTally> carried) {
        Map<LossReason, Long> notYetRecorded = sum(next.losses);
        sum(carried).forEach((reason, count) -> notYetRecorded.merge(reason, count, Long::sum));
        takenLosses.forEach((reason, count) -> notYetRecorded.merge(reason, count, Long::sum));
        return committed.balance(readings, takenReadings + next.readings, notYetRecorded);
    }

    private static Map<LossReason, Long> sum(Map<String, LossTally> losses) {
        Map<LossReason, Long> sum = new EnumMap<>(LossReason.class);
        losses.values().forEach(tally -> tally.readings().forEach((reason, n) -> sum.merge(reason, n, Long::sum)));
        return sum;
    }
}
