package io.sluice.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleTest {
    @TempDir
    Path directory;

    @Test
    void sigtermEndsItWithinFiveSecondsAndLosesNothing() throws IOException {
        try (FieldDevice modbus = FieldDevice.modbus(0);
                Mosquitto broker = Mosquitto.start(directory.resolve("broker"))) {
            new Plant(broker.port()).modbusCounter(modbus.port()).write(directory);
            try (Peer verify = Sluice.start(directory, "verify", "gateway.yaml");
                    Peer tail = Sluice.start(directory, "tail", "gateway.yaml");
                    Peer gateway = Sluice.start(directory, "run", "gateway.yaml")) {
                awaitReadings(tail, 20);
                gateway.terminate();
                assertThat(gateway.awaitExit(Duration.ofSeconds(5)))
                        .as(gateway.transcript())
                        .isZero();
                verify.interrupt();
                assertThat(verify.awaitExit(Peer.PATIENCE))
                        .as(verify.transcript())
                        .isZero();
                assertThat(verify.output())
                        .as(verify.transcript())
                        .anySatisfy(line -> assertThat(line)
                                .contains("pending 0")
                                .contains("missing 0")
                                .contains("lost 0"));
            }
        }
    }

    @Test
    void startsWithoutBrokerAndDevicesAndFindsThemWhenTheyCome() throws IOException {
        int modbusPort = Needs.freePort();
        int opcuaPort = Needs.freePort();
        int brokerPort = Needs.freePort();
        Needs.mosquitto();
        Needs.pymodbus();
        Needs.nodeOpcua();
        new Plant(brokerPort).modbusCounter(modbusPort).opcuaCounter(opcuaPort).write(directory);
        try (Peer gateway = Sluice.start(directory, "run", "gateway.yaml")) {
            gateway.awaitLine("(?i)broker");
            gateway.awaitLine("counter");
            gateway.awaitLine("changes");
            try (Mosquitto broker = Mosquitto.start(directory.resolve("broker"), brokerPort);
                    Peer tail = Sluice.start(directory, "tail", "gateway.yaml");
                    FieldDevice modbus = FieldDevice.modbus(modbusPort);
                    FieldDevice opcua = FieldDevice.opcua(directory, opcuaPort)) {
                tail.awaitLine("counter +\\d.* good");
                tail.awaitLine("Counter +\\d.* good");
                assertThat(gateway.isAlive()).as(gateway.transcript()).isTrue();
                assertThat(broker.connectsOf("e2e")).as(broker.transcript()).isOne();
                assertThat(modbus.port()).isEqualTo(modbusPort);
                assertThat(opcua.port()).isEqualTo(opcuaPort);
            }
        }
    }

    @Test
    void tailAndVerifySayWhenNoBrokerWasReachedInTheTimeTheyWereGiven() throws IOException {
        String broker = "mqtt://127.0.0.1:" + Needs.freePort() + "/sluice/v1/#";
        for (String command : List.of("tail", "verify")) {
            try (Peer ended = Sluice.start(directory, command, broker, "--duration", "1s")) {
                assertThat(ended.awaitExit(Peer.PATIENCE))
                        .as(ended.transcript())
                        .isEqualTo(69);
                assertThat(ended.errors())
                        .anySatisfy(line -> assertThat(line).contains("no broker could be reached", "refused"));
            }
        }
    }

    @Test
    void tailAndVerifyBesideARunningGatewayCauseItNoReconnect() throws IOException {
        try (FieldDevice modbus = FieldDevice.modbus(0);
                Mosquitto broker = Mosquitto.start(directory.resolve("broker"))) {
            new Plant(broker.port()).modbusCounter(modbus.port()).write(directory);
            try (Peer gateway = Sluice.start(directory, "run", "gateway.yaml")) {
                await().atMost(Peer.PATIENCE).until(() -> broker.connectsOf("e2e") == 1);
                try (Peer tail = Sluice.start(directory, "tail", "gateway.yaml")) {
                    tail.awaitLine("counter +\\d.* good");
                    try (Peer verify = Sluice.start(directory, "verify", "gateway.yaml", "--duration", "2s")) {
                        assertThat(verify.awaitExit(Peer.PATIENCE))
                                .as(verify.transcript())
                                .isZero();
                    }
                    tail.interrupt();
                    assertThat(tail.awaitExit(Peer.PATIENCE))
                            .as(tail.transcript())
                            .isZero();
                }
                assertThat(gateway.isAlive()).as(gateway.transcript()).isTrue();
                assertThat(broker.connectsOf("e2e")).as(broker.transcript()).isOne();
            }
        }
    }

    private static void awaitReadings(Peer tail, int lines) {
        await("readings at the receiver")
                .atMost(Peer.PATIENCE)
                .failFast(() -> !tail.isAlive())
                .until(() -> tail.output().size() >= lines);
    }
}
