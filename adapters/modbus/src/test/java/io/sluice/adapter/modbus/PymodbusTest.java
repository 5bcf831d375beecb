package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every type in every order, as Python has encoded it and pymodbus serves it, reads equal, and so does what we write. */
final class PymodbusTest {

    /** A line of the peer: what lies where, and what it means. */
    private record Held(
            String name, String table, String address, String type, String order, String length, String text) {

        static Held parse(String line) {
            String[] parts = line.split("\\|", -1);
            return new Held(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]);
        }

        String asUsersWrite() {
            return "table: " + table + ", address: " + address + ", type: " + type
                    + (order.equals("ABCD") ? "" : ", order: " + order)
                    + (length.equals("0") ? "" : ", length: " + length);
        }

        Value value() {
            return switch (type) {
                case "bool" -> new Value.Bool(Boolean.parseBoolean(text));
                case "float16", "float32" -> new Value.Float32((float) Double.parseDouble(text));
                case "float64" -> new Value.Float64(Double.parseDouble(text));
                case "string",
                        "datetime-unix",
                        "datetime-unix-ms",
                        "datetime-registers",
                        "datetime-iec870",
                        "datetime-bcd",
                        "datetime-bytes",
                        "datetime-powerlogic",
                        "datetime-s7" -> new Value.Text(text);
                case "bytes" -> new Value.Bytes(HexFormat.of().parseHex(text));
                default ->
                    type.startsWith("int")
                            ? new Value.Signed(Long.parseLong(text))
                            : new Value.Unsigned(Long.parseUnsignedLong(text));
            };
        }
    }

    @Test
    void readsAndWritesEveryTypeAndOrderOverTcp() throws Exception {
        try (Peer peer = Peer.pymodbus("tcp")) {
            List<String> lines = peer.readUntil("ready");
            readsAndWrites(
                    lines,
                    "host: 127.0.0.1, unit-id: 7, port: " + lines.getLast().substring(6));
        }
    }

    @Test
    void readsAndWritesEveryTypeAndOrderOverRtuInTcp() throws Exception {
        try (Peer peer = Peer.pymodbus("rtu-over-tcp")) {
            List<String> lines = peer.readUntil("ready");
            readsAndWrites(
                    lines,
                    "host: 127.0.0.1, transport: rtu-over-tcp, port: "
                            + lines.getLast().substring(6));
        }
    }

    @Test
    void readsAndWritesEveryTypeAndOrderOverUdp() throws Exception {
        try (Peer peer = Peer.pymodbus("udp")) {
            List<String> lines = peer.readUntil("ready");
            readsAndWrites(
                    lines,
                    "host: 127.0.0.1, transport: udp, port: " + lines.getLast().substring(6));
        }
    }

    @Test
    void readsAndWritesEveryTypeAndOrderOverTlsWithCertificatesOnBothSides(@TempDir Path directory) throws Exception {
        Certificates.make(directory);
        try (Peer peer = Peer.pymodbus("tls", directory.toString())) {
            List<String> lines = peer.readUntil("ready");
            String port = lines.getLast().substring(6);
            readsAndWrites(
                    lines,
                    "host: 127.0.0.1, transport: tls, port: " + port + ", tls.ca: " + directory.resolve("ca.pem")
                            + ", tls.certificate: " + directory.resolve("client.pem") + ", tls.key: "
                            + directory.resolve("client.key"));
            refuses("host: 127.0.0.1, transport: tls, port: " + port + ", tls.ca: " + directory.resolve("ca.pem"));
            refuses("host: 127.0.0.1, transport: tls, port: " + port);
        }
    }

    private static void refuses(String connection) throws Exception {
        Definitions device = Definitions.device("d").connection(connection).poll(Duration.ofSeconds(1));
        try (Running running = Running.open(
                device.tag("t", "table: holding, address: 0, type: uint16").plan())) {
            RecordingSink sink = running.of("d");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> !sink.all(RecordingSink.Event.Offline.class).isEmpty());
            assertThat(sink.samples()).isEmpty();
        }
    }

    @Test
    void readsAndWritesEveryTypeAndOrderOverASerialLineInAscii(@TempDir Path directory) throws Exception {
        overASerialLine(directory, "ascii");
    }

    @Test
    void readsAndWritesEveryTypeAndOrderOverASerialLine(@TempDir Path directory) throws Exception {
        overASerialLine(directory, "rtu");
    }

    private static void overASerialLine(Path directory, String transport) throws Exception {
        Path ours = directory.resolve("ours");
        Path theirs = directory.resolve("theirs");
        try (Peer pair = Peer.serialPair(ours, theirs)) {
            await().atMost(Duration.ofSeconds(5)).until(() -> Files.exists(ours) && Files.exists(theirs));
            try (Peer peer = Peer.pymodbus(transport, theirs.toString())) {
                List<String> lines = peer.readUntil("ready");
                readsAndWrites(
                        lines,
                        "serial: " + ours.toRealPath() + ", transport: " + transport + ", baud: 115200, timeout: 2s");
            }
        }
    }

    static void readsAndWrites(List<String> lines, String connection) throws Exception {
        reads(lines, connection);
        EveryType.isReadAsItWasWritten(connection);
    }

    static void reads(List<String> lines, String connection) throws Exception {
        List<Held> held = lines.stream()
                .filter(line -> line.contains("|"))
                .map(Held::parse)
                .toList();
        Definitions device = Definitions.device("d").connection(connection).poll(Duration.ofSeconds(1));
        held.forEach(tag -> device.tag(tag.name(), tag.asUsersWrite()));

        try (Running running = Running.open(device.plan())) {
            RecordingSink sink = running.of("d");
            await().atMost(Duration.ofSeconds(10)).until(() -> sink.samples().size() >= held.size());

            assertThat(held).hasSizeGreaterThan(150);
            assertThat(sink.samples().subList(0, held.size())).allSatisfy(sample -> {
                Held tag = held.get(sample.tag());
                assertThat(sample.status()).as("%s, %s", tag, lines.getFirst()).isEqualTo(Status.GOOD);
                assertThat(sample.value()).as("%s, %s", tag, lines.getFirst()).isEqualTo(tag.value());
            });
            assertThat(sink.samples().stream().map(Sample::tag).distinct()).hasSameSizeAs(held);
        }
    }
}
