package io.sluice.outbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What of a group goes into the outbox, and what has to leave for it: limits of size and age, and the losses that come of
 * them. Confined to thread {@code outbox-writer}.
 */
final class Admission {

    private final Store store;
    private final OutboxSettings settings;
    private final SpaceGuard space;
    private final Supplier<Set<String>> openedDevices;
    private Map<String, LossTally> refused = new HashMap<>();

    /** @param openedDevices whose opening heartbeat was announced in this run */
    Admission(Store store, OutboxSettings settings, SpaceGuard space, Supplier<Set<String>> openedDevices) {
        this.store = store;
        this.settings = settings;
        this.space = space;
        this.openedDevices = openedDevices;
    }

    /** Losses of the last group that are to be recorded later. */
    Map<String, LossTally> refused() {
        return refused;
    }

    /**
     * Makes the changes of a group in a transaction.
     *
     * @return the numbers of its bindings
     */
    List<Integer> admit(Group group, Transaction transaction) throws SQLException {
        group.acknowledgedRows.forEach(transaction.departures()::acknowledge);
        for (long position : group.acknowledged) {
            transaction.departures().acknowledge(position);
        }
        for (Group.Rejection rejection : group.rejections) {
            transaction.departures().reject(rejection.position(), rejection.reason());
        }
        transaction.departures().deleteLeaving();
        group.opened.forEach(transaction::opened);
        List<Integer> bound = new ArrayList<>();
        for (Group.Binding binding : group.bindings) {
            bound.add(transaction.bind(binding.device(), binding.key()));
        }
        for (Group.CommandRequest request : group.commands) {
            transaction.handle(request);
        }
        appendAll(group, transaction);
        return bound;
    }

    private void appendAll(Group group, Transaction transaction) throws SQLException {
        long most = space.limitBytes();
        refused = new HashMap<>();
        if (settings.maxAge().isPresent()) {
            transaction
                    .departures()
                    .expire(store.ageMillis() - settings.maxAge().get().toMillis());
        }
        long toCome = group.bytes;
        for (Group.Pending pending : group.entries) {
            if (makeRoom(pending, toCome, transaction, most)) {
                transaction.append(pending.device(), pending.entry());
            } else {
                refuse(pending);
            }
            toCome -= pending.bytes();
        }
        recordLosses(group, transaction);
        transaction.endEpochs();
        if (transaction.beginsStreams()) {
            transaction.opened(openedDevices.get());
        }
        if (settings.whenFull() == OutboxSettings.WhenFull.DROP_OLDEST && transaction.ledger.pendingBytes > most) {
            transaction.insertRows();
            transaction.departures().evictDownTo(most);
        }
    }

    /**
     * Drops the oldest rows before the new one is written, so that its pages are theirs; some more at once if more is to
     * come.
     */
    private boolean makeRoom(Group.Pending pending, long toCome, Transaction transaction, long most)
            throws SQLException {
        if (transaction.ledger.pendingBytes + pending.bytes() <= most) {
            return true;
        }
        if (settings.whenFull() == OutboxSettings.WhenFull.DROP_NEWEST) {
            return false;
        }
        transaction.insertRows();
        transaction.departures().evictDownTo(Math.max(0, most - Math.max(pending.bytes(), Math.min(toCome, most / 8))));
        return true;
    }

    private void refuse(Group.Pending pending) {
        long now = store.host().wallNanos().getAsLong();
        tallyOf(refused, pending.device()).add(LossReason.EVICTED, pending.readings(), now, now);
    }

    /** While the outbox refuses what is new, its loss events would only make it fuller: they wait for room. */
    private void recordLosses(Group group, Transaction transaction) {
        Map<String, LossTally> due = new HashMap<>();
        group.losses.forEach((device, tally) -> tallyOf(due, device).addAll(tally));
        refused.forEach((device, tally) -> tallyOf(due, device).addAll(tally));
        if (isNearlyFull(transaction) && !group.last) {
            refused = due;
        } else {
            refused = new HashMap<>();
            due.forEach(transaction::loss);
        }
    }

    private static LossTally tallyOf(Map<String, LossTally> tallies, String device) {
        return tallies.computeIfAbsent(device, none -> new LossTally());
    }

    private boolean isNearlyFull(Transaction transaction) {
        return settings.whenFull() == OutboxSettings.WhenFull.DROP_NEWEST
                && (!refused.isEmpty() || transaction.ledger.pendingBytes > space.limitBytes() / 10 * 9);
    }
}
