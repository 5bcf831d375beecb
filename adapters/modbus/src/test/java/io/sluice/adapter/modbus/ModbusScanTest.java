package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.adapter.DevicePlan.PlannedTag;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scan finds, and that its draft can be used. */
final class ModbusScanTest {

    private static final Duration TIMEOUT = Duration.ofMillis(100);

    private final List<String> told = new ArrayList<>();

    @Test
    void findsUnitsWhoTheyAreAndWhatCanBeRead(@TempDir Path directory) throws Exception {
        try (MemoryServer server = new MemoryServer()
                .units(2, 5)
                .identity(0, "Acme")
                .identity(1, "AC-7")
                .lacking(1, 2)) {
            for (int address = 100; address < 110; address++) {
                server.set(address, address);
            }
            Map<Integer, String> drafts =
                    scan(server, IntStream.rangeClosed(1, 6).boxed().toList());

            assertThat(drafts).containsOnlyKeys(2, 5);
            assertThat(told)
                    .contains(
                            "unit 2: vendor Acme",
                            "unit 2: product code AC-7",
                            "unit 5: holding registers 100 to 109 can be read");
            ModbusPlan plan = plan(drafts.getOrDefault(5, ""), server.port(), directory);
            assertThat(plan.tags()).extracting(PlannedTag::name).hasSize(10).contains("holding-100", "holding-109");
        }
    }

    @Test
    void aSunSpecDeviceIsReadByTheDraftAsItStands(@TempDir Path directory) throws Exception {
        try (MemoryServer server = inverter()) {
            Map<Integer, String> drafts = scan(server, List.of(1));

            assertThat(told)
                    .contains(
                            "unit 1: SunSpec model 1 (Common) at 40002, 66 registers",
                            "unit 1: SunSpec model 103 (Inverter, three phase) at 40070, 50 registers",
                            "unit 1: SunSpec model 64001 (not known here) at 40122, 4 registers",
                            "unit 1: profile: sunspec reads it without a draft, as far as it knows its models");
            ModbusPlan plan = plan(drafts.getOrDefault(1, ""), server.port(), directory);
            try (Running running = Running.open(plan)) {
                assertThat(read(running, plan, "1-Mn").value()).isEqualTo(new Value.Text("Acme Solar"));
                assertThat(read(running, plan, "103-W").value()).isEqualTo(new Value.Float64(2345.6));
                assertThat(read(running, plan, "103-AphC").status()).isEqualTo(Status.bad(SluiceCode.NOT_AVAILABLE));
            }
        }
    }

    @Test
    void aServerThatAnswersEveryUnitIdIsOneDevice() throws Exception {
        try (MemoryServer server = new MemoryServer().set(0, 1)) {
            assertThat(scan(server, List.of(1, 2, 3, 4))).containsOnlyKeys(1);
            assertThat(told).contains("every unit id is answered: only unit 1 is looked at");
        }
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        // Without a thread in accept(), which may keep a port open a little after it was closed.
        ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        closed.close();
        assertThatThrownBy(() -> scan(closed.getLocalPort(), List.of(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("connection refused by 127.0.0.1:" + closed.getLocalPort());
    }

    private Map<Integer, String> scan(MemoryServer server, List<Integer> units) throws IOException {
        return scan(server.port(), units);
    }

    private Map<Integer, String> scan(int port, List<Integer> units) throws IOException {
        try (ModbusScan scan = ModbusScan.tcp("127.0.0.1", port, TIMEOUT, 200, told::add)) {
            return scan.drafts(units);
        }
    }

    /** SunSpec's marker, the models 1, 103 and one of a vendor, and the end. */
    private static MemoryServer inverter() throws IOException {
        MemoryServer server = new MemoryServer().set(40_000, 0x5375).set(40_001, 0x6E53);
        model(server, 40_002, 1, 66);
        text(server, 40_004, "Acme Solar");
        model(server, 40_070, 103, 50);
        server.set(40_084, 23_456).set(40_085, -1).set(40_075, 0xFFFF).set(40_076, -2);
        model(server, 40_122, 64_001, 4);
        return server.set(40_128, 0xFFFF).set(40_129, 0);
    }

    private static void model(MemoryServer server, int address, int number, int length) {
        for (int i = 2; i < length + 2; i++) {
            server.set(address + i, 0);
        }
        server.set(address, number).set(address + 1, length);
    }

    private static void text(MemoryServer server, int address, String text) {
        for (int i = 0; i < text.length(); i += 2) {
            server.set(address + i / 2, text.charAt(i) << 8 | text.charAt(i + 1));
        }
    }

    private static Sample read(Running running, ModbusPlan plan, String tag) throws Exception {
        List<String> names = plan.tags().stream().map(PlannedTag::name).toList();
        return running.read("d", List.of(names.indexOf(tag))).getFirst();
    }

    private static ModbusPlan plan(String draft, int port, Path directory) throws IOException {
        Files.writeString(directory.resolve("draft.yaml"), draft);
        Files.writeString(
                directory.resolve("gateway.yaml"),
                "devices:\n  - { id: d, profile: ./draft.yaml, poll: 1h, connection: { host: 127.0.0.1, port: " + port
                        + " } }\n");
        return SampleTest.plans(directory.resolve("gateway.yaml")).getFirst();
    }
}
