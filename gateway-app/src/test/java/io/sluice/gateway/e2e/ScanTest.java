package io.sluice.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanTest {

    @TempDir
    Path directory;

    @Test
    void theDraftOfAScannedDeviceIsAValidProfile() {
        try (FieldDevice field = FieldDevice.modbus(Needs.freePort())) {
            String target = "127.0.0.1:" + field.port();
            try (Peer scan = Sluice.start(
                    directory,
                    "scan",
                    "modbus",
                    target,
                    "--units",
                    "1-2",
                    "--addresses",
                    "200",
                    "--output",
                    "drafts")) {
                assertThat(scan.awaitExit(Peer.PATIENCE)).as(scan.transcript()).isZero();
            }
        }
        try (Peer check = Sluice.start(directory, "check", "drafts/unit-1.yaml")) {
            assertThat(check.awaitExit(Peer.PATIENCE)).as(check.transcript()).isZero();
        }
    }

    @Test
    void saysWhereNobodyListens() {
        try (Peer scan = Sluice.start(directory, "scan", "modbus", "127.0.0.1:" + Needs.freePort())) {
            assertThat(scan.awaitExit(Peer.PATIENCE)).as(scan.transcript()).isEqualTo(69);
            assertThat(scan.errors()).anySatisfy(line -> assertThat(line).contains("connection refused by 127.0.0.1"));
        }
    }
}
