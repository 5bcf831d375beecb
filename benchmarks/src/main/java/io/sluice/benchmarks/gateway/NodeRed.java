package io.sluice.benchmarks.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Node-RED with node-red-contrib-modbus: one client and one read node for each server, a function that makes one object
 * with names and timestamp of each poll, and one MQTT connection with QoS 1. No editor, no status, no debug nodes.
 */
final class NodeRed implements Contender {
    private static final String NAME_REGISTERS = """
            const values = {};
            for (let i = 0; i < msg.payload.length; i++) values['r' + i] = msg.payload[i];
            return { topic: 'bench/' + msg.topic, payload: { device: msg.topic, time: new Date().toISOString(), values } };
            """;

    private final Path root;

    NodeRed(Path root) {
        this.root = root;
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
        NodeRedFlows flows = new NodeRedFlows(brokerPort);
        NodeRedFlows.wire(flows.function("name", NAME_REGISTERS), "out");
        for (int i = 0; i < ports.length; i++) {
            client(flows, i, ports[i]);
            read(flows, i, poll);
        }
        return flows.start(root, directory, "node-red-contrib-opcua");
    }

    private static void client(NodeRedFlows flows, int server, int port) {
        flows.shared("client" + server, "modbus-client")
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

    private static void read(NodeRedFlows flows, int server, Duration poll) {
        ObjectNode read = flows.node("read" + server, "modbus-read")
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
        NodeRedFlows.wire(read, "name", "");
    }
}
