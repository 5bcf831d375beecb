package io.sluice.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills the broker, and the gateway in the middle of it, and asks the receiver.
 *
 * <p>The receiver must outlive the broker that is killed, or it could not tell what the gateway lost from what it did not
 * hear itself. So there are two brokers, as between a plant and a cloud: the gateway publishes to the one in the plant,
 * which is killed; the one in the cloud takes everything from it over a bridge with a persistent session, is never killed,
 * and {@code verify} listens there. The plant's broker saves its session to disk and hands every message to the bridge
 * before it acknowledges it to the gateway, so that nothing acknowledged is lost with it: what is missing is our fault.
 */
class FaultTest {
    /** Long enough for several attempts; {@code -Dsluice.e2e.outage=20} for the one of the documentation. */
    private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("sluice.e2e.outage", 5));

    private static final Pattern VERDICT =
            Pattern.compile("missing (\\d+).*duplicate (\\d+).*out of order (\\d+).*lost (\\d+)");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"live-first", "in-order"})
    void nothingIsMissingAfterBrokerAndGatewayWereKilled(String replay) throws IOException {
        try (FieldDevice modbus = FieldDevice.modbus(0);
                FieldDevice opcua = FieldDevice.opcua(directory, 0);
                Mosquitto plant = Mosquitto.start(directory.resolve("plant"));
                Mosquitto cloud = Mosquitto.start(directory.resolve("cloud"), bridgeFrom(plant))) {
            new Plant(plant.port())
                    .outbox("replay: " + replay)
                    .modbusCounter(modbus.port())
                    .opcuaCounter(opcua.port())
                    .write(directory);
            try (Peer verify = Sluice.start(directory, "verify", cloud.url() + "/sluice/v1/#");
                    Peer tail = Sluice.start(directory, "tail", cloud.url() + "/sluice/v1/#")) {
                Peer gateway = Sluice.start(directory, "run", "gateway.yaml");
                try {
                    awaitReadings(tail, 20);
                    plant.kill();
                    pause(OUTAGE.dividedBy(2));
                    gateway.kill();
                    gateway = Sluice.start(directory, "run", "gateway.yaml");
                    pause(OUTAGE.dividedBy(2));
                    plant.restart();
                    awaitReadings(tail, tail.output().size() + 50);
                    gateway.terminate();
                    assertThat(gateway.awaitExit(Peer.PATIENCE))
                            .as(gateway.transcript())
                            .isZero();
                } finally {
                    gateway.close();
                }
                assertComplete(verify, gateway);
            }
        }
    }

    private static void assertComplete(Peer verify, Peer gateway) {
        verify.interrupt();
        int status = verify.awaitExit(Peer.PATIENCE);
        String all = verify.transcript() + gateway.transcript();
        List<Matcher> verdicts = verify.output().stream()
                .map(VERDICT::matcher)
                .filter(Matcher::find)
                .toList();
        // Two devices, each with an epoch before and after the kill.
        assertThat(verdicts).as(all).hasSizeGreaterThanOrEqualTo(4).allSatisfy(verdict -> {
            assertThat(verdict.group(1)).as("missing").isEqualTo("0");
            assertThat(verdict.group(3)).as("out of order").isEqualTo("0");
            assertThat(verdict.group(4)).as("lost").isEqualTo("0");
        });
        assertThat(status).as(all).isZero();
    }

    private static void awaitReadings(Peer tail, int lines) {
        Awaitility.await("readings at the receiver")
                .atMost(Peer.PATIENCE.plus(OUTAGE))
                .failFast(() -> !tail.isAlive())
                .until(() -> tail.output().size() >= lines);
    }

    /** The time that passes is what the test is about. */
    private static void pause(Duration time) {
        Awaitility.await().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
    }

    private static String[] bridgeFrom(Mosquitto plant) {
        return new String[] {
            "connection plant",
            "address 127.0.0.1:" + plant.port(),
            "topic sluice/# in 1",
            "cleansession false",
            "remote_clientid cloud",
            "restart_timeout 1",
            "try_private true",
            "notifications false"
        };
    }
}
