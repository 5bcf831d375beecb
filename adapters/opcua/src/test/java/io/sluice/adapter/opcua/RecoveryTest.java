package io.sluice.adapter.opcua;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecoveryTest {

    @TempDir
    Path state;

    @Test
    void aServerThatIsNotThereIsNoErrorAndIsFoundWhenItStarts() throws Exception {
        int port = MiloServer.freePort();
        try (Bench bench = new Bench(Bench.plan("opc.tcp://127.0.0.1:" + port, Bench.node("Count")), state)) {
            await().until(() -> bench.sink.lastState().startsWith("offline"));
            assertThat(bench.sink.lastState())
                    .isEqualTo("offline: no answer from opc.tcp://127.0.0.1:" + port + " (connection refused)");
            try (MiloServer server = MiloServer.start(port)) {
                server.add("Count", NodeIds.Int32, Variant.ofInt32(5));
                await().atMost(Duration.ofSeconds(20)).until(() -> new Value.Signed(5).equals(bench.sink.lastValue(0)));
                assertThat(bench.sink.lastState()).isEqualTo("online");
                assertThat(bench.sink.losses).isEmpty();
                assertThat(server.sessions()).isEqualTo(1);
            }
            assertThat(bench.bugs).isEmpty();
        }
    }

    @Test
    void aRestartOfTheServerIsOneGapAndLeavesOneSession() throws Exception {
        int port = MiloServer.freePort();
        MiloServer first = MiloServer.start(port);
        first.add("Count", NodeIds.Int32, Variant.ofInt32(1));
        try (Bench bench = new Bench(Bench.plan(first.endpoint(), Bench.node("Count")), state)) {
            await().until(() -> new Value.Signed(1).equals(bench.sink.lastValue(0)));
            first.close();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> bench.sink.lastState().startsWith("offline"));
            try (MiloServer second = MiloServer.start(port)) {
                second.add("Count", NodeIds.Int32, Variant.ofInt32(2));
                await().atMost(Duration.ofSeconds(30)).until(() -> new Value.Signed(2).equals(bench.sink.lastValue(0)));
                assertThat(second.sessions()).isEqualTo(1);
                await().until(() -> !bench.sink.losses.isEmpty());
                assertThat(bench.sink.losses).singleElement().satisfies(loss -> {
                    assertThat(loss.reason()).isEqualTo(LossReason.SOURCE_GAP);
                    assertThat(loss.firstNanos()).isLessThan(loss.lastNanos());
                });
            }
        }
    }

    @Test
    void aServerThatNumbersItsNamespacesAnewIsReadUnderTheNewNumbersAlsoWithoutASubscription() throws Exception {
        int port = MiloServer.freePort();
        MiloServer first = MiloServer.start(port);
        first.add("Count", NodeIds.Int32, Variant.ofInt32(1));
        OpcUaPlan plan = Bench.plan(first.endpoint(), Bench.polled("Count", Duration.ofMillis(100)));
        try (Bench bench = new Bench(plan, state)) {
            await().until(() -> new Value.Signed(1).equals(bench.sink.lastValue(0)));
            first.close();
            try (MiloServer second = MiloServer.startWithAnotherNamespaceFirst(port)) {
                second.add("Count", NodeIds.Int32, Variant.ofInt32(2));
                await().atMost(Duration.ofSeconds(20)).until(() -> new Value.Signed(2).equals(bench.sink.lastValue(0)));
                await().until(() -> second.sessions() == 1);
            }
            assertThat(bench.bugs).isEmpty();
        }
    }

    @Test
    void whatIsMissingAfterASessionThatFailedWhileItBeganIsALoss() throws Exception {
        AtomicBoolean stalls = new AtomicBoolean(true);
        try (MiloServer server = MiloServer.start();
                ScheduledExecutorService counter = Executors.newSingleThreadScheduledExecutor()) {
            server.addCounter("Count", null)
                    .add("Peak", NodeIds.Int32, Variant.ofInt32(1))
                    .answering("Peak", () -> !stalls.get());
            AtomicInteger count = new AtomicInteger();
            var _ = counter.scheduleAtFixedRate(
                    () -> server.count("Count", MiloServer.now(Variant.ofInt64((long) count.incrementAndGet()))),
                    0,
                    20,
                    MILLISECONDS);
            OpcUaPlan plan = Bench.plan(server.endpoint(), Bench.node("Count"), Bench.triggered("Peak", 0));
            try (Bench bench = new Bench(plan, state)) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> bench.sink.states.stream()
                                .anyMatch(state -> state.startsWith("offline") && state.contains("timed out")));
                assertThat(bench.sink.values(0)).as("values came all the same").isNotEmpty();
                stalls.set(false);
                await().atMost(Duration.ofSeconds(20)).until(() -> !bench.sink.losses.isEmpty());
            }
        }
    }

    @Test
    void aSubscriptionThatTheServerDroppedIsMadeAnew() throws Exception {
        try (MiloServer server = MiloServer.start()) {
            server.add("Count", NodeIds.Int32, Variant.ofInt32(1));
            try (Bench bench = new Bench(Bench.plan(server.endpoint(), Bench.node("Count")), state)) {
                await().until(() -> new Value.Signed(1).equals(bench.sink.lastValue(0)));
                server.endSessions();
                server.set("Count", Variant.ofInt32(2));
                await().atMost(Duration.ofSeconds(20)).until(() -> new Value.Signed(2).equals(bench.sink.lastValue(0)));
                await().until(() -> server.sessions() == 1);
                await().until(() -> bench.sink.losses.size() == 1);
            }
            await().until(() -> server.sessions() == 0);
        }
    }

    @Test
    void closesWithinThreeSecondsWhenTheServerAcceptsAndNeverAnswers() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Bench bench =
                    new Bench(Bench.plan("opc.tcp://127.0.0.1:" + mute.getLocalPort(), Bench.node("Count")), state);
            await().until(() -> bench.sink.lastState().startsWith("offline"));
            assertThat(bench.sink.lastState()).contains("timed out");
            long begun = System.nanoTime();
            bench.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsMissingWhenTheServerKeptTheSession(Interruption interruption) throws Exception {
        try (MiloServer server = MiloServer.start();
                TcpProxy proxy = new TcpProxy(server.port())) {
            // Each change is reported, however late the server's timers are.
            server.addCounter("Count", null).count("Count", MiloServer.now(Variant.ofInt64(0L)));
            try (Bench bench = new Bench(Bench.plan(proxy.endpoint(), Bench.node("Count")), state)) {
                await().until(() -> bench.sink.lastValue(0) != null);
                AtomicInteger count = new AtomicInteger();
                try (ScheduledExecutorService counter = Executors.newSingleThreadScheduledExecutor()) {
                    var _ = counter.scheduleAtFixedRate(
                            () -> server.count(
                                    "Count", MiloServer.now(Variant.ofInt64((long) count.incrementAndGet()))),
                            0,
                            200,
                            MILLISECONDS);
                    await().until(() -> bench.sink.values(0).size() >= 5);
                    interruption.strike(proxy);
                    int before = bench.sink.values(0).size();
                    await().atMost(Duration.ofSeconds(20))
                            .until(() -> bench.sink.values(0).size() > before + 5
                                    && bench.sink.lastState().equals("online"));
                    counter.shutdownNow();
                }
                await().until(() -> new Value.Signed(count.get()).equals(bench.sink.lastValue(0)));
                assertThat(bench.sink.values(0))
                        .containsExactlyElementsOf(IntStream.rangeClosed(0, count.get())
                                .<Value>mapToObj(Value.Signed::new)
                                .toList());
                assertThat(bench.sink.losses).isEmpty();
                assertThat(server.sessions()).isEqualTo(1);
            }
        }
    }

    enum Interruption {
        CUT {
            @Override
            void strike(TcpProxy proxy) throws IOException {
                proxy.cut();
            }
        },
        BLACK_HOLE {
            @Override
            void strike(TcpProxy proxy) {
                proxy.blackHole();
            }
        };

        abstract void strike(TcpProxy proxy) throws IOException;
    }
}
