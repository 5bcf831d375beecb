package io.sluice.benchmarks.gateway;

import io.sluice.benchmarks.opcua.TagField;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/**
 * Node-RED with node-red-contrib-opcua: one client that subscribes to all variables as a group, a function that collects a
 * hundred values, or those of 20 ms, with names and SourceTimestamps, and one MQTT connection with QoS 1. No editor, no debug
 * nodes.
 */
final class OpcUaNodeRed implements TagContender {
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

    private final Path root;

    OpcUaNodeRed(Path root) {
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
        NodeRedFlows flows = new NodeRedFlows(brokerPort);
        flows.shared("endpoint", "OpcUa-Endpoint")
                .put("endpoint", "opc.tcp://127.0.0.1:" + port)
                .put("secpol", "None")
                .put("secmode", "None")
                .put("none", true)
                .put("login", false)
                .put("usercert", false);
        NodeRedFlows.wire(flows.node("go", "inject").put("once", true).put("onceDelay", "3"), "items");
        NodeRedFlows.wire(
                flows.function("items", ITEMS.formatted(tags, TagField.NAMESPACE_INDEX, interval.toMillis())),
                "client");
        NodeRedFlows.wire(client(flows, interval), "collect", "", "");
        NodeRedFlows.wire(flows.function("collect", COLLECT), "out");
        return flows.start(root, directory, "node-red-contrib-modbus");
    }

    private static ObjectNode client(NodeRedFlows flows, Duration interval) {
        return flows.node("client", "OpcUa-Client")
                .put("endpoint", "endpoint")
                .put("action", "subscribe")
                .put("time", Long.toString(interval.toMillis()))
                .put("timeUnit", "ms")
                .put("certificate", "n")
                .put("keepsessionalive", false);
    }
}
