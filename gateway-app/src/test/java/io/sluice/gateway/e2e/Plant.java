package io.sluice.gateway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a gateway's file for the servers of {@code src/test/peers}. */
final class Plant {
    private static final List<String> MODBUS = List.of(
            "int16-min:             { table: holding, address: 0, type: int16 }",
            "uint16-max:            { table: holding, address: 1, type: uint16 }",
            "int32:                 { table: holding, address: 2, type: int32 }",
            "int32-words-swapped:   { table: holding, address: 4, type: int32, order: CDAB }",
            "uint32:                { table: holding, address: 6, type: uint32 }",
            "uint32-bytes-swapped:  { table: holding, address: 8, type: uint32, order: BADC }",
            "int64:                 { table: holding, address: 10, type: int64 }",
            "uint64:                { table: holding, address: 14, type: uint64 }",
            "float32:               { table: holding, address: 18, type: float32, unit: V }",
            "float32-words-swapped: { table: input, address: 0, type: float32, order: CDAB }",
            "float32-all-swapped:   { table: input, address: 2, type: float32, order: DCBA }",
            "float64:               { table: input, address: 4, type: float64 }",
            "text:                  { table: holding, address: 30, type: string, length: 10 }",
            "coil-on:               { table: coil, address: 3 }",
            "coil-off:              { table: coil, address: 4 }",
            "discrete-on:           { table: discrete, address: 17 }",
            "bit-2:                 { table: holding, address: 40, type: bool, bit: 2 }",
            "bit-3:                 { table: holding, address: 40, type: bool, bit: 3 }",
            "bit-15:                { table: holding, address: 40, type: bool, bit: 15 }");
    private static final String MODBUS_COUNTER = "counter: { table: holding, address: 50, type: uint32 }";
    private static final List<String> OPCUA = List.of(
            "Boolean", "SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Float", "Double",
            "String", "Array");

    private final List<String> head = new ArrayList<>(List.of("schema: 1", "gateway: { id: e2e }"));
    private final List<String> northbound = new ArrayList<>();
    private final List<String> outbox = new ArrayList<>(List.of("min-free: 1MiB"));
    private final List<String> devices = new ArrayList<>();

    Plant(int brokerPort) {
        // Come back quickly: what is tested is what happens, not how long a fleet spreads its attempts.
        northbound.add("brokers: [ \"mqtt://127.0.0.1:" + brokerPort + "\" ]");
        northbound.add("reconnect-max: 1s");
    }

    /** Metrics and health on this port of 127.0.0.1. */
    Plant pages(int port) {
        head.add("http: { listen: \"127.0.0.1:" + port + "\" }");
        return this;
    }

    /** Device {@code heater}: tags that may be written. */
    Plant modbusSetpoints(int port) {
        modbus(
                "heater",
                port,
                List.of(
                        "setpoint: { table: holding, address: 60, type: int16, scale: 0.1, unit: Cel, writable: true,"
                                + " range: [-10, 60], step: 0.5 }",
                        "mode:     { table: holding, address: 61, type: uint16, writable: true,"
                                + " states: { 0: manual, 1: automatic } }",
                        "fixed:    { table: holding, address: 62, type: int16 }"));
        return this;
    }

    /** Device {@code drive}: one node that may be written, by its own name and as one that a pattern finds. */
    Plant opcuaSetpoint(int port) {
        opcua("drive", port, List.of("Double"));
        devices.set(devices.size() - 1, devices.getLast().replace(" }", ", writable: true, range: [0, 100] }"));
        devices.add("      all: { path: \"/Objects/t:Values/t:D*\", writable: true, range: [0, 100], limit: 5 }");
        return this;
    }

    Plant northbound(String setting) {
        northbound.add(setting);
        return this;
    }

    Plant outbox(String setting) {
        outbox.add(setting);
        return this;
    }

    /** Device {@code values}: every tag whose value stays. */
    Plant modbusValues(int port) {
        modbus("values", port, MODBUS);
        return this;
    }

    /** Device {@code counter}: one tag that changes ten times a second. */
    Plant modbusCounter(int port) {
        modbus("counter", port, List.of(MODBUS_COUNTER));
        return this;
    }

    /** Device {@code server}: every node whose value stays. */
    Plant opcuaValues(int port) {
        opcua("server", port, OPCUA);
        return this;
    }

    /** Device {@code changes}: one node that changes ten times a second. */
    Plant opcuaCounter(int port) {
        opcua("changes", port, List.of("Counter"));
        return this;
    }

    /** Writes {@code gateway.yaml}. */
    Path write(Path directory) throws IOException {
        List<String> lines = new ArrayList<>(head);
        lines.add("northbound:");
        lines.add("  broker:");
        northbound.forEach(setting -> lines.add("    " + setting));
        lines.add("outbox:");
        outbox.forEach(setting -> lines.add("  " + setting));
        lines.add("devices:");
        lines.addAll(devices);
        return Files.write(directory.resolve("gateway.yaml"), lines);
    }

    private void modbus(String id, int port, List<String> tags) {
        devices.add("  - id: " + id);
        devices.add("    protocol: modbus");
        devices.add("    connection: { host: 127.0.0.1, port: " + port + ", timeout: 1s }");
        devices.add("    poll: 100ms");
        devices.add("    tags:");
        tags.forEach(tag -> devices.add("      " + tag));
    }

    private void opcua(String id, int port, List<String> nodes) {
        devices.add("  - id: " + id);
        devices.add("    protocol: opcua");
        devices.add("    connection: { endpoint: \"opc.tcp://127.0.0.1:" + port + "/values\" }");
        devices.add("    namespaces: { t: \"urn:sluice:test:values\" }");
        devices.add("    publishing: 100ms");
        devices.add("    tags:");
        nodes.forEach(node -> devices.add("      " + node + ": { node: \"t:s=" + node + "\", sampling: 50ms }"));
    }
}
