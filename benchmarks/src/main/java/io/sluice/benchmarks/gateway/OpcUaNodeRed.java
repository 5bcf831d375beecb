package io.sluice.benchmarks.gateway;

import io.sluice.benchmarks.opcua.TagField;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Node-RED with node-red-contrib-opcua: one client that subscribes to all variables as a group, a function that collects a
 * hundred values, or those of 20 ms, with names and SourceTimestamps, and one MQTT connection with QoS 1. No editor, no debug
 * nodes.
 */
final class OpcUaNodeRed implements TagContender {
    private static final String SETTINGS = """
            module.exports = {
              flowFile: 'flows.json',
              httpAdminRoot: false,
              httpNodeRoot: false,
              nodesExcludes: ['node-red-contrib-modbus'],
              uiHost: '127.0.0.1',
              uiPort: 0,
              logging: { console: { level: 'warn', metrics: false, audit: false } },
            };
            """;

    private static final String ITEMS = """
            const items = [];
            for (let i = 0; i < %d; i++) items.push({ nodeId: 'ns=%d;s=T' + i });
            return { topic: 'multiple', payload: items, interval: %d };
            """;

    private static final String COLLECT = """
            if (!msg.payload || !msg.payload.value) return null;
            const send = () => {
              const values = context.get('values');
              clearTimeout(context.get('timer'));
              context.set('values', undefined);
              if (values) node.send({ topic: 'bench/values', payload: values });
            };
            const value = msg.payload;
            const entry = { tag: msg.topic.substring(msg.topic.lastIndexOf('=') + 1), value: value.value.value,
                            time: value.sourceTimestamp.toISOString() };
            const values = context.get('values');
            if (values) {
              values.push(entry);
              if (values.length >= 100) send();
            } else {
              context.set('values', [entry]);
              context.set('timer', setTimeout(send, 20));
            }
            return null;
            """;

    private static final String KEY = "{\"tag\":\"T";
    private static final String VALUE = "\"value\":";

    private final Path modules;
    private final ObjectMapper mapper = new ObjectMapper();

    OpcUaNodeRed(Path root) {
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
    public Subscriber.Receiver decoder(TagArrivals arrivals) {
        return (topic, payload) -> {
            String json = new String(payload, StandardCharsets.ISO_8859_1);
            int at = json.indexOf(KEY);
            while (at >= 0) {
                int tag = at + KEY.length();
                int value = json.indexOf(VALUE, tag) + VALUE.length();
                arrivals.add(
                        Integer.parseInt(json, tag, json.indexOf('"', tag), 10),
                        Long.parseLong(json, value, json.indexOf(',', value), 10));
                at = json.indexOf(KEY, value);
            }
        };
    }

    @Override
    public Child start(Path directory, int port, int tags, Duration interval, int brokerPort) throws IOException {
        Files.createSymbolicLink(directory.resolve("node_modules"), modules);
        Files.writeString(directory.resolve("package.json"), "{\"name\":\"bench\",\"private\":true}\n");
        Files.writeString(directory.resolve("settings.js"), SETTINGS);
        Files.write(directory.resolve("flows.json"), mapper.writeValueAsBytes(flows(port, tags, interval, brokerPort)));
        return new Child(
                name(),
                directory,
                List.of("node", modules.resolve("node-red/red.js").toString(), "--userDir", directory.toString()));
    }

    private ArrayNode flows(int port, int tags, Duration interval, int brokerPort) {
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
        flows.addObject()
                .put("id", "endpoint")
                .put("type", "OpcUa-Endpoint")
                .put("endpoint", "opc.tcp://127.0.0.1:" + port)
                .put("secpol", "None")
                .put("secmode", "None")
                .put("none", true)
                .put("login", false)
                .put("usercert", false);
        wired(node(flows, "go", "inject").put("once", true).put("onceDelay", "3"), "items");
        wired(function(flows, "items", ITEMS.formatted(tags, TagField.NAMESPACE_INDEX, interval.toMillis())), "client");
        wired(client(flows, interval), "collect", "", "");
        wired(function(flows, "collect", COLLECT), "out");
        node(flows, "out", "mqtt out")
                .put("topic", "")
                .put("qos", "1")
                .put("retain", "false")
                .put("broker", "broker");
        return flows;
    }

    private static ObjectNode client(ArrayNode flows, Duration interval) {
        return node(flows, "client", "OpcUa-Client")
                .put("endpoint", "endpoint")
                .put("action", "subscribe")
                .put("time", Long.toString(interval.toMillis()))
                .put("timeUnit", "ms")
                .put("certificate", "n")
                .put("keepsessionalive", false);
    }

    private static ObjectNode node(ArrayNode flows, String id, String type) {
        return flows.addObject().put("id", id).put("type", type).put("z", "tab");
    }

    private static ObjectNode function(ArrayNode flows, String id, String body) {
        return node(flows, id, "function").put("func", body).put("outputs", 1);
    }

    /** One output for each target; an empty one leads nowhere. */
    private static void wired(ObjectNode node, String... targets) {
        ArrayNode wires = node.putArray("wires");
        for (String target : targets) {
            ArrayNode output = wires.addArray();
            if (!target.isEmpty()) {
                output.add(target);
            }
        }
    }
}
