package io.sluice.outbox;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Devices of which something was lost in the outbox, so that they report every tag once and no receiver keeps a stale value:
 * each at most once a minute. Confined to thread {@code forwarder}.
 */
final class LossNews {

    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** What the outbox lost before it had a number; of other losses the device's own side knew first. */
    private static final Set<LossReason> OWN =
            EnumSet.of(LossReason.EVICTED, LossReason.NOT_STORED, LossReason.HAND_OFF_FULL);

    private final Set<String> devices = new LinkedHashSet<>();
    private final Map<String, Long> toldNanos = new HashMap<>();

    void add(String device) {
        devices.add(device);
    }

    /** A loss record is about to be sent. */
    void look(Row row) {
        if (row.kind() == Row.Kind.LOSS
                && EventCodec.loss(row.body()).readings().keySet().stream().anyMatch(OWN::contains)) {
            add(row.stream().device());
        }
    }

    void tell(Consumer<String> told, long nowNanos) {
        for (Iterator<String> each = devices.iterator(); each.hasNext(); ) {
            String device = each.next();
            Long before = toldNanos.get(device);
            if (before == null || nowNanos - before >= PAUSE_NANOS) {
                toldNanos.put(device, nowNanos);
                each.remove();
                told.accept(device);
            }
        }
    }
}
