package io.sluice.mqtt;

import static io.sluice.mqtt.Recording.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HandoffTest {

    private final AtomicInteger wakeUps = new AtomicInteger();
    private final Handoff handoff = new Handoff(wakeUps::incrementAndGet);
    private final List<String> taken = new ArrayList<>();

    private boolean offer(String text) {
        return handoff.offer(new Outgoing(message("t", text), outcome -> {}));
    }

    private void take(Outgoing message) {
        taken.add(SessionUnderTest.text(message.message));
    }

    @Test
    void aBurstWakesOnceAndKeepsItsOrder() {
        handoff.wanted(true);
        offer("1");
        offer("2");
        offer("3");

        handoff.drain(this::take);

        assertThat(wakeUps).hasValue(1);
        assertThat(taken).containsExactly("1", "2", "3");
    }

    @Test
    void theNextBurstWakesAgain() {
        handoff.wanted(true);
        offer("1");
        handoff.drain(this::take);

        offer("2");

        assertThat(wakeUps).hasValue(2);
        assertThat(handoff.isEmpty()).isFalse();
    }

    @Test
    void aReceiverWithoutRoomIsLeftAlone() {
        handoff.wanted(false);

        offer("1");

        assertThat(wakeUps).hasValue(0);
        assertThat(handoff.isEmpty()).isFalse();
    }

    @Test
    void nothingIsTakenAfterTheEndAndWhatCameBeforeIsHandedOver() {
        offer("1");
        handoff.close(this::take);

        assertThat(offer("2")).isFalse();
        handoff.drain(this::take);
        assertThat(taken).containsExactly("1");
        assertThat(handoff.isEmpty()).isTrue();
    }

    @Test
    void severalThreadsLoseNothingAndEachKeepsItsOrder() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int thread = t;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 1000; i++) {
                    offer(thread + " %04d".formatted(i));
                }
            }));
        }
        while (threads.stream().anyMatch(Thread::isAlive)) {
            handoff.drain(this::take);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        handoff.drain(this::take);

        assertThat(taken).hasSize(4000);
        for (int t = 0; t < 4; t++) {
            String prefix = t + " ";
            assertThat(taken.stream().filter(text -> text.startsWith(prefix))).isSorted();
        }
    }
}
