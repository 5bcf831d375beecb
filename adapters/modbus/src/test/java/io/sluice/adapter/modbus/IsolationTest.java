package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.Sample;
import io.sluice.adapter.modbus.RawServer.Behaviour;
import io.sluice.telemetry.Value;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Fifty devices, twenty of them in trouble: the others keep their interval, and nobody gets another's value.
 *
 * <p>Intervals are taken where requests arrive, at the devices. What a busy machine does to them is no fault of the devices
 * in trouble: so thirty healthy devices of an adapter of their own are polled at the same time, and what counts is by how
 * much those that have troubled neighbours do worse. That the measure notices neighbours shows the test with one line
 * for all.
 */
final class IsolationTest {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofMillis(150);
    /** A healthy device is not given up because the machine was busy. */
    private static final Duration PATIENT = Duration.ofMillis(900);

    private static final double ALLOWED_MILLIS = 0.2 * INTERVAL.toMillis();
    private static final int HEALTHY = 30;
    private static final int IN_TROUBLE = 20;
    private static final int POLLS = 5;

    /** Devices from {@code 0} are healthy, those behind them as they like. */
    private static final class Fleet implements AutoCloseable {
        private final List<RawServer> servers = new ArrayList<>();
        private final CountDownLatch end = new CountDownLatch(1);
        private final Running running;
        private final boolean oneLine;

        /** A line for each. */
        static Fleet apart(int troubled) throws IOException {
            return new Fleet(troubled, false);
        }

        /** One line for all. */
        static Fleet together(int troubled) throws IOException {
            return new Fleet(troubled, true);
        }

        private Fleet(int troubled, boolean oneLine) throws IOException {
            this.oneLine = oneLine;
            IntFunction<Behaviour> behaviour =
                    device -> device < HEALTHY ? RawServer.CORRECT : trouble(device - HEALTHY);
            List<ModbusPlan> plans = new ArrayList<>();
            for (int i = 0; i < HEALTHY + troubled; i++) {
                if (!oneLine) {
                    servers.add(new RawServer(behaviour.apply(i)));
                } else if (i == 0) {
                    servers.add(new RawServer((request, out) ->
                            behaviour.apply(request.address() / 1000).answer(request, out)));
                }
                plans.add(plan(i));
            }
            this.running = Running.open(plans);
        }

        /** Ten are black holes, five answer late, three with wrong ids, two with half a frame. */
        private Behaviour trouble(int nth) {
            if (nth < 10) {
                return (request, out) -> end.await();
            }
            if (nth < 15) {
                return (request, out) -> {
                    if (!end.await(TIMEOUT.toMillis() + 50, TimeUnit.MILLISECONDS)) {
                        out.write(request.answer());
                    }
                };
            }
            return switch (nth) {
                case 15, 16 ->
                    (request, out) -> out.write(request.answer(
                            request.transaction() - 1, request.unit(), request.function(), request.count()));
                case 17 ->
                    (request, out) -> out.write(request.answer(
                            request.transaction(), request.unit() + 1, request.function(), request.count()));
                default -> (request, out) -> out.write(request.answer(), 0, 10);
            };
        }

        private ModbusPlan plan(int device) {
            Definitions definition = Definitions.device("d" + device)
                    .connection("host: 127.0.0.1, timeout: %dms, unit-id: %d, port: %d"
                            .formatted(
                                    (device < HEALTHY ? PATIENT : TIMEOUT).toMillis(),
                                    device + 1,
                                    servers.getLast().port()))
                    .poll(INTERVAL)
                    .tag("a", "table: holding, type: uint16, address: " + 1000 * device)
                    .tag("b", "table: input, type: uint16, address: " + (1000 * device + 500));
            return (oneLine ? definition.sharing("line") : definition).plan();
        }

        /** When the polls of a healthy device arrived there, but the first, which is out of turn. */
        private List<Long> arrivals(int device) {
            return servers.get(oneLine ? 0 : device).requests().stream()
                    .filter(request -> request.address() == 1000 * device)
                    .map(RawServer.Request::nanoTime)
                    .skip(1)
                    .toList();
        }

        void awaitPolls(int polls) {
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                for (int i = 0; i < HEALTHY; i++) {
                    if (arrivals(i).size() <= polls) {
                        return false;
                    }
                }
                return true;
            });
        }

        /** 99th percentile, over the healthy devices, of how far the time between two polls is from the interval. */
        double jitterMillis(int polls) {
            List<Double> jitters = new ArrayList<>();
            for (int i = 0; i < HEALTHY; i++) {
                List<Long> arrivals = arrivals(i);
                for (int poll = 1; poll <= polls; poll++) {
                    jitters.add(Math.abs((arrivals.get(poll) - arrivals.get(poll - 1)) / 1e6 - INTERVAL.toMillis()));
                }
            }
            jitters.sort(null);
            return jitters.get((int) (0.99 * jitters.size()));
        }

        @Override
        public void close() throws IOException {
            end.countDown();
            running.close();
            for (RawServer server : servers) {
                server.close();
            }
        }
    }

    @Test
    void devicesInTroubleSlowNobodyAndNobodyGetsAnothersValue() throws Exception {
        try (Fleet fleet = Fleet.apart(IN_TROUBLE);
                Fleet untroubled = Fleet.apart(0)) {
            fleet.awaitPolls(POLLS);
            untroubled.awaitPolls(POLLS);

            assertThat(fleet.jitterMillis(POLLS))
                    .as("99th percentile of the jitter in ms")
                    .isLessThan(untroubled.jitterMillis(POLLS) + ALLOWED_MILLIS);
            for (int i = 0; i < HEALTHY + IN_TROUBLE; i++) {
                assertOwnValues(i, fleet.running.of("d" + i));
            }
            assertThat(fleet.running.of("d" + HEALTHY).samples())
                    .as("a silent device")
                    .isEmpty();
        }
    }

    @Test
    void theMeasureNoticesNeighboursWhereAllShareOneLine() throws Exception {
        int few = 3;
        try (Fleet fleet = Fleet.together(10);
                Fleet untroubled = Fleet.apart(0)) {
            fleet.awaitPolls(few);
            untroubled.awaitPolls(few);

            assertThat(fleet.jitterMillis(few))
                    .as("99th percentile of the jitter in ms")
                    .isGreaterThan(untroubled.jitterMillis(few) + ALLOWED_MILLIS);
        }
    }

    private static void assertOwnValues(int device, RecordingSink sink) {
        for (Sample sample : sink.samples()) {
            assertThat(sample.value()).isEqualTo(new Value.Unsigned(1000L * device + 500L * sample.tag()));
        }
    }
}
