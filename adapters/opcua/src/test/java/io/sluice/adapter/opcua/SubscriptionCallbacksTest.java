package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.SampleQueue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.encoding.DefaultEncodingContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubscriptionCallbacksTest {

    private final List<LinkEvent> events = new ArrayList<>();
    private final RecordingSink sink = new RecordingSink();
    private final SampleQueue samples = new SampleQueue(
            "test",
            10,
            sink,
            new AdapterContext(_ -> sink, () -> 0, Path.of(""), new SplittableRandom(1), (thread, bug) -> {}));

    @AfterEach
    void close() {
        samples.close();
    }

    private SubscriptionCallbacks callbacks() {
        OpcUaPlan plan = Bench.plan("opc.tcp://127.0.0.1");
        Delivery delivery = new Delivery(
                plan,
                samples,
                new Continuity(0),
                new Followed(plan),
                events::add,
                Timings.DEFAULT,
                () -> 0,
                DefaultEncodingContext.INSTANCE,
                new NamespaceTable());
        return new SubscriptionCallbacks(delivery, events::add);
    }

    private boolean isStillSilent() {
        return ((LinkEvent.SubscriptionSilent) events.getLast()).still().getAsBoolean();
    }

    /** The watchdog may bark while the link still makes the MonitoredItems of other Subscriptions. */
    @Test
    @SuppressWarnings("NullAway") // nothing is asked of the library's Subscription
    void aSilenceThatIsOverBeforeTheLinkCanLookIsNone() {
        SubscriptionCallbacks callbacks = callbacks();
        SubscriptionCallbacks other = callbacks();

        callbacks.onWatchdogTimerElapsed(null);
        assertThat(isStillSilent()).isTrue();
        other.onKeepAliveReceived(null);
        assertThat(isStillSilent()).as("another Subscription was heard").isTrue();
        callbacks.onKeepAliveReceived(null);
        assertThat(isStillSilent()).isFalse();

        callbacks.onWatchdogTimerElapsed(null);
        assertThat(isStillSilent()).isTrue();
        callbacks.onDataReceived(null, List.of(), List.of());
        assertThat(isStillSilent()).isFalse();
    }
}
