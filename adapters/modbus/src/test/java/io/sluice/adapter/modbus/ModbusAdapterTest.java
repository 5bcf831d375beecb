package io.sluice.adapter.modbus;

import static io.sluice.adapter.modbus.Definitions.device;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.Sample;
import io.sluice.adapter.modbus.RawServer.Behaviour;
import io.sluice.adapter.modbus.RecordingSink.Event;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.CodeSpace;
import io.sluice.telemetry.Status.Quality;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.Value;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ModbusAdapterTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void deliversEveryTagOfEveryPollAndThenFlushes() throws Exception {
        try (RawServer server = new RawServer(RawServer.CORRECT);
                Running running = Running.open(device("meter-1")
                        .connection(to(server))
                        .tag("a", "table: holding, address: 7, type: uint16")
                        .tag("b", "table: input, address: 300, type: uint16")
                        .tag("c", "table: coil, address: 1, type: bool")
                        .plan())) {
            RecordingSink sink = running.of("meter-1");
            await().atMost(SOON).until(() -> sink.polls() >= 3);

            assertThat(sink.events().getFirst()).isEqualTo(new Event.Connecting());
            assertThat(sink.samples())
                    .allSatisfy(sample -> assertThat(sample.status()).isEqualTo(Status.GOOD));
            assertThat(values(sink, 0)).containsOnly(new Value.Unsigned(7));
            assertThat(values(sink, 1)).containsOnly(new Value.Unsigned(300));
            assertThat(values(sink, 2)).containsOnly(new Value.Bool(true));
            assertThat(sink.events().subList(1, 7).stream()
                            .map(event -> event.getClass().getSimpleName()))
                    .containsExactly("Online", "Read", "Online", "Read", "Online", "Read");
            assertThat(sink.events().get(7)).isInstanceOf(Event.Flushed.class);
        }
    }

    @Test
    void keepsItsIntervalWhateverAPollTakes() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Behaviour slow = (request, out) -> {
            if (!never.await(10, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                out.write(request.answer());
            }
        };
        try (RawServer server = new RawServer(slow);
                Running running = Running.open(device("d")
                        .connection(to(server))
                        .poll(Duration.ofMillis(40))
                        .tag("a", "table: holding, address: 7, type: uint16")
                        .plan())) {
            RecordingSink sink = running.of("d");
            await().atMost(SOON).until(() -> sink.polls() >= 26);

            // The median: a moment in which the machine did something else moves two intervals and not the rest.
            List<Event.Flushed> polls = sink.all(Event.Flushed.class);
            double[] millis = IntStream.range(6, 26)
                    .mapToDouble(
                            i -> (polls.get(i).nanoTime() - polls.get(i - 1).nanoTime()) / 1e6)
                    .sorted()
                    .toArray();
            assertThat((millis[9] + millis[10]) / 2).isBetween(36.0, 44.0);
        }
    }

    @Test
    void pollsTagsAtTheirOwnIntervals() throws Exception {
        try (RawServer server = new RawServer(RawServer.CORRECT);
                Running running = Running.open(device("d")
                        .connection(to(server))
                        .poll(Duration.ofMillis(10))
                        .tag("fast", "table: holding, address: 7, type: uint16")
                        .tag("slow", "table: holding, address: 8, type: uint16", Duration.ofMillis(200))
                        .plan())) {
            RecordingSink sink = running.of("d");
            await().atMost(SOON)
                    .until(() -> values(sink, 1).size() >= 3
                            && values(sink, 0).size() > 5 * values(sink, 1).size());

            assertThat(server.requests())
                    .allSatisfy(request -> assertThat(request.count()).isEqualTo(1));
        }
    }

    @Test
    void saysOnceThatNobodyListensAndThenFindsTheServer() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        try (Running running = Running.open(device("meter-1")
                .connection("host: 127.0.0.1, port: " + port)
                .tag("a", "table: holding, address: 7, type: uint16")
                .plan())) {
            RecordingSink sink = running.of("meter-1");
            await().atMost(SOON).until(() -> !sink.all(Event.Offline.class).isEmpty());
            assertThat(sink.all(Event.Offline.class).getFirst())
                    .isEqualTo(new Event.Offline(
                            Status.bad(SluiceCode.DEVICE_UNREACHABLE), "connection refused by 127.0.0.1:" + port));
            assertThat(sink.samples()).isEmpty();
        }
    }

    @Test
    void goesOnWhenTheServerComesBack() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (RawServer server = new RawServer((request, out) -> never.await());
                Running running = Running.open(device("d")
                        .connection(to(server) + ", timeout: 50ms, retries: 0")
                        .tag("a", "table: holding, address: 7, type: uint16")
                        .plan())) {
            RecordingSink sink = running.of("d");
            await().atMost(SOON).until(() -> !sink.all(Event.Offline.class).isEmpty());
            assertThat(sink.samples()).isEmpty();

            server.behave(RawServer.CORRECT);

            await().atMost(SOON).until(() -> values(sink, 0).size() > 5);
            assertThat(values(sink, 0)).containsOnly(new Value.Unsigned(7));
        }
    }

    @Test
    void takesAnIdleTimeoutOfTheServerForNoFailure() throws Exception {
        try (RawServer server = new RawServer(RawServer.CORRECT);
                Running running = Running.open(device("d")
                        .connection(to(server) + ", retries: 0")
                        .tag("a", "table: holding, address: 7, type: uint16")
                        .plan())) {
            RecordingSink sink = running.of("d");
            await().atMost(SOON).until(() -> sink.polls() > 2);

            server.dropConnections();

            await().atMost(SOON).until(() -> server.connections() == 2 && sink.polls() > 6);
            assertThat(sink.all(Event.Offline.class)).isEmpty();
        }
    }

    @Test
    void oneBadAddressDoesNotTakeItsNeighboursWithIt() throws Exception {
        Behaviour hole = (request, out) -> {
            boolean bad = request.address() <= 4 && 4 < request.address() + request.count();
            out.write(bad ? request.exception(2) : request.answer());
        };
        try (RawServer server = new RawServer(hole);
                Running running = Running.open(device("d")
                        .connection(to(server))
                        .tag("t0", "table: holding, address: 0, type: uint16")
                        .tag("t2", "table: holding, address: 2, type: uint16")
                        .tag("t4", "table: holding, address: 4, type: uint16")
                        .tag("t6", "table: holding, address: 6, type: uint16")
                        .tag("t8", "table: holding, address: 8, type: uint16")
                        .plan())) {
            RecordingSink sink = running.of("d");
            await().atMost(SOON).until(() -> sink.polls() >= 4);

            assertThat(sink.samples().stream().filter(sample -> sample.tag() == 2))
                    .allSatisfy(sample ->
                            assertThat(sample.status()).isEqualTo(new Status(Quality.BAD, CodeSpace.MODBUS, 2)));
            for (int tag : new int[] {0, 1, 3, 4}) {
                assertThat(values(sink, tag)).containsOnly(new Value.Unsigned(2L * tag));
            }
            long mergedAsks = server.requests().stream()
                    .filter(request -> request.count() == 9)
                    .count();
            assertThat(mergedAsks).as("the plan remembers").isEqualTo(1);
            assertThat(sink.all(Event.Offline.class)).isEmpty();
        }
    }

    @Test
    void doesNotSplitWhenTheDeviceRefusesEveryPart() throws Exception {
        try (RawServer server = new RawServer((request, out) -> out.write(request.exception(2)));
                Running running = Running.open(device("d")
                        .connection(to(server))
                        .tag("a", "table: holding, address: 0, type: uint16")
                        .tag("b", "table: holding, address: 1, type: uint16")
                        .plan())) {
            RecordingSink sink = running.of("d");
            await().atMost(SOON).until(() -> sink.polls() >= 5);

            assertThat(server.requests().stream().limit(7).map(RawServer.Request::count))
                    .containsExactly(2, 1, 1, 2, 2, 2, 2);
        }
    }

    @Test
    void givesTheExceptionCodeToTheTagsOfItsBlockAlone() throws Exception {
        Behaviour busy = (request, out) -> out.write(request.function() == 4 ? request.exception(6) : request.answer());
        try (RawServer server = new RawServer(busy);
                Running running = Running.open(device("d")
                        .connection(to(server))
                        .tag("a", "table: holding, address: 5, type: uint16")
                        .tag("b", "table: input, address: 6, type: uint16")
                        .plan())) {
            RecordingSink sink = running.of("d");
            await().atMost(SOON).until(() -> sink.polls() >= 2);

            assertThat(values(sink, 0)).containsOnly(new Value.Unsigned(5));
            assertThat(sink.samples().stream()
                            .filter(sample -> sample.tag() == 1)
                            .map(Sample::status))
                    .containsOnly(new Status(Quality.BAD, CodeSpace.MODBUS, 6));
        }
    }

    @Test
    void aSentinelBecomesBadQuality() throws Exception {
        try (RawServer server = new RawServer(RawServer.CORRECT);
                Running running = Running.open(device("d")
                        .connection(to(server))
                        .tag("a", "table: holding, address: 5, type: uint16, not-available: 5")
                        .tag("b", "table: holding, address: 6, type: uint16, not-available: 5")
                        .plan())) {
            RecordingSink sink = running.of("d");
            await().atMost(SOON).until(() -> sink.polls() >= 2);

            assertThat(sink.samples().getFirst().value()).isNull();
            assertThat(sink.samples().getFirst().status()).isEqualTo(Status.bad(SluiceCode.NOT_AVAILABLE));
            assertThat(values(sink, 1)).containsOnly(new Value.Unsigned(6));
        }
    }

    @Test
    void aGatewayThatCannotReachAUnitMakesOnlyThatUnitUnreachable() throws Exception {
        Behaviour gateway = (request, out) -> out.write(request.unit() == 2 ? request.exception(11) : request.answer());
        try (RawServer server = new RawServer(gateway);
                Running running = Running.open(unit(server, "one", 1, "5s"), unit(server, "two", 2, "5s"))) {
            await().atMost(SOON).until(() -> running.of("one").polls() > 10);

            assertThat(running.of("two").all(Event.Offline.class).getFirst())
                    .isEqualTo(new Event.Offline(
                            new Status(Quality.BAD, CodeSpace.MODBUS, 11),
                            "the gateway in front of it says that unit 2 does not respond (exception 11)"));
            assertThat(running.of("one").all(Event.Offline.class)).isEmpty();
            assertThat(server.connections()).as("they share a connection").isEqualTo(1);
        }
    }

    @Test
    void aDeadUnitOnASharedConnectionIsProbedAndSlowsNobody() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Behaviour oneDead = (request, out) -> {
            if (request.unit() == 2) {
                never.await();
            }
            out.write(request.answer());
        };
        try (RawServer server = new RawServer(oneDead);
                Running running = Running.open(
                        unit(server, "one", 1, "1s"), unit(server, "two", 2, "50ms"), unit(server, "three", 3, "1s"))) {
            await().atMost(SOON).until(() -> running.of("one").polls() > 60);

            long probes = server.requests().stream()
                    .filter(request -> request.unit() == 2)
                    .count();
            assertThat(probes).isLessThan(10);
            assertThat(running.of("three").polls()).isGreaterThan(50);
            assertThat(running.of("two").samples()).isEmpty();
        }
    }

    @Test
    void devicesDoNotPollInTheSameInstant() throws Exception {
        try (RawServer server = new RawServer(RawServer.CORRECT);
                Running running = Running.open(IntStream.range(0, 40)
                        .mapToObj(i -> device("d" + i)
                                .connection(to(server))
                                .poll(Duration.ofMillis(200))
                                .tag("a", "table: holding, address: 7, type: uint16")
                                .plan())
                        .toList())) {
            await().atMost(SOON)
                    .until(() -> IntStream.range(0, 40)
                            .allMatch(i -> running.of("d" + i).polls() >= 3));

            Set<Long> slots = IntStream.range(0, 40)
                    .mapToObj(i ->
                            running.of("d" + i).all(Event.Flushed.class).get(2).nanoTime() / 20_000_000 % 10)
                    .collect(Collectors.toSet());
            assertThat(slots).hasSizeGreaterThan(2);
        }
    }

    @Test
    void callsNoSinkAfterItWasClosed() throws Exception {
        try (RawServer server = new RawServer(RawServer.CORRECT)) {
            Running running = Running.open(device("d")
                    .connection(to(server))
                    .poll(Duration.ofMillis(1))
                    .tag("a", "table: holding, address: 7, type: uint16")
                    .plan());
            RecordingSink sink = running.of("d");
            await().atMost(SOON).until(() -> sink.polls() > 5);

            running.close();

            int events = sink.events().size();
            int requests = server.requests().size();
            await().during(Duration.ofMillis(50)).until(() -> sink.events().size() == events);
            assertThat(server.requests()).hasSizeLessThanOrEqualTo(requests + 1);
            assertThat(sink.all(Event.Offline.class)).isEmpty();
        }
    }

    @Test
    void closesWithinThreeSecondsWhileADeviceHangs() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (RawServer server = new RawServer((request, out) -> never.await())) {
            Running running = Running.open(device("d")
                    .connection(to(server) + ", timeout: 60s")
                    .tag("a", "table: holding, address: 7, type: uint16")
                    .plan());
            await().atMost(SOON).until(() -> !server.requests().isEmpty());
            long start = System.nanoTime();

            running.close();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        }
    }

    private static ModbusPlan unit(RawServer server, String id, int unit, String timeout) {
        return device(id)
                .sharing("bus-1")
                .connection(to(server) + ", timeout: " + timeout + ", unit-id: " + unit)
                .tag("a", "table: holding, address: 7, type: uint16")
                .plan();
    }

    private static String to(RawServer server) {
        return "host: 127.0.0.1, port: " + server.port();
    }

    private static List<Value> values(RecordingSink sink, int tag) {
        return sink.samples().stream()
                .filter(sample -> sample.tag() == tag)
                .map(Sample::value)
                .toList();
    }
}
