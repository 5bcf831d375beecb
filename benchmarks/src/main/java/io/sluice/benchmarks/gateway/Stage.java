package io.sluice.benchmarks.gateway;

import io.sluice.benchmarks.JavaCommand;
import io.sluice.field.ModbusField;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What stands around every contender: a field of servers, a broker, and folders for their files. */
final class Stage implements AutoCloseable {
    private final Path directory;
    private final Child field;
    private final Child broker;
    private final int[] ports;
    private final int brokerPort;
    private int runs;

    static Stage modbus(int servers) throws IOException {
        return new Stage(ModbusField.class, "64m", Integer.toString(servers));
    }

    /**
     * @param field prints {@code ready} and the ports of its servers, and serves until it is killed
     * @param heap as {@code -Xmx} takes it
     */
    Stage(Class<?> field, String heap, String... arguments) throws IOException {
        this.directory = Files.createTempDirectory("sluice-benchmark");
        this.brokerPort = freePort();
        this.broker = startBroker();
        this.field = startField(field, heap, arguments);
        try {
            this.ports = awaitPorts();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    int brokerPort() {
        return brokerPort;
    }

    /** Ports of the first {@code count} servers. */
    int[] servers(int count) {
        return Arrays.copyOf(ports, count);
    }

    /** An empty folder for one run of a contender. */
    Path runDirectory() throws IOException {
        runs++;
        return Files.createDirectory(directory.resolve("run-" + runs));
    }

    @Override
    public void close() throws IOException {
        field.close();
        broker.close();
        try (var files = Files.walk(directory)) {
            for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private Child startBroker() throws IOException {
        Path configuration = Files.write(
                directory.resolve("mosquitto.conf"),
                List.of(
                        "listener " + brokerPort + " 127.0.0.1",
                        "allow_anonymous true",
                        "max_inflight_messages 0",
                        "max_queued_messages 0",
                        "log_type error"));
        String program = Files.isExecutable(Path.of("/usr/sbin/mosquitto")) ? "/usr/sbin/mosquitto" : "mosquitto";
        return new Child("mosquitto", directory, List.of(program, "-c", configuration.toString()));
    }

    private Child startField(Class<?> field, String heap, String... arguments) throws IOException {
        return new Child("field", directory, JavaCommand.of(List.of("-Xmx" + heap), field, arguments));
    }

    private int[] awaitPorts() throws IOException {
        try {
            broker.await("a connection", this::brokerListens);
            field.await("the ports", () -> !readyLine().isEmpty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return Arrays.stream(readyLine().split(" "))
                .skip(1)
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    /** Empty as long as it is not there; Java and libraries may have warned of something before. */
    private String readyLine() {
        try {
            String text = Files.readString(field.log());
            return text.endsWith("\n")
                    ? text.lines()
                            .filter(line -> line.startsWith("ready "))
                            .findFirst()
                            .orElse("")
                    : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private boolean brokerListens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), brokerPort)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
