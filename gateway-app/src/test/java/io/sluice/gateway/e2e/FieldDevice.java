package io.sluice.gateway.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A server on the plant's side, written by others, that says on its first line which values it holds. */
final class FieldDevice implements AutoCloseable {
    private final Peer process;
    private final int port;

    private FieldDevice(Peer process) {
        this.process = process;
        try {
            this.port = Integer.parseInt(process.awaitLine("^ready (\\d+)$").group(1));
        } catch (AssertionError e) {
            process.close();
            throw e;
        }
    }

    /** python3-pymodbus with {@code src/test/peers/modbus_server.py}. */
    static FieldDevice modbus(int port) {
        Needs.pymodbus();
        return new FieldDevice(
                Peer.start("pymodbus", peers(), Needs.PYTHON.toString(), "modbus_server.py", Integer.toString(port)));
    }

    /** node-opcua with {@code src/test/peers/opcua_server.js}, which keeps its certificates in {@code directory}. */
    static FieldDevice opcua(Path directory, int port) {
        Path modules = Needs.nodeOpcua();
        List<String> command = List.of("node", "opcua_server.js", directory.toString(), Integer.toString(port));
        return new FieldDevice(Peer.start("node-opcua", peers(), Map.of("NODE_PATH", modules.toString()), command));
    }

    int port() {
        return port;
    }

    /** What the server holds, by the names of its tags. */
    JsonNode held() {
        String line = process.output().stream()
                .filter(text -> text.startsWith("{"))
                .findFirst()
                .orElseThrow();
        return new ObjectMapper().readTree(line);
    }

    String transcript() {
        return process.transcript();
    }

    @Override
    public void close() {
        process.close();
    }

    private static Path peers() {
        return Needs.repository().resolve("gateway-app/src/test/peers");
    }
}
