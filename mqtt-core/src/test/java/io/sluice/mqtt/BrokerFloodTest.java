package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broker that sends more than anybody can take: nothing is lost, and nothing piles up on this side. */
class BrokerFloodTest {

    private final Recording events = new Recording();
    private RawBroker broker;
    private MqttOptions options;

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private MqttClient client;

    @BeforeEach
    void open() throws IOException {
        broker = new RawBroker();
        options = MqttOptions.defaults(List.of(broker.uri()), "p7").with(o -> {
            o.backoffMin = Duration.ofMillis(5);
            o.backoffMax = Duration.ofMillis(20);
        });
    }

    @AfterEach
    void close() throws IOException {
        if (client != null) {
            client.close();
        }
        broker.close();
    }

    private void start(MqttOptions changed, ConnectionListener listener) {
        client = new MqttClient(changed, listener);
        client.start();
    }

    @Test
    void manyTinyPacketsInPiecesAreReadOneByOne() throws Exception {
        start(options, events);
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            byte[] pings = HexFormat.of().parseHex("d000".repeat(200_000));
            link.socket().getOutputStream().write(pings, 0, pings.length - 1);
            link.socket().getOutputStream().write(0);
            for (String octet : "32 07 00 01 74 00 07 00 61".split(" ")) {
                link.send(octet);
            }

            assertThat(link.read()).isEqualTo("40 02 00 07");
        }
        assertThat(events.texts()).containsExactly("a");
    }

    @Test
    void aSlowListenerHoldsAFloodBackAndLosesNothing() throws Exception {
        int messages = 24_000;
        CountDownLatch slow = new CountDownLatch(1);
        List<Integer> seen = new ArrayList<>();
        start(options, listening(message -> {
            if (seen.isEmpty()) {
                awaitQuietly(slow);
            }
            seen.add(ByteBuffer.wrap(message.payload()).getInt());
        }));
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            link.socket().setSoTimeout(60_000);
            Thread flood = Thread.ofVirtual()
                    .start(() -> quietly(() -> {
                        byte[] header = HexFormat.of().parseHex("30841000017400");
                        for (int i = 0; i < messages; i++) {
                            ByteBuffer packet =
                                    ByteBuffer.allocate(7 + 2048).put(header).putInt(i);
                            link.socket().getOutputStream().write(packet.array());
                        }
                        link.send("32 0a 00 01 74 00 07 00 00 00 5d c0");
                    }));
            // 49 MB do not fit between the two: the broker waits, and what waits is not on this side.
            await().until(() -> flood.getState() == Thread.State.WAITING);
            slow.countDown();

            assertThat(link.read()).isEqualTo("40 02 00 07");
            flood.join();
        }
        assertThat(seen.size()).isEqualTo(messages + 1);
        assertThat(seen.getLast()).isEqualTo(messages);
        assertThat(seen.stream().sorted().toList().equals(seen)).isTrue();
    }

    @Test
    void aBrokerThatNeverReadsItsAnswersIsLeftBeforeTheyFillTheMemory() throws Exception {
        start(options, events);
        AtomicLong sent = new AtomicLong();
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            byte[] releases = HexFormat.of().parseHex("62020001".repeat(16_384));
            Socket socket = link.socket();
            Thread.ofVirtual()
                    .start(() -> quietly(() -> {
                        while (!socket.isClosed()) {
                            socket.getOutputStream().write(releases);
                            sent.addAndGet(releases.length);
                        }
                    }));

            await().atMost(Duration.ofMinutes(1)).until(() -> !events.disconnected.isEmpty());
        }
        assertThat(events.reasons().getFirst()).contains("it does not read what it is sent");
        assertThat(sent.get()).isPositive();
    }

    private ConnectionListener listening(Consumer<Publish> messages) {
        return new ConnectionListener() {
            @Override
            public void connected(Connected connected) {
                events.connected(connected);
            }

            @Override
            public void disconnected(Disconnected disconnected) {
                events.disconnected(disconnected);
            }

            @Override
            public void received(Publish message) {
                messages.accept(message);
            }
        };
    }

    private interface Sending {
        void run() throws IOException;
    }

    private static void quietly(Sending sending) {
        try {
            sending.run();
        } catch (IOException closed) {
            // The other end may close at any time.
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
