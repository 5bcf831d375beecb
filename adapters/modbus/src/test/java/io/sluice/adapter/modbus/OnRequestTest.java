package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.CodeSpace;
import io.sluice.telemetry.Status.Quality;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Single tags read and written when somebody asks. */
final class OnRequestTest {

    private static final Duration NEVER = Duration.ofDays(1);

    @Test
    void aBitIsChangedWithoutTouchingItsNeighboursWhetherTheDeviceKnowsMaskWritesOrNot() throws Exception {
        for (boolean knows : List.of(true, false)) {
            try (MemoryServer server = new MemoryServer().set(5, 0xA5A5).lacking(knows ? 99 : 22);
                    Running running = Running.open(device(server)
                            .tag("bit", "table: holding, address: 5, bit: 3")
                            .tag("low", "table: holding, address: 5, type: uint8-low")
                            .plan())) {
                assertThat(running.write("d", 0, new Value.Bool(true))).isEqualTo(new WriteResult.Written());
                assertThat(server.register(5)).isEqualTo(0xA5AD);
                assertThat(running.write("d", 1, new Value.Unsigned(0x11))).isEqualTo(new WriteResult.Written());
                assertThat(server.register(5)).isEqualTo(0xA511);
                assertThat(server.functions()).contains(knows ? 22 : 6);
            }
        }
    }

    @Test
    void aDeviceThatKnowsOnlyTheFunctionsForSeveralIsWrittenWithThose() throws Exception {
        try (MemoryServer server = new MemoryServer().lacking(5, 6);
                Running running = Running.open(device(server)
                        .tag("register", "table: holding, address: 5, type: uint16")
                        .tag("coil", "table: coil, address: 6")
                        .plan())) {
            assertThat(running.write("d", 0, new Value.Unsigned(7))).isEqualTo(new WriteResult.Written());
            assertThat(running.write("d", 1, new Value.Bool(true))).isEqualTo(new WriteResult.Written());

            assertThat(server.register(5)).isEqualTo(7);
            assertThat(server.coil(6)).isTrue();
        }
    }

    @Test
    void aWriteThatDoesNotFitIsRefusedBeforeAnythingIsSent() throws Exception {
        try (MemoryServer server = new MemoryServer();
                Running running = Running.open(device(server)
                        .tag("small", "table: holding, address: 5, type: int16")
                        .tag("input", "table: input, address: 5, type: int16")
                        .plan())) {
            assertThat(running.write("d", 0, new Value.Signed(40_000)))
                    .isEqualTo(new WriteResult.Refused("40000 does not fit int16: -32768 to 32767"));
            assertThat(running.write("d", 0, new Value.Float64(1.5)))
                    .isEqualTo(new WriteResult.Refused("1.5 is not a multiple of 1, which int16 counts in"));
            assertThat(running.write("d", 1, new Value.Signed(4)))
                    .isEqualTo(new WriteResult.Refused("input registers cannot be written"));
            assertThat(server.functions()).doesNotContain(6, 16);
        }
    }

    @Test
    void aWriteIsScaledByTheRegisterThatScalesTheReading() throws Exception {
        try (MemoryServer server = new MemoryServer().set(5, 0).set(6, -2);
                Running running = Running.open(device(server)
                        .tag("limit", "table: holding, address: 5, type: uint16, scale-register: 6")
                        .plan())) {
            assertThat(running.write("d", 0, new Value.Float64(12.34))).isEqualTo(new WriteResult.Written());

            assertThat(server.register(5)).isEqualTo(1234);
            assertThat(running.read("d", List.of(0)).getFirst().value()).isEqualTo(new Value.Float64(12.34));
        }
    }

    @Test
    void readingBackFindsADeviceThatConfirmsAndForgets() throws Exception {
        try (MemoryServer server = new MemoryServer().set(5, 3);
                Running running = Running.open(device(server)
                        .tag("t", "table: holding, address: 5, type: uint16, read-back: true")
                        .plan())) {
            server.forget();

            assertThat(running.write("d", 0, new Value.Unsigned(9)))
                    .isEqualTo(new WriteResult.Failed(
                            Status.bad(SluiceCode.NONE),
                            "wrote 0009 to holding registers 5, but the device holds 0003"));
        }
    }

    @Test
    void aWriteWithoutAnAnswerIsSentOnceAndItsFateIsUnknown() throws Exception {
        try (MemoryServer server = new MemoryServer();
                Running running = Running.open(device(server, "200ms")
                        .tag("t", "table: holding, address: 5, type: uint16")
                        .plan())) {
            server.mute();

            assertThat(running.write("d", 0, new Value.Unsigned(9))).isInstanceOf(WriteResult.Unknown.class);
            assertThat(server.functions()).containsOnlyOnce(6);
        }
    }

