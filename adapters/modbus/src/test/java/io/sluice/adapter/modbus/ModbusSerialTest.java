package io.sluice.adapter.modbus;

import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every type in every order, as Node.js has encoded it and modbus-serial serves it, reads equal, and so does what we write. */
final class ModbusSerialTest {

    @Test
    void readsAndWritesEveryTypeAndOrderOverTcp() throws Exception {
        try (Peer peer = Peer.modbusSerial()) {
            List<String> lines = peer.readUntil("ready");
            PymodbusTest.readsAndWrites(
                    lines, "host: 127.0.0.1, port: " + lines.getLast().substring(6));
        }
    }

    @Test
    void readsAndWritesEveryTypeAndOrderOverASerialLine(@TempDir Path directory) throws Exception {
        Path ours = directory.resolve("ours");
        try (Peer pair = serialPair(directory);
                Peer peer = Peer.modbusSerial("rtu", directory.resolve("theirs").toString())) {
            PymodbusTest.readsAndWrites(
                    peer.readUntil("ready"), "serial: " + ours.toRealPath() + ", baud: 115200, timeout: 2s");
        }
    }

    @Test
    void readsAndWritesEveryTypeAndOrderOverRtuInTcpThroughASerialServer(@TempDir Path directory) throws Exception {
        try (Peer pair = serialPair(directory);
                Peer peer = Peer.modbusSerial("rtu", directory.resolve("theirs").toString())) {
            List<String> lines = peer.readUntil("ready");
            throughASerialServer(directory, connection -> PymodbusTest.reads(lines, connection));
            throughASerialServer(directory, EveryType::isReadAsItWasWritten);
        }
    }

    /** Something that asks a device. */
    @FunctionalInterface
    private interface Client {
        void ask(String connection) throws Exception;
    }

    private static void throughASerialServer(Path directory, Client client) throws Exception {
        int port = freePort();
        try (Peer server = Peer.serialServer(port, directory.resolve("ours"))) {
            client.ask("host: 127.0.0.1, transport: rtu-over-tcp, timeout: 2s, port: " + port);
        }
    }

    private static Peer serialPair(Path directory) throws Exception {
        Path ours = directory.resolve("ours");
        Path theirs = directory.resolve("theirs");
        Peer pair = Peer.serialPair(ours, theirs);
        await().atMost(Duration.ofSeconds(5)).until(() -> Files.exists(ours) && Files.exists(theirs));
        return pair;
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
