package io.sluice.benchmarks.mqtt;

import io.sluice.benchmarks.mqtt.Publisher.Contender;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps a window of messages under way on one connection: each acknowledgement is answered with the next publish. */
final class Loop implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;

    private final Publisher publisher;
    private final CountDownLatch idle;
    /** Written by the client's thread alone. */
    private final AtomicLong acknowledged = new AtomicLong();

    private volatile boolean running = true;

    /** Begins at once. */
    Loop(Contender contender, int port, byte[] payload, int window) throws Exception {
        idle = new CountDownLatch(window);
        publisher = contender.connect(port, payload, this::next);
        for (int i = 0; i < window; i++) {
            publisher.publish();
        }
    }

    long acknowledged() {
        return acknowledged.get();
    }

    private void next() {
        acknowledged.setRelease(acknowledged.getPlain() + 1);
        if (running) {
            publisher.publish();
        } else {
            idle.countDown();
        }
    }

    /** @throws IOException if a message was left without an acknowledgement */
    @Override
    public void close() throws Exception {
        running = false;
        try (publisher) {
            if (!idle.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("messages were left without an acknowledgement");
            }
        }
    }
}
