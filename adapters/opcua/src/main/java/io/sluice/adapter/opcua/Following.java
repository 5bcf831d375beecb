package io.sluice.adapter.opcua;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the patterns of a device are walked again while its Session stands: at their intervals, and soon after the server has
 * said that its address space changed. No more than a tenth of the time is spent on it. The walk has a thread of its own,
 * {@code opcua-<device>-walk}, since the {@link DeviceLink} has polls to do meanwhile; the rest is confined to that one's.
 */
final class Following implements Agenda.Work {

    private static final Logger LOG = LoggerFactory.getLogger(Following.class);

    /** Changes come in droves. */
    private static final long SETTLE_NANOS = 1_000_000_000;

    private static final int PAUSES_PER_WALK = 9;

    private final OpcUaPlan plan;
    private final Walk walk;
    private final Subscriptions.Events events;
    private final Map<OpcUaPlan.Template, Long> dueNanos = new HashMap<>();
    private @Nullable Walking walking;
    private long pausedUntilNanos = System.nanoTime();

    /** A look at the server's address space. */
    @FunctionalInterface
    interface Walk {
        PatternWalker.Found of(TagAddress.Pattern pattern) throws UaException;
    }

    /** What a walk has found. */
    record Walked(OpcUaPlan.Template template, PatternWalker.Found found) {}

    private static final class Walking {
        private final List<OpcUaPlan.Template> templates;
        private final long begunNanos = System.nanoTime();
        private final CompletableFuture<List<Walked>> result = new CompletableFuture<>();
        private boolean outdated;

        private Walking(List<OpcUaPlan.Template> templates) {
            this.templates = templates;
        }
    }

    Following(OpcUaPlan plan, Walk walk, Subscriptions.Events events) {
        this.plan = plan;
        this.walk = walk;
        this.events = events;
    }

    /** Walks all patterns now. Blocks. */
    List<Walked> walkAll() throws UaException {
        long begun = System.nanoTime();
        List<Walked> walked = walk(plan.templates());
        rest(plan.templates(), begun, System.nanoTime(), false);
        return walked;
    }

    private List<Walked> walk(List<OpcUaPlan.Template> templates) throws UaException {
        List<Walked> walked = new ArrayList<>(templates.size());
        for (OpcUaPlan.Template template : templates) {
            walked.add(new Walked(template, walk.of(template.pattern())));
        }
        return walked;
    }

    private void rest(List<OpcUaPlan.Template> templates, long begun, long now, boolean again) {
        pausedUntilNanos = now + PAUSES_PER_WALK * (now - begun);
        for (OpcUaPlan.Template template : templates) {
            long wanted = now + (again ? SETTLE_NANOS : template.follow().toNanos());
            dueNanos.put(template, later(wanted, pausedUntilNanos));
        }
    }

    private static long later(long one, long other) {
        return one - other >= 0 ? one : other;
    }

    /** The address space is another one, or may be. */
    void changed(long now) {
        if (walking != null) {
            walking.outdated = true;
        }
        long soon = later(now + SETTLE_NANOS, pausedUntilNanos);
        dueNanos.replaceAll((_, due) -> due - soon < 0 ? due : soon);
    }

    @Override
    public long untilNext(long now) {
        return walking != null
                ? Agenda.NEVER
                : dueNanos.values().stream().mapToLong(due -> due - now).min().orElse(Agenda.NEVER);
    }

    /** Begins to walk what is due; {@link LinkEvent.Walked} says that it is done. */
    @Override
    public void run(long now) {
        if (untilNext(now) > 0) {
            return;
        }
        Walking begun = new Walking(plan.templates().stream()
                .filter(template -> dueNanos.getOrDefault(template, now) - now <= 0)
                .toList());
        walking = begun;
        Thread.ofVirtual().name("opcua-" + plan.device().id() + "-walk").start(() -> run(begun));
    }

    private void run(Walking begun) {
        try {
            begun.result.complete(walk(begun.templates));
        } catch (UaException | RuntimeException | Error e) {
            begun.result.completeExceptionally(e);
        }
        events.add(new LinkEvent.Walked());
    }

    /** Forgets what the walk that is done has found, and walks again. */
    void drop() {
        changed(System.nanoTime());
        walking = null;
    }

    /** What the walk that is done has found; nothing if the server did not let it. */
    List<Walked> take(long now) {
        @Nullable Walking done = walking;
        if (done == null) {
            return List.of();
        }
        walking = null;
        rest(done.templates, done.begunNanos, now, done.outdated);
        try {
            return done.result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UaException failure) {
                LOG.debug("{}: patterns cannot be followed now", plan.device().id(), failure);
                return List.of();
            }
            throw e;
        }
    }
}
