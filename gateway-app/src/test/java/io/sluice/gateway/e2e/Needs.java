package io.sluice.gateway.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What a test cannot do without; where it is missing the test is skipped and says how to get it. */
final class Needs {
    /** Debian's Python, for which python3-pymodbus is packaged; another one may come first on the PATH. */
    static final Path PYTHON = Path.of("/usr/bin/python3");

    private Needs() {}

    static Path mosquitto() {
        return command("mosquitto", "mosquitto");
    }

    /** Its listeners can be WebSockets: a choice of whoever builds it. */
    static void mosquittoWithWebSockets() throws IOException {
        String program = new String(Files.readAllBytes(mosquitto()), StandardCharsets.ISO_8859_1);
        assumeTrue(
                !program.contains("Websockets support not available"),
                "needs a mosquitto with WebSockets: apt-get install mosquitto, or tools/peers");
    }

    static Path openssl() {
        return command("openssl", "openssl");
    }

    static Path compiler() {
        return command("gcc", "gcc libc6-dev");
    }

    /** A library for {@code LD_PRELOAD} that says another time than the kernel. */
    static Path fakeTime() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
            Optional<Path> library = folders.map(folder -> folder.resolve("faketime/libfaketimeMT.so.1"))
                    .filter(Files::exists)
                    .findFirst();
            assumeTrue(library.isPresent(), "needs faketime: apt-get install faketime, or tools/peers");
            return library.orElseThrow();
        }
    }

    static void pymodbus() {
        boolean there = Files.isExecutable(PYTHON) && succeeds(PYTHON.toString(), "-c", "import pymodbus");
        assumeTrue(there, "needs python3-pymodbus: apt-get install python3-pymodbus, or tools/peers");
    }

    static void prometheusClient() {
        boolean there = Files.isExecutable(PYTHON) && succeeds(PYTHON.toString(), "-c", "import prometheus_client");
        assumeTrue(there, "needs python3-prometheus-client: apt-get install python3-prometheus-client, or tools/peers");
    }

    static Path nodeOpcua() {
        Path modules = repository().resolve(".peers/node_modules");
        assumeTrue(Files.isDirectory(modules.resolve("node-opcua")), "needs node-opcua: tools/peers");
        command("node", "nodejs");
        return modules;
    }

    /** The root of the source tree; Maven runs tests in the folder of their module. */
    static Path repository() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .filter(directory -> Files.exists(directory.resolve("tools/peers")))
                .findFirst()
                .orElseThrow();
    }

    /** A port of 127.0.0.1 that was free a moment ago, for a peer that has to come back on the same one. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path command(String name, String debianPackage) {
        // Debian keeps daemons in sbin, which is not on every user's PATH.
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
        return Stream.of(path.split(":"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> {
                    assumeTrue(false, "needs " + name + ": apt-get install " + debianPackage + ", or tools/peers");
                    throw new AssertionError("unreachable");
                });
    }

    private static boolean succeeds(String... command) {
        try (Peer peer = Peer.start(command[0], Path.of("."), command)) {
            return peer.awaitExit(Peer.PATIENCE) == 0;
        }
    }
}
