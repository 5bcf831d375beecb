package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.telemetry.Value;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Devices that share a connection, and what each of them still says for itself. */
final class SharedLineTest {

    @Test
    void eachDeviceMayTakeAsLongAsItSays() throws Exception {
        RawServer.Behaviour slowUnit2 = (request, out) -> {
            if (request.unit() == 2) {
                Thread.sleep(400); // the device is slow: between the timeouts of its two readers
            }
            out.write(request.answer());
        };
        try (RawServer server = new RawServer(slowUnit2);
                Running running = Running.open(
                        device("quick", server, "unit-id: 1, timeout: 200ms"),
                        device("slow", server, "unit-id: 2, timeout: 5s"),
                        device("impatient", server, "unit-id: 2, timeout: 200ms, retries: 0"))) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !running.of("slow").samples().isEmpty());
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !running.of("impatient")
                            .all(RecordingSink.Event.Offline.class)
                            .isEmpty());

            assertThat(running.of("slow").samples().getFirst().value()).isEqualTo(new Value.Unsigned(7));
            assertThat(running.of("impatient").samples()).isEmpty();
        }
    }

    @Test
    void aDeviceThatNamesAnotherPortIsAskedThere() throws Exception {
        try (RawServer one = new RawServer(RawServer.CORRECT);
                RawServer other = new RawServer(RawServer.CORRECT);
                Running running =
                        Running.open(device("here", one, "unit-id: 1"), device("there", other, "unit-id: 2"))) {
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> running.of("here").polls() > 0
                            && running.of("there").polls() > 0);

            assertThat(one.requests())
                    .allSatisfy(request -> assertThat(request.unit()).isEqualTo(1));
            assertThat(other.requests())
                    .isNotEmpty()
                    .allSatisfy(request -> assertThat(request.unit()).isEqualTo(2));
        }
    }

    private static ModbusPlan device(String id, RawServer server, String more) {
        return Definitions.device(id)
                .connection("host: 127.0.0.1, port: " + server.port() + ", " + more)
                .sharing("bus-1")
                .poll(Duration.ofMillis(100))
                .tag("t", "table: holding, address: 7, type: uint16")
                .plan();
    }
}
