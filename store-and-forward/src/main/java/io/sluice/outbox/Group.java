package io.sluice.outbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * All that goes with one commit. Filled under the lock of {@link HandOff}, then {@code outbox-writer}'s, which keeps it until
 * the commit has succeeded, however often it is tried.
 */
final class Group {

    record Pending(String device, Entry entry) {
        long bytes() {
            return switch (entry) {
                case Entry.Data data -> data.body().length + (long) Row.OVERHEAD_BYTES;
                case Entry.ClockStep step -> step.body().length + (long) Row.OVERHEAD_BYTES;
            };
        }

        int readings() {
            return entry instanceof Entry.Data data ? data.readings() : 0;
        }
    }

    record Rejection(long position, String reason) {}

    record Binding(String device, byte[] key, CompletableFuture<Integer> number) {}

    /** What is asked of the command ledger. */
    sealed interface CommandRequest {

        record Accept(String id, long expiresNanos, CompletableFuture<CommandLedger.Acceptance> answer)
                implements CommandRequest {}

        record Finish(String id, byte[] result, CompletableFuture<Void> answer) implements CommandRequest {}
    }

    /** The file of that generation cannot be read any more. */
    record Damage(SQLException cause, int generation) {}

    final List<Pending> entries = new ArrayList<>();
    final Map<String, LossTally> losses = new HashMap<>();
    final List<Row> acknowledgedRows = new ArrayList<>();
    final List<Long> acknowledged = new ArrayList<>();
    final List<Rejection> rejections = new ArrayList<>();
    final List<Binding> bindings = new ArrayList<>();
    final List<CommandRequest> commands = new ArrayList<>();
    final List<StreamKey> opened = new ArrayList<>();
    final List<CompletableFuture<Void>> done = new ArrayList<>();
    long bytes;
    long readings;
    boolean last;
    /** What a reader found; null if nothing. */
    @Nullable
    Damage damage;

    /** Acknowledgements and rejections. */
    int outcomes() {
        return acknowledgedRows.size() + acknowledged.size() + rejections.size();
    }

    /** Whether somebody waits for it. */
    boolean isUrgent() {
        return !bindings.isEmpty() || !commands.isEmpty() || !done.isEmpty() || last || damage != null;
    }

    /** Leaves what can wait to another group. */
    void leaveTo(Group later) {
        later.losses.putAll(losses);
        losses.clear();
        later.acknowledgedRows.addAll(acknowledgedRows);
        acknowledgedRows.clear();
        later.acknowledged.addAll(acknowledged);
        acknowledged.clear();
        later.rejections.addAll(rejections);
        rejections.clear();
    }
}
