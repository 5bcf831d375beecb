package io.sluice.benchmarks.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Node-RED with node-red-contrib-modbus: one client and one read node for each server, a function that makes one object
 * with names and timestamp of each poll, and one MQTT connection with QoS 1. No editor, no status, no debug nodes.
 */
final class NodeRed implements Contender {
    private static final String SETTINGS = """
            module.exports = {
              flowFile: 'flows.json',
              httpAdminRoot: false,
              httpNodeRoot: false,
              nodesExcludes: ['node-red-contrib-opcua'],
              uiHost: '127.0.0.1',
              uiPort: 0,
              logging: { console: { level: 'warn', metrics: false, audit: false } },
            };
            """;
    private static final String NAME_REGISTERS = """
            const values = {};
            for (let i = 0; i < msg.payload.length; i++) values['r' + i] = msg.payload[i];
            return { topic: 'bench/' + msg.topic, payload: { device: msg.topic, time: new Date().toISOString(), values } };
            """;

    private final Path modules;
    private final ObjectMapper mapper = new ObjectMapper();

    NodeRed(Path root) {
        this.modules = root.resolve(".peers/benchmarks/node_modules");
    }

    @Override
    public String name() {
        return "node-red";
    }

    @Override
    public String filter() {
        return "bench/#";
    }

    @Override
    public Probe.Decoder decoder() {
        return (topic, payload) -> {
            String json = new String(payload, StandardCharsets.ISO_8859_1);
            long[] registers = new long[6];
            int from = 0;
            for (int i = 0; i < registers.length; i++) {
                String key = "\"r" + i + "\":";
                int at = json.indexOf(key, from) + key.length();
                int end = json.indexOf(',', at);
                registers[i] = Long.parseLong(json, at, end, 10);
                from = end;
            }
            return Optional.of(Probe.of(topic, registers, REGISTERS));
        };
    }

    @Override
    public Child start(Path directory, int[] ports, Duration poll, int brokerPort) throws IOException {
        Files.createSymbolicLink(directory.resolve("node_modules"), modules);
        Files.writeString(directory.resolve("package.json"), "{\"name\":\"bench\",\"private\":true}\n");
        Files.writeString(directory.resolve("settings.js"), SETTINGS);
        Files.write(directory.resolve("flows.json"), mapper.writeValueAsBytes(flows(ports, poll, brokerPort)));
        return new Child(
                name(),
                directory,
                List.of("node", modules.resolve("node-red/red.js").toString(), "--userDir", directory.toString()));
    }

    private ArrayNode flows(int[] ports, Duration poll, int brokerPort) {
        ArrayNode flows = mapper.createArrayNode();
        flows.addObject().put("id", "tab").put("type", "tab").put("label", "bench");
        flows.addObject()
                .put("id", "broker")
                .put("type", "mqtt-broker")
                .put("broker", "127.0.0.1")
                .put("port", Integer.toString(brokerPort))
                .put("clientid", "node-red")
                .put("autoConnect", true)
                .put("protocolVersion", "5")
                .put("keepalive", "60")
                .put("cleansession", true);
        node(flows, "out", "mqtt out")
                .put("topic", "")
                .put("qos", "1")
                .put("retain", "false")
                .put("broker", "broker");
        ObjectNode function =
                node(flows, "name", "function").put("func", NAME_REGISTERS).put("outputs", 1);
        function.putArray("wires").addArray().add("out");
        for (int i = 0; i < ports.length; i++) {
            flows.add(client(i, ports[i]));
            read(flows, i, poll);
        }
        return flows;
    }

    private static ObjectNode node(ArrayNode flows, String id, String type) {
        return flows.addObject().put("id", id).put("type", type).put("z", "tab");
    }

    private ObjectNode client(int server, int port) {
        return mapper.createObjectNode()
                .put("id", "client" + server)
                .put("type", "modbus-client")
                .put("clienttype", "tcp")
                .put("bufferCommands", true)
                .put("failureLogEnabled", true)
                .put("tcpHost", "127.0.0.1")
                .put("tcpPort", Integer.toString(port))
                .put("tcpType", "DEFAULT")
                .put("unit_id", "1")
                .put("commandDelay", "1")
                .put("clientTimeout", "1000")
                .put("reconnectOnTimeout", true)
                .put("reconnectTimeout", "2000")
                .put("parallelUnitIdsAllowed", true)
                .put("showErrors", true)
                .put("showWarnings", false)
                .put("showLogs", false);
    }

    private static void read(ArrayNode flows, int server, Duration poll) {
        ObjectNode read = node(flows, "read" + server, "modbus-read")
                .put("topic", "server-" + server)
                .put("unitid", "1")
                .put("dataType", "HoldingRegister")
                .put("adr", "0")
                .put("quantity", Integer.toString(REGISTERS))
                .put("rate", Long.toString(poll.toMillis()))
                .put("rateUnit", "ms")
                .put("delayOnStart", false)
                .put("showStatusActivities", false)
                .put("showErrors", true)
                .put("showWarnings", false)
                .put("server", "client" + server);
        ArrayNode wires = read.putArray("wires");
        wires.addArray().add("name");
        wires.addArray();
    }
}
