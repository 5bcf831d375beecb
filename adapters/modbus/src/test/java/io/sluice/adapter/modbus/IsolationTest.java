package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.Sample;
import io.sluice.adapter.modbus.RawServer.Behaviour;
import io.sluice.adapter.modbus.RecordingSink.Event;
import io.sluice.telemetry.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Twenty devices, eight of them in trouble: the others keep their interval, and nobody gets another's value. */
final class IsolationTest {

    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration TIMEOUT = Duration.ofMillis(150);
    private static final int DEVICES = 20;

    @Test
    void devicesInTroubleSlowNobodyAndNobodyGetsAnothersValue() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        List<RawServer> servers = new ArrayList<>();
        try {
            List<ModbusPlan> plans = new ArrayList<>();
            for (int i = 0; i < DEVICES; i++) {
                servers.add(new RawServer(behaviour(i, end)));
                plans.add(plan(i, servers.get(i)));
            }
            try (Running running = Running.open(plans)) {
                await().atMost(Duration.ofSeconds(10)).until(() -> healthyPolls(running) >= 30);

                for (int i = 0; i < DEVICES; i++) {
                    assertOwnValues(i, running.of("d" + i));
                }
                for (int i = 8; i < DEVICES; i++) {
                    RecordingSink sink = running.of("d" + i);
                    assertThat(sink.all(Event.Offline.class)).isEmpty();
                    assertThat(meanIntervalMillis(sink)).isBetween(95.0, 105.0);
                }
                assertThat(running.of("d0").samples()).as("a silent device").isEmpty();
            }
        } finally {
            end.countDown();
            for (RawServer server : servers) {
                server.close();
            }
        }
    }

    private static Behaviour behaviour(int device, CountDownLatch end) {
        return switch (device) {
            case 0, 1, 2, 3 -> (request, out) -> end.await();
            case 4, 5 ->
                (request, out) -> {
                    if (!end.await(TIMEOUT.toMillis() + 50, TimeUnit.MILLISECONDS)) {
                        out.write(request.answer());
                    }
                };
            case 6 ->
                (request, out) -> out.write(
                        request.answer(request.transaction() - 1, request.unit(), request.function(), request.count()));
            case 7 -> (request, out) -> out.write(request.answer(), 0, 10);
            default -> RawServer.CORRECT;
        };
    }

    private static ModbusPlan plan(int device, RawServer server) {
        return Definitions.device("d" + device)
                .connection("host: 127.0.0.1, timeout: 150ms, port: " + server.port())
                .poll(INTERVAL)
                .tag("a", "table: holding, type: uint16, address: " + 1000 * device)
                .tag("b", "table: input, type: uint16, address: " + (1000 * device + 500))
                .plan();
    }

    private static void assertOwnValues(int device, RecordingSink sink) {
        for (Sample sample : sink.samples()) {
            assertThat(sample.value()).isEqualTo(new Value.Unsigned(1000L * device + 500L * sample.tag()));
        }
    }

    private static int healthyPolls(Running running) {
        int fewest = Integer.MAX_VALUE;
        for (int i = 8; i < DEVICES; i++) {
            fewest = Math.min(fewest, running.of("d" + i).polls());
        }
        return fewest;
    }

    private static double meanIntervalMillis(RecordingSink sink) {
        List<Event.Flushed> polls = sink.all(Event.Flushed.class);
        return (polls.get(25).nanoTime() - polls.get(5).nanoTime()) / 20e6;
    }
}
