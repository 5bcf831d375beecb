package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.mqtt.Action.Close;
import io.sluice.mqtt.Action.Retry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An attempt ends once, whatever its timers, sockets and name servers still report. */
class AttemptTest {

    private final Transport transport = new Transport();
    private final List<String> reported = new CopyOnWriteArrayList<>();
    private final Attempt.Owner owner = new Attempt.Owner() {
        @Override
        public void opened() {
            reported.add("opened");
        }

        @Override
        public void received(Packet packet) {
            reported.add("received");
        }

        @Override
        public void burstEnded() {
            reported.add("burst ended");
        }

        @Override
        public void becameWritable() {
            reported.add("writable");
        }

        @Override
        public void ticked() {
            reported.add("ticked");
        }

        @Override
        public void ended(Close why) {
            reported.add("ended: " + why.reason());
        }
    };

    @AfterEach
    void stop() {
        transport.shutdown();
    }

    @Test
    void anAddressThatComesAfterTheTimeLimitOpensNothing() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        try (RawBroker broker = new RawBroker()) {
            Attempt attempt = attempt(broker.uri(), Duration.ofMillis(20), host -> {
                asked.countDown();
                awaitQuietly(answered);
                return InetAddress.getAllByName(host);
            });
            onLoop(() -> attempt.start(0));
            await().until(() -> !reported.isEmpty());

            answered.countDown();
            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            report(attempt);

            assertThat(reported).containsExactly("ended: waited 20 ms in vain for the address of 127.0.0.1");
        }
    }

    @Test
    void whatAConnectionReportsAfterItWasAbandonedIsIgnored() throws Exception {
        try (RawBroker broker = new RawBroker()) {
            Attempt attempt = attempt(broker.uri(), Duration.ofSeconds(5), InetAddress::getAllByName);
            onLoop(() -> attempt.start(0));
            await().until(() -> reported.contains("opened"));
            RawBroker.Link link = broker.next();

            onLoop(attempt::abandon);
            assertThat(link.read()).isEqualTo("end");
            report(attempt);

            assertThat(reported).containsExactly("opened");
        }
    }

    @Test
    void theFirstReasonCountsAndWhatFollowsFromItDoesNot() throws Exception {
        try (RawBroker broker = new RawBroker()) {
            Attempt attempt = attempt(broker.uri(), Duration.ofSeconds(5), InetAddress::getAllByName);
            onLoop(() -> attempt.start(0));
            await().until(() -> reported.contains("opened"));

            onLoop(() -> {
                attempt.close(Close.without(Retry.SOON, "the first"));
                attempt.failed(new IOException("the second"));
                attempt.close(Close.without(Retry.SOON, "the third"));
            });
            await().until(() -> reported.size() > 1);
            report(attempt);

            assertThat(reported).containsExactly("opened", "ended: the first");
        }
    }

    @Test
    @Clause({"3.1.2-21", "3.2.2-21"})
    void looksAsOftenAsTheKeepAliveThatWasAgreedOnNeeds() throws Exception {
        try (RawBroker broker = new RawBroker()) {
            Attempt attempt = attempt(broker.uri(), Duration.ofSeconds(5), InetAddress::getAllByName);
            onLoop(() -> attempt.start(0));
            await().until(() -> reported.contains("opened"));

            onLoop(() -> attempt.establish(Duration.ofMillis(80)));

            // each 10 ms; the client's own keep alive of 30 s would make it one a second
            await().until(() -> reported.size() > 20);
            onLoop(attempt::abandon);
            assertThat(reported.subList(1, reported.size())).containsOnly("ticked");
        }
    }

    /** Everything that could still come. */
    private void report(Attempt attempt) throws Exception {
        onLoop(() -> {
            attempt.received(new Packet.PingResp());
            attempt.burstEnded();
            attempt.becameWritable();
            attempt.failed(new IOException("late"));
            attempt.unreachable(new IOException("late"));
            attempt.close(Close.without(Retry.SOON, "late"));
        });
    }

    private Attempt attempt(URI broker, Duration limit, Dial.Resolver resolver) throws UnknownHostException {
        MqttOptions options = MqttOptions.defaults(List.of(broker), "plant-7").with(o -> o.connectTimeout = limit);
        TlsContexts tls = new TlsContexts(
                options.transport().tls(), new CertificateExpiry(InstantSource.system(), warning -> {}));
        Dialler dialler = new Dialler(options.transport().proxy(), resolver, tls, transport, limit);
        return new Attempt(broker, options.version(), options, dialler, owner);
    }

    private void onLoop(Runnable task) throws Exception {
        transport.loop().submit(task).get(5, TimeUnit.SECONDS);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
