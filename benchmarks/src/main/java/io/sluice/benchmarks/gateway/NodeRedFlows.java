package io.sluice.benchmarks.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Flows of one tab that publish over one MQTT connection with QoS 1, node {@code out}; and the Node-RED that runs them, without
 * editor and without nodes that the benchmark does not use.
 */
final class NodeRedFlows {

    private static final String SETTINGS = """
            module.exports = {
              flowFile: 'flows.json',
              httpAdminRoot: false,
              httpNodeRoot: false,
              nodesExcludes: ['%s'],
              uiHost: '127.0.0.1',
              uiPort: 0,
              logging: { console: { level: 'warn', metrics: false, audit: false } },
            };
            """;

    private final ObjectMapper mapper = new ObjectMapper();
    private final ArrayNode flows = mapper.createArrayNode();

    NodeRedFlows(int brokerPort) {
        flows.addObject().put("id", "tab").put("type", "tab").put("label", "bench");
        shared("broker", "mqtt-broker")
                .put("broker", "127.0.0.1")
                .put("port", Integer.toString(brokerPort))
                .put("clientid", "node-red")
                .put("autoConnect", true)
                .put("protocolVersion", "5")
                .put("keepalive", "60")
                .put("cleansession", true);
        node("out", "mqtt out")
                .put("topic", "")
                .put("qos", "1")
                .put("retain", "false")
                .put("broker", "broker");
    }

    /** A node of configuration, which other nodes name. */
    ObjectNode shared(String id, String type) {
        return flows.addObject().put("id", id).put("type", type);
    }

    ObjectNode node(String id, String type) {
        return shared(id, type).put("z", "tab");
    }

    ObjectNode function(String id, String body) {
        return node(id, "function").put("func", body).put("outputs", 1);
    }

    /** One output for each target; an empty one leads nowhere. */
    static void wire(ObjectNode node, String... targets) {
        ArrayNode wires = node.putArray("wires");
        for (String target : targets) {
            ArrayNode output = wires.addArray();
            if (!target.isEmpty()) {
                output.add(target);
            }
        }
    }

    /**
     * Starts Node-RED with them.
     *
     * @param root of the project
     * @param excluded the module of nodes that lies in the same folder for another benchmark
     */
    Child start(Path root, Path directory, String excluded) throws IOException {
        Path modules = root.resolve(".peers/benchmarks/node_modules");
        Files.createSymbolicLink(directory.resolve("node_modules"), modules);
        Files.writeString(directory.resolve("package.json"), "{\"name\":\"bench\",\"private\":true}\n");
        Files.writeString(directory.resolve("settings.js"), SETTINGS.formatted(excluded));
        Files.write(directory.resolve("flows.json"), mapper.writeValueAsBytes(flows));
        return new Child(
                "node-red",
                directory,
                List.of("node", modules.resolve("node-red/red.js").toString(), "--userDir", directory.toString()));
    }
}
