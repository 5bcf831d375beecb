package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.DevicePlan.PlannedTag;
import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tags by SunSpec's own names: the device says where they are. */
final class SunSpecTest {

    private static final Status NOT_AVAILABLE = Status.bad(SluiceCode.NOT_AVAILABLE);
    private static final int INVERTER = 40_070;
    private static final int METER = 40_122;

    @Test
    void isReadWhereTheDeviceHasTheModelAndScaledAsItSays() throws Exception {
        try (MemoryServer server = solarPark();
                Running running = Running.open(device(server).plan())) {
            RecordingSink sink = running.of("d");
            await().atMost(Duration.ofSeconds(5)).until(() -> sink.samples().size() >= 4);

            assertThat(sink.samples().subList(0, 4))
                    .extracting(Sample::value)
                    .containsExactlyInAnyOrder(
                            new Value.Float64(2345.6), new Value.Float64(-7.5), new Value.Text("Acme Solar"), null);
            assertThat(running.read("d", List.of(0, 3)))
                    .extracting(Sample::status)
                    .containsExactly(Status.GOOD, NOT_AVAILABLE);
        }
    }

    @Test
    void followsADeviceThatComesBackWithItsModelsElsewhere() throws Exception {
        try (MemoryServer server = solarPark();
                Running running =
                        Running.open(device(server).poll(Duration.ofMillis(20)).plan())) {
            RecordingSink sink = running.of("d");
            await().atMost(Duration.ofSeconds(5)).until(() -> sink.polls() > 3);

            // Away while it changes, as a device is that starts anew: what was on its way is answered before.
            server.mute();
            int asked = server.functions().size();
            await().atMost(Duration.ofSeconds(5)).until(() -> server.functions().size() > asked + 1);
            // The meter where the inverter was, and the other way round.
            model(server, INVERTER, 203, 105);
            server.set(INVERTER + 18, -75).set(INVERTER + 22, -1);
            model(server, INVERTER + 107, 103, 50);
            server.set(INVERTER + 107 + 14, 23_456).set(INVERTER + 107 + 15, -1);
            server.set(INVERTER + 159, 0xFFFF).set(INVERTER + 160, 0);
            server.dropConnections();
            server.speakAgain();
            int samples = sink.samples().size();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> sink.samples().stream()
                                    .skip(samples)
                                    .filter(sample -> sample.status().equals(Status.GOOD))
                                    .count()
                            > 10);

            assertThat(good(sink, 0)).containsOnly(new Value.Float64(2345.6));
            assertThat(good(sink, 1)).containsOnly(new Value.Float64(-7.5));
        }
    }

    private static List<Value> good(RecordingSink sink, int tag) {
        return sink.samples().stream()
                .filter(sample -> sample.tag() == tag && sample.status().equals(Status.GOOD))
                .map(Sample::value)
                .distinct()
                .toList();
    }

    @Test
    void hasNoValueOnADeviceThatIsNotOfSunSpec() throws Exception {
        try (MemoryServer server = new MemoryServer().set(0, 5);
                Running running = Running.open(device(server)
                        .tag("plain", "table: holding, address: 0, type: uint16")
                        .plan())) {
            assertThat(running.read("d", List.of(0, 4)))
                    .extracting(Sample::status)
                    .containsExactly(NOT_AVAILABLE, Status.GOOD);
            assertThat(running.write("d", 0, new Value.Float64(1)))
                    .isEqualTo(new WriteResult.Refused("the device has no SunSpec model with this point"));
        }
    }

    @Test
    void isWrittenWhereTheModelIs() throws Exception {
        try (MemoryServer server = solarPark();
                Running running = Running.open(device(server).plan())) {
            assertThat(running.write("d", 0, new Value.Float64(12.5))).isEqualTo(new WriteResult.Written());

            assertThat(server.register(INVERTER + 14)).isEqualTo(125);
        }
    }

    @Test
    void aSunSpecDeviceNeedsNoProfileOfItsOwn(@TempDir Path directory) throws Exception {
        try (MemoryServer server = solarPark()) {
            Files.writeString(
                    directory.resolve("gateway.yaml"),
                    "devices:\n  - { id: d, profile: sunspec, poll: 1h, connection: { host: 127.0.0.1, port: "
                            + server.port() + " } }\n");
            ModbusPlan plan =
                    SampleTest.plans(directory.resolve("gateway.yaml")).getFirst();
            List<String> names = plan.tags().stream().map(PlannedTag::name).toList();
            assertThat(plan.tags())
                    .contains(
                            new PlannedTag("inverter-power", ValueType.FLOAT64, "sunspec 101-103/W"),
                            new PlannedTag("manufacturer", ValueType.STRING, "sunspec 1/Mn"));
            try (Running running = Running.open(plan)) {
                assertThat(running.read("d", List.of(names.indexOf("inverter-power"), names.indexOf("meter-power"))))
                        .extracting(Sample::value)
                        .containsExactly(new Value.Float64(2345.6), new Value.Float64(-7.5));
            }
        }
    }

    private static Definitions device(MemoryServer server) {
        return Definitions.device("d")
                .connection("host: 127.0.0.1, timeout: 500ms, port: " + server.port())
                .poll(Duration.ofDays(1))
                .tag("power", "sunspec: 101-103/W")
                .tag("meter", "sunspec: 201-204/W")
                .tag("maker", "sunspec: 1/Mn")
                .tag("phase-c", "sunspec: 103/AphC");
    }

    /** The models 1, 103 and 203: 2345.6 W out of the inverter, -7.5 W at the meter, and no third phase. */
    private static MemoryServer solarPark() throws IOException {
        MemoryServer server = new MemoryServer().set(40_000, 0x5375).set(40_001, 0x6E53);
        model(server, 40_002, 1, 66);
        String maker = "Acme Solar";
        for (int i = 0; i < maker.length(); i += 2) {
            server.set(40_004 + i / 2, maker.charAt(i) << 8 | maker.charAt(i + 1));
        }
        model(server, INVERTER, 103, 50);
        server.set(INVERTER + 14, 23_456)
                .set(INVERTER + 15, -1)
                .set(INVERTER + 5, 0xFFFF)
                .set(INVERTER + 6, -2);
        model(server, METER, 203, 105);
        server.set(METER + 18, -75).set(METER + 22, -1);
        return server.set(METER + 107, 0xFFFF).set(METER + 108, 0);
    }

    private static void model(MemoryServer server, int address, int number, int length) {
        for (int i = 2; i < length + 2; i++) {
            server.set(address + i, 0);
        }
        server.set(address, number).set(address + 1, length);
    }
}
