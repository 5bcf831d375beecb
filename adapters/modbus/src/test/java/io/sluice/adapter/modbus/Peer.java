package io.sluice.adapter.modbus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that is not ours. It ends with its standard input. */
final class Peer implements AutoCloseable {

    private static final String PYTHON = "/usr/bin/python3";

    private final Process process;
    private final BufferedReader output;

    private Peer(List<String> command) throws IOException {
        this.process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** pymodbus as a server; the test is skipped where it is not installed. */
    static Peer pymodbus(String... arguments) throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of(PYTHON)) && run(PYTHON, "-c", "import pymodbus") == 0,
                "needs pymodbus: apt-get install python3-pymodbus");
        Path script =
                Path.of(Peer.class.getResource("/peers/pymodbus_server.py").toURI());
        List<String> command = new ArrayList<>(List.of(PYTHON, script.toString()));
        command.addAll(List.of(arguments));
        return new Peer(command);
    }

    /**
     * modbus-serial as a server; the test is skipped where it is not installed.
     *
     * @param arguments none for TCP, {@code rtu} and a serial port for that
     */
    static Peer modbusSerial(String... arguments) throws Exception {
        Path modules = Path.of("../../.peers/node_modules").toAbsolutePath().normalize();
        for (String name : List.of("modbus-serial", "serialport")) {
            assumeTrue(Files.isDirectory(modules.resolve(name)), "needs " + name + ": tools/peers");
        }
        assumeTrue(run("sh", "-c", "command -v node") == 0, "needs Node.js: apt-get install nodejs");
        Path script =
                Path.of(Peer.class.getResource("/peers/modbus_serial_server.js").toURI());
        List<String> command = new ArrayList<>(List.of("node", script.toString(), modules.toString()));
        command.addAll(List.of(arguments));
        return new Peer(command);
    }

    /** Two serial ports connected to each other; the test is skipped where socat is not installed. */
    static Peer serialPair(Path one, Path other) throws Exception {
        assumeTrue(run("sh", "-c", "command -v socat") == 0, "needs socat: apt-get install socat");
        return new Peer(List.of("socat", "-t0", "pty,raw,echo=0,link=" + one, "pty,raw,echo=0,link=" + other));
    }

    /** A serial server for one connection: what comes in at the TCP port goes out at the serial port, and back. */
    static Peer serialServer(int tcpPort, Path serialPort) throws Exception {
        assumeTrue(run("sh", "-c", "command -v socat") == 0, "needs socat: apt-get install socat");
        Peer server = new Peer(List.of(
                "socat", "-t0", "TCP-LISTEN:" + tcpPort + ",bind=127.0.0.1,reuseaddr", serialPort + ",raw,echo=0"));
        await().atMost(Duration.ofSeconds(10)).until(() -> listens(tcpPort));
        return server;
    }

    /** As Linux tells it: to try would use up the one connection. */
    private static boolean listens(int port) throws IOException {
        String listening = "0100007F:%04X 00000000:0000 0A".formatted(port);
        return Files.readAllLines(Path.of("/proc/net/tcp")).stream().anyMatch(line -> line.contains(listening));
    }

    static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor();
    }

    /** Lines of its output until one begins with {@code word}, that one included. */
    List<String> readUntil(String word) throws IOException {
        List<String> lines = new ArrayList<>();
        String line;
        while ((line = output.readLine()) != null) {
            lines.add(line);
            if (line.startsWith(word)) {
                return lines;
            }
        }
        throw new IOException("the peer ended without saying " + word + ": " + lines);
    }

    @Override
    public void close() throws Exception {
        process.getOutputStream().close();
        process.destroy();
        if (!process.waitFor(2, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