    @Test
    void anExceptionOfTheDeviceIsTheResult() throws Exception {
        try (MemoryServer server = new MemoryServer().set(5, 1).lacking(6, 16);
                Running running = Running.open(device(server)
                        .tag("t", "table: holding, address: 5, type: uint16")
                        .tag("other", "table: holding, address: 6, type: uint16")
                        .plan())) {
            Status illegalFunction = new Status(Quality.BAD, CodeSpace.MODBUS, 1);
            Status illegalAddress = new Status(Quality.BAD, CodeSpace.MODBUS, 2);

            assertThat(running.write("d", 0, new Value.Unsigned(9)))
                    .isEqualTo(new WriteResult.Failed(
                            illegalFunction, "the device refused a write to holding registers 5 with exception 1"));
            assertThat(running.read("d", List.of(1, 0, 1)))
                    .extracting(Sample::tag, Sample::status)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(1, illegalAddress),
                            org.assertj.core.groups.Tuple.tuple(0, Status.GOOD),
                            org.assertj.core.groups.Tuple.tuple(1, illegalAddress));
        }
    }

    @Test
    void writesGoAheadOfThePollsThatAreDueAndAheadOfReads() throws Exception {
        try (MemoryServer server = new MemoryServer()) {
            server.hold();
            Definitions device = device(server).poll(Duration.ofMillis(100));
            for (int i = 0; i < 30; i++) {
                server.set(200 * i, i);
                device.tag("t" + i, "table: holding, type: uint16, address: " + 200 * i);
            }
            try (Running running = Running.open(device.plan())) {
                await().until(() -> server.functions().size() == 1);
                CompletableFuture<List<Sample>> read = running.startRead("d", List.of(0));
                CompletableFuture<WriteResult> write = running.startWrite("d", 1, new Value.Unsigned(5));
                server.goOn();
                write.get(5, TimeUnit.SECONDS);
                read.get(5, TimeUnit.SECONDS);

                assertThat(server.functions().indexOf(6))
                        .as("behind the poll that is on its way")
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void whereNobodyListensReadsAreBadAndWritesFail() throws Exception {
        MemoryServer server = new MemoryServer();
        server.close();
        try (Running running = Running.open(device(server)
                .tag("t", "table: holding, address: 5, type: uint16")
                .plan())) {
            Status unreachable = Status.bad(SluiceCode.DEVICE_UNREACHABLE);

            assertThat(running.read("d", List.of(0)).getFirst().status()).isEqualTo(unreachable);
            assertThat(running.write("d", 0, new Value.Unsigned(9)))
                    .isInstanceOfSatisfying(
                            WriteResult.Failed.class,
                            failed -> assertThat(failed.status()).isEqualTo(unreachable));
        }
    }

    @Test
    void whatStillWaitsAtTheStopIsAnswered() throws Exception {
        try (MemoryServer server = new MemoryServer()) {
            server.mute();
            List<CompletableFuture<?>> waiting = new ArrayList<>();
            try (Running running = Running.open(device(server, "200ms")
                    .tag("t", "table: holding, address: 5, type: uint16")
                    .plan())) {
                for (int i = 0; i < 5; i++) {
                    waiting.add(running.startRead("d", List.of(0)));
                    waiting.add(running.startWrite("d", 0, new Value.Unsigned(i)));
                }
            }
            assertThat(waiting).allSatisfy(result -> assertThat(result).isDone());
        }
    }

    @Test
    void onlyDevicesAndTagsThatAreThereCanBeAskedFor() throws Exception {
        try (MemoryServer server = new MemoryServer();
                Running running = Running.open(device(server)
                        .tag("t", "table: holding, address: 5, type: uint16")
                        .plan())) {
            assertThatThrownBy(() -> running.read("other", List.of(0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no Modbus device other");
            assertThatThrownBy(() -> running.read("d", List.of(1))).hasMessage("d has no tag 1");
            assertThatThrownBy(() -> running.write("d", -1, new Value.Signed(0)))
                    .hasMessage("d has no tag -1");
        }
    }

    private static Definitions device(MemoryServer server) {
        return device(server, "5s");
    }

    private static Definitions device(MemoryServer server, String timeout) {
        return Definitions.device("d")
                .connection("host: 127.0.0.1, timeout: " + timeout + ", port: " + server.port())
                .poll(NEVER);
    }
}
