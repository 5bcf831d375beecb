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

/** Fifty devices, twenty of them in trouble: the others keep their interval, and nobody gets another's value. */
final class IsolationTest {

    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofMillis(150);
    private static final int DEVICES = 50;
    private static final int IN_TROUBLE = 20;
    private static final int POLLS = 20;

    /** Other work on the machine can only delay polls, never bring them into step: the quietest of three counts. */
    private static final int ATTEMPTS = 3;

    /**
     * @param jitterMillis 99th percentile over the healthy devices
     * @param offline how often a healthy device was told to be away
     */
    private record Observed(double jitterMillis, int offline) {
        boolean isolated() {
            return offline == 0 && jitterMillis < 0.2 * INTERVAL.toMillis();
        }
    }

    @Test
    void devicesInTroubleSlowNobodyAndNobodyGetsAnothersValue() throws Exception {
        Observed observed = observe();
        for (int attempt = 1; attempt < ATTEMPTS && !observed.isolated(); attempt++) {
            observed = observe();
        }
        assertThat(observed.offline()).isZero();
        assertThat(observed.jitterMillis()).isLessThan(0.2 * INTERVAL.toMillis());
    }

    private static Observed observe() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        List<RawServer> servers = new ArrayList<>();
        try {
            List<ModbusPlan> plans = new ArrayList<>();
            for (int i = 0; i < DEVICES; i++) {
                servers.add(new RawServer(behaviour(i, end)));
                plans.add(plan(i, servers.get(i)));
            }
            try (Running running = Running.open(plans)) {
                await().atMost(Duration.ofSeconds(15)).until(() -> healthyPolls(running) > POLLS + 1);

                for (int i = 0; i < DEVICES; i++) {
                    assertOwnValues(i, running.of("d" + i));
                }
                assertThat(running.of("d0").samples()).as("a silent device").isEmpty();
                int offline = 0;
                for (int i = IN_TROUBLE; i < DEVICES; i++) {
                    offline += running.of("d" + i).all(Event.Offline.class).size();
                }
                return new Observed(jitterMillis(running, 0.99), offline);
            }
        } finally {
            end.countDown();
            for (RawServer server : servers) {
                server.close();
            }
        }
    }

    /** Ten are black holes, five answer late, three with wrong ids, two with half a frame. */
    private static Behaviour behaviour(int device, CountDownLatch end) {
        if (device < 10) {
            return (request, out) -> end.await();
        }
        if (device < 15) {
            return (request, out) -> {
                if (!end.await(TIMEOUT.toMillis() + 50, TimeUnit.MILLISECONDS)) {
                    out.write(request.answer());
                }
            };
        }
        return switch (device) {
            case 15, 16 ->
                (request, out) -> out.write(
                        request.answer(request.transaction() - 1, request.unit(), request.function(), request.count()));
            case 17 ->
                (request, out) -> out.write(
                        request.answer(request.transaction(), request.unit() + 1, request.function(), request.count()));
            case 18, 19 -> (request, out) -> out.write(request.answer(), 0, 10);
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
        for (int i = IN_TROUBLE; i < DEVICES; i++) {
            fewest = Math.min(fewest, running.of("d" + i).polls());
        }
        return fewest;
    }

    /** How far the time between two polls is from the interval; the first poll is out of turn. */
    private static double jitterMillis(Running running, double quantile) {
        List<Double> jitters = new ArrayList<>();
        for (int i = IN_TROUBLE; i < DEVICES; i++) {
            List<Event.Flushed> polls = running.of("d" + i).all(Event.Flushed.class);
            for (int poll = 2; poll <= POLLS; poll++) {
                double between =
                        (polls.get(poll).nanoTime() - polls.get(poll - 1).nanoTime()) / 1e6;
                jitters.add(Math.abs(between - INTERVAL.toMillis()));
            }
        }
        jitters.sort(null);
        return jitters.get((int) (quantile * jitters.size()));
    }
}
