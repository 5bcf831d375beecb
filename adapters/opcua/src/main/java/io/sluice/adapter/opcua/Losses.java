package io.sluice.adapter.opcua;

import io.sluice.adapter.SampleQueue;
import io.sluice.telemetry.Message.LossReason;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names what is lost for good in one Session, once a minute at most: a loss makes every tag report, whatever its deadband.
 * What is lost meanwhile is named with the next. Confined to the thread of its {@link DeviceLink}.
 */
final class Losses implements Agenda.Work {

    private static final Logger LOG = LoggerFactory.getLogger(Losses.class);
    private static final Duration BETWEEN = Duration.ofMinutes(1);

    private final String device;
    private final Backfill backfill;
    private final SampleQueue samples;
    private long nextNanos = System.nanoTime();

    Losses(String device, Backfill backfill, SampleQueue samples) {
        this.device = device;
        this.backfill = backfill;
        this.samples = samples;
    }

    /** Not before the history has been asked for all that it may have. */
    @Override
    public long untilNext(long now) {
        return backfill.isIdle() && backfill.hasLost() ? nextNanos - now : Agenda.NEVER;
    }

    @Override
    public void run(long now) throws InterruptedException {
        tell();
    }

    /** Names what there is, also before it is due. */
    void tell() throws InterruptedException {
        Optional<Span> lost = backfill.takeLost();
        if (lost.isPresent()) {
            nextNanos = System.nanoTime() + BETWEEN.toNanos();
            Span span = lost.get();
            LOG.warn(
                    "{}: values between {} and {} did not come, and cannot be had from the server's history",
                    device,
                    Translation.dateTime(span.firstNanos()).getJavaInstant(),
                    Translation.dateTime(span.lastNanos()).getJavaInstant());
            samples.submit(sink -> sink.lost(LossReason.SOURCE_GAP, 0, span.firstNanos(), span.lastNanos()));
        }
    }
}
