package io.sluice.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tail} and {@code verify} over TLS, with and without a WebSocket. */
class SecureListeningTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"mqtts, /, false", "wss, /mqtt?, true"})
    void receivesOverTlsWhatTheGatewayPublishes(String scheme, String behindTheBroker, boolean webSocket)
            throws IOException {
        int port = Needs.freePort();
        String url = scheme + "://127.0.0.1:" + port + behindTheBroker + "sluice/v1/#";
        try (FieldDevice modbus = FieldDevice.modbus(0);
                Mosquitto broker = broker(port, webSocket)) {
            new Plant(broker.port()).modbusCounter(modbus.port()).write(directory);
            try (Peer tail = Sluice.start(directory, "tail", url, "--ca", "ca.pem");
                    Peer verify = Sluice.start(directory, "verify", url, "--ca", "ca.pem");
                    Peer gateway = Sluice.start(directory, "run", "gateway.yaml")) {
                tail.awaitLine("counter +counter +\\d+ +good");
                gateway.terminate();
                assertThat(gateway.awaitExit(Peer.PATIENCE))
                        .as(gateway.transcript())
                        .isZero();
                verify.interrupt();
                assertThat(verify.awaitExit(Peer.PATIENCE))
                        .as(verify.transcript())
                        .isZero();
                assertThat(verify.output()).anyMatch(line -> line.startsWith("counter") && line.endsWith("complete"));
            }
        }
    }

    private Mosquitto broker(int tlsPort, boolean webSocket) throws IOException {
        certificates();
        List<String> listener = new ArrayList<>(List.of("listener " + tlsPort + " 127.0.0.1"));
        if (webSocket) {
            Needs.mosquittoWithWebSockets();
            listener.add("protocol websockets");
        }
        listener.add("certfile " + directory.resolve("server.pem"));
        listener.add("keyfile " + directory.resolve("server.key"));
        return Mosquitto.start(directory.resolve("broker"), listener.toArray(String[]::new));
    }

    /** An authority in {@code ca.pem}, and a server certificate for 127.0.0.1. */
    private void certificates() throws IOException {
        Files.writeString(directory.resolve("server.ext"), "subjectAltName=IP:127.0.0.1");
        openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca -keyout ca.key -out ca.pem");
        openssl("req -newkey rsa:2048 -nodes -subj /CN=server -keyout server.key -out server.csr");
        openssl("x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext"
                + " -out server.pem");
    }

    private void openssl(String arguments) {
        List<String> command = new ArrayList<>(List.of(Needs.openssl().toString()));
        command.addAll(List.of(arguments.split(" ")));
        try (Peer openssl = Peer.start("openssl", directory, command.toArray(String[]::new))) {
            assertThat(openssl.awaitExit(Peer.PATIENCE))
                    .as(openssl.transcript())
                    .isZero();
        }
    }
}
