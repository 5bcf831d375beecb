package io.sluice.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Looking into a gateway, running and stopped, and reading and writing its devices on request. */
class LookingInTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path directory;

    private record Ended(int exit, List<String> out, List<String> err) {
        String text() {
            return String.join("\n", out);
        }

        JsonNode json() {
            return MAPPER.readTree(text());
        }
    }

    private Ended sluice(String... arguments) {
        try (Peer command = Sluice.start(directory, arguments)) {
            int exit = command.awaitExit(Peer.PATIENCE);
            return new Ended(exit, command.output(), command.errors());
        }
    }

    @Test
    void statusAndQueueTellOfARunningGatewayAndOfTheFilesOfAStoppedOne() throws Exception {
        Needs.prometheusClient();
        int pages = Needs.freePort();
        try (FieldDevice modbus = FieldDevice.modbus(0);
                Mosquitto broker = Mosquitto.start(directory.resolve("broker"))) {
            new Plant(broker.port()).pages(pages).modbusCounter(modbus.port()).write(directory);
            assertThat(sluice("status", "gateway.yaml").exit()).isEqualTo(3);
            try (Peer gateway = Sluice.start(directory, "run", "gateway.yaml")) {
                gateway.awaitLine("counter: online");
                gateway.awaitLine("connected to");
                await().atMost(Peer.PATIENCE)
                        .until(() -> sluice("status", "gateway.yaml", "--json")
                                        .json()
                                        .path("balance")
                                        .path("messages")
                                        .path("acknowledged")
                                        .asLong()
                                > 10);
                Ended status = sluice("status", "gateway.yaml");
                assertThat(status.exit()).as(status.text()).isZero();
                assertThat(status.text())
                        .contains("all is well", "connected to mqtt://127.0.0.1:" + broker.port(), "client id e2e")
                        .containsPattern("counter +online");
                balances(sluice("status", "gateway.yaml", "--json").json());
                assertThat(sluice("queue", "stats", "gateway.yaml").text()).containsPattern("counter +[0-9a-f]{8} +#");
                metrics(pages);
                assertThat(get(pages, "/healthz").statusCode()).isEqualTo(200);

                broker.kill();
                await().atMost(Peer.PATIENCE)
                        .until(() -> sluice("status", "gateway.yaml").exit() == 1);
                assertThat(sluice("status", "gateway.yaml").text())
                        .contains("TROUBLE    no connection to the broker", "NOT CONNECTED since");
                assertThat(get(pages, "/healthz").body()).contains("note: no connection to the broker");
                assertThat(sluice("queue", "list", "gateway.yaml", "--limit", "2")
                                .text())
                        .containsPattern("counter +[0-9a-f]{8} +#\\d+ +data .*(backlog|in flight)");
                assertThat(sluice("queue", "stats", "gateway.yaml").text()).contains("not connected", "backlog");
                gateway.terminate();
                assertThat(gateway.awaitExit(Peer.PATIENCE))
                        .as(gateway.transcript())
                        .isZero();
            }
            Ended stopped = sluice("status", "gateway.yaml", "--json");
            assertThat(stopped.exit()).isEqualTo(3);
            assertThat(stopped.json().path("running").asBoolean()).isFalse();
            balances(stopped.json());
            JsonNode listed = sluice("queue", "list", "gateway.yaml", "--json").json();
            assertThat(listed.path("waiting").path(0).path("device").asString()).isEqualTo("counter");
            assertThat(directory.resolve(".sluice/run/control.sock")).doesNotExist();
        }
    }

    @Test
    void aGatewayThatStartsOnADiskThatCannotBeWrittenSaysSoAndGoesOnWhenItCan() throws Exception {
        int pages = Needs.freePort();
        Path faults = Files.writeString(directory.resolve("faults"), "0 0 0 1");
        Map<String, String> environment =
                Map.of("LD_PRELOAD", FaultyDisk.library(directory).toString(), "SLUICE_FAULTS", faults.toString());
        try (FieldDevice modbus = FieldDevice.modbus(0);
                Mosquitto broker = Mosquitto.start(directory.resolve("broker"))) {
            new Plant(broker.port()).pages(pages).modbusCounter(modbus.port()).write(directory);
            try (Peer gateway = Sluice.start(directory, environment, "run", "gateway.yaml")) {
                gateway.awaitLine("cannot open the outbox");
                Ended status = sluice("status", "gateway.yaml");
                assertThat(status.exit()).isEqualTo(1);
                assertThat(status.text())
                        .contains("TROUBLE    nothing can be stored: cannot open the outbox", "NOT OPEN");
                assertThat(sluice("status", "gateway.yaml", "--json").json().has("balance"))
                        .isFalse();
                assertThat(sluice("queue", "stats", "gateway.yaml").exit()).isEqualTo(69);
                assertThat(get(pages, "/healthz").statusCode()).isEqualTo(503);
                assertThat(get(pages, "/metrics").body())
                        .contains("sluice_outbox_degraded 1")
                        .doesNotContain("sluice_readings");

                Files.writeString(faults, "0 0 0 0");
                gateway.awaitLine("the outbox could be opened");
                gateway.awaitLine("counter: online");
                await().atMost(Peer.PATIENCE)
                        .until(() -> sluice("status", "gateway.yaml").exit() == 0);
                assertThat(get(pages, "/healthz").statusCode()).isEqualTo(200);
                gateway.terminate();
                assertThat(gateway.awaitExit(Peer.PATIENCE))
                        .as(gateway.transcript())
                        .isZero();
            }
        }
    }

    private static void balances(JsonNode status) {
        JsonNode readings = status.path("balance").path("readings");
        long lostBefore = sum(readings.path("lostBeforeStoring"));
        assertThat(readings.path("offered").asLong())
                .as(status.toString())
                .isPositive()
                .isEqualTo(readings.path("stored").asLong()
                        + lostBefore
                        + readings.path("inHandOff").asLong());
        assertThat(readings.path("stored").asLong())
                .as(status.toString())
                .isEqualTo(readings.path("acknowledged").asLong()
                        + readings.path("pending").asLong()
                        + sum(readings.path("lost")));
    }

    private static long sum(JsonNode counts) {
        return counts.valueStream().mapToLong(JsonNode::asLong).sum();
    }

    /** Prometheus' own parser reads it, and the balance holds in it. */
    private void metrics(int port) throws Exception {
        HttpResponse<String> page = get(port, "/metrics");
        assertThat(page.statusCode()).isEqualTo(200);
        Path text = Files.writeString(directory.resolve("metrics.txt"), page.body());
        Path program = Needs.repository().resolve("gateway-app/src/test/peers/parse_metrics.py");
        JsonNode parsed;
        try (Peer parser = Peer.start(
                "parser", directory, "sh", "-c", Needs.PYTHON + " " + program + " < " + text.getFileName())) {
            assertThat(parser.awaitExit(Peer.PATIENCE)).as(parser.transcript()).isZero();
            parsed = MAPPER.readTree(String.join("\n", parser.output()));
        }
        JsonNode samples = parsed.path("samples");
        assertThat(samples.path("sluice_device_online{device=counter}").asDouble())
                .isOne();
        assertThat(samples.path("sluice_broker_connected").asDouble()).isOne();
        assertThat(samples.path("sluice_device_polls_total{device=counter}").asDouble())
                .isPositive();
        assertThat(samples.path("sluice_outbox_written_readings_total").asDouble())
                .isPositive();
        assertThat(samples.path("sluice_readings_stored_total").asDouble())
                .isPositive()
                .isEqualTo(samples.path("sluice_readings_acknowledged_total").asDouble()
                        + samples.path("sluice_readings_pending").asDouble()
                        + samples.propertyStream()
                                .filter(sample -> sample.getKey().startsWith("sluice_readings_lost_total{"))
                                .mapToDouble(sample -> sample.getValue().asDouble())
                                .sum());
        assertThat(parsed.path("types").propertyStream())
                .allMatch(family -> family.getValue().asString().matches("counter|gauge"));
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Peer.PATIENCE)
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void readsAndWritesModbusTagsThroughTheGatewayAndWithoutOne() throws Exception {
        try (FieldDevice modbus = FieldDevice.modbus(0)) {
            new Plant(Needs.freePort()).modbusSetpoints(modbus.port()).write(directory);
            heater();
            try (Peer gateway = Sluice.start(directory, "run", "gateway.yaml")) {
                gateway.awaitLine("heater: online");
                heater();
                assertThat(sluice("read", "gateway.yaml", "boiler").err()).anyMatch(line -> line.contains("heater"));
                gateway.awaitLine("heater/setpoint: '21.5' was asked to be written: written");
                gateway.terminate();
                assertThat(gateway.awaitExit(Peer.PATIENCE))
                        .as(gateway.transcript())
                        .isZero();
            }
        }
    }

    private void heater() {
        Ended written = sluice("write", "gateway.yaml", "heater/setpoint", "21.5");
        assertThat(written.exit()).as(written.err().toString()).isZero();
        Ended read = sluice("read", "gateway.yaml", "heater/setpoint");
        assertThat(read.exit()).as(read.err().toString()).isZero();
        assertThat(read.text()).containsPattern("^\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z  heater +setpoint +21\\.5 Cel +good$");
        assertThat(sluice("write", "gateway.yaml", "--", "heater/setpoint", "-2.5")
                        .exit())
                .isZero();
        assertThat(sluice("read", "gateway.yaml", "heater/setpoint").text()).contains("-2.5 Cel");
        assertThat(sluice("write", "gateway.yaml", "heater/mode", "automatic").exit())
                .isZero();
        JsonNode all = sluice("read", "gateway.yaml", "heater", "--json").json().path("readings");
        assertThat(all.path(1).path("tag").asString()).isEqualTo("mode");
        assertThat(all.path(1).path("value").asInt()).isOne();
        assertThat(all.path(0).path("unit").asString()).isEqualTo("Cel");
        refused("heater/setpoint", "61", "outside its range, which is -10 to 60 Cel");
        refused("heater/setpoint", "21.3", "not a multiple of its step of 0.5 Cel");
        refused("heater/mode", "fast", "expected one of 0 manual, 1 automatic");
        refused("heater/fixed", "1", "not writable");
        assertThat(sluice("write", "gateway.yaml", "heater/nothing", "1").exit())
                .isEqualTo(2);
    }

    private void refused(String tag, String value, String why) {
        Ended ended = sluice("write", "gateway.yaml", tag, value);
        assertThat(ended.exit()).as(ended.err().toString()).isEqualTo(65);
        assertThat(ended.err()).anyMatch(line -> line.contains("nothing was sent") && line.contains(why));
    }

    @Test
    void readsAndWritesOpcUaTagsThroughTheGateway() throws Exception {
        int port = Needs.freePort();
        try (FieldDevice opcua = FieldDevice.opcua(directory, port)) {
            new Plant(Needs.freePort()).opcuaSetpoint(opcua.port()).write(directory);
            try (Peer gateway = Sluice.start(directory, "run", "gateway.yaml")) {
                gateway.awaitLine("drive: online");
                drive("Double", "50.25");
                drive("all.Double", "60.5");
                assertThat(sluice("read", "gateway.yaml", "drive").out()).hasSize(2);
                assertThat(sluice("read", "gateway.yaml", "drive/none").err())
                        .anyMatch(line -> line.contains("it has Double, all.Double"));
                gateway.terminate();
                assertThat(gateway.awaitExit(Peer.PATIENCE))
                        .as(gateway.transcript())
                        .isZero();
            }
        }
    }

    private void drive(String tag, String value) {
        Ended written = sluice("write", "gateway.yaml", "drive/" + tag, value);
        assertThat(written.exit()).as(written.err().toString()).isZero();
        assertThat(sluice("read", "gateway.yaml", "drive/" + tag).text())
                .containsPattern(tag + " +" + value + " +good");
        refused("drive/" + tag, "101", "outside its range");
    }

    @Test
    void saysThatADeviceDoesNotAnswer() throws Exception {
        new Plant(Needs.freePort()).modbusSetpoints(Needs.freePort()).write(directory);
        Ended ended = sluice("read", "gateway.yaml", "heater");
        assertThat(ended.exit()).isEqualTo(69);
        assertThat(ended.err()).anyMatch(line -> line.contains("device heater does not answer: connection refused"));
    }
}
