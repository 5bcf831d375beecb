package io.sluice.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InboxTest {

    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(60);

    @Test
    void whatIsNotDueWakesNobodyButKeepsItsPlace() throws Exception {
        Inbox<String> inbox = new Inbox<>();
        inbox.put("first", false);
        long begin = System.nanoTime();
        assertThat(inbox.await(TimeUnit.MILLISECONDS.toNanos(30))).containsExactly("first");
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
        inbox.put("second", false);
        inbox.put("third", true);
        inbox.put("fourth", false);
        assertThat(inbox.await(LONG_NANOS)).containsExactly("second", "third", "fourth");
        assertThat(inbox.await(0)).isEmpty();
    }

    @Test
    void whatIsDueWakesTheThread() throws Exception {
        Inbox<String> inbox = new Inbox<>();
        CompletableFuture<Void> putting = CompletableFuture.runAsync(() -> inbox.put("due", true));
        assertThat(inbox.await(LONG_NANOS)).containsExactly("due");
        putting.get(10, TimeUnit.SECONDS);
    }
}
