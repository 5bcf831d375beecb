package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.facade.AbstractModbusMaster;
import com.ghgande.j2mod.modbus.facade.ModbusSerialMaster;
import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import com.ghgande.j2mod.modbus.util.SerialParameters;
import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A reply that comes after its request was given up. Plain j2mod takes it for the answer to the next request; these tests
 * show that, so that nobody simplifies our care away, and that we do not.
 */
final class LateReplyTest {

    private static final int FIRST = 1000;
    private static final int NEXT = 2000;
    private static final Duration TIMEOUT = Duration.ofMillis(200);
    /** Where the answer to the next question must not be late. */
    private static final Duration PATIENT = Duration.ofSeconds(1);

    @Test
    void plainJ2modTakesItOverTcp() throws Exception {
        CountDownLatch givenUp = new CountDownLatch(1);
        try (RawServer server = new RawServer(lateUntil(givenUp))) {
            ModbusTCPMaster client = new ModbusTCPMaster("127.0.0.1", server.port(), (int) PATIENT.toMillis(), false);
            client.connect();
            client.setRetries(1);
            assertThatThrownBy(() -> client.readMultipleRegisters(1, FIRST, 1)).isInstanceOf(ModbusException.class);
            givenUp.countDown();

            assertThat(client.readMultipleRegisters(1, NEXT, 1)[0].getValue()).isEqualTo(FIRST);
            client.disconnect();
        }
    }

    @Test
    void isNeverTakenOverTcp() throws Exception {
        CountDownLatch givenUp = new CountDownLatch(1);
        try (RawServer server = new RawServer(lateUntil(givenUp));
                ModbusConnection connection =
                        new TcpConnection("127.0.0.1", server.port(), "device", PATIENT, () -> new MbapFraming(7))) {
            connection.connect();
            assertThatThrownBy(() -> connection.exchange(1, register(FIRST))).isInstanceOf(IOException.class);
            givenUp.countDown();

            connection.connect();
            assertThat(value(connection.exchange(1, register(NEXT)))).isEqualTo(NEXT);
        }
    }

    /** Answers the first question only when it has been given up. */
    private static RawServer.Behaviour lateUntil(CountDownLatch givenUp) {
        return (request, out) -> {
            if (request.address() == FIRST) {
                givenUp.await();
            }
            out.write(request.answer());
        };
    }

    @Test
    void isNeverTakenOverRtuInTcpThoughItComesOnTheNextConnection() throws Exception {
        LaggingRtuDevice device = new LaggingRtuDevice();
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ModbusConnection connection = new SettlingConnection(
                        new TcpConnection("127.0.0.1", listener.getLocalPort(), "device", TIMEOUT, RtuFraming::new))) {
            Thread.ofVirtual().start(() -> acceptAll(listener, device));
            neverTakesIt(connection);
        }
    }

    @Test
    void plainJ2modTakesItOverASerialLine(@TempDir Path directory) throws Exception {
        try (SerialLine line = new SerialLine(directory)) {
            SerialParameters parameters = new SerialParameters();
            parameters.setPortName(line.ours());
            parameters.setBaudRate(115_200);
            parameters.setEncoding("rtu");
            parameters.setOpenDelay(0);
            AbstractModbusMaster client = new ModbusSerialMaster(parameters, (int) PATIENT.toMillis());
            client.connect();
            client.setRetries(1);
            client.setCheckingValidity(true);
            assertThatThrownBy(() -> client.readMultipleRegisters(1, FIRST, 1)).isInstanceOf(ModbusException.class);

            assertThat(client.readMultipleRegisters(1, NEXT, 1)[0].getValue()).isEqualTo(FIRST);
            client.disconnect();
        }
    }

    @Test
    void isNeverTakenOverASerialLine(@TempDir Path directory) throws Exception {
        try (SerialLine line = new SerialLine(directory);
                ModbusConnection connection = new SettlingConnection(new SerialConnection(new Endpoint.Serial(
                        line.ours(),
                        115_200,
                        SerialFormat.of("8N1"),
                        false,
                        java.util.Optional.empty(),
                        TIMEOUT,
                        Duration.ofMillis(2))))) {
            neverTakesIt(connection);
        }
    }

    private static void neverTakesIt(ModbusConnection connection) throws IOException {
        connection.connect();
        assertThatThrownBy(() -> connection.exchange(1, register(FIRST))).isInstanceOf(IOException.class);
        int failed = 0;
        for (int address = NEXT; address < NEXT + 20; address++) {
            connection.connect();
            try {
                assertThat(value(connection.exchange(1, register(address)))).isEqualTo(address);
            } catch (IOException e) {
                failed++;
            }
        }
        assertThat(failed)
                .as("no answer is allowed for a while, a wrong one never")
                .isLessThan(5);
    }

    private static Block register(int address) {
        return new Block(new Place(Table.HOLDING, address), 1, List.of());
    }

    private static int value(Reply reply) {
        Reply.Data data = (Reply.Data) reply;
        return ((data.bytes()[data.offset()] & 0xFF) << 8) | (data.bytes()[data.offset() + 1] & 0xFF);
    }

    private static void acceptAll(ServerSocket listener, LaggingRtuDevice device) {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        device.serve(socket.getInputStream(), socket.getOutputStream());
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
            }
        } catch (IOException _) {
            // The listener was closed: the test is over.
        }
    }

    /** Two pseudo terminals; a lagging device at the far one. */
    private static final class SerialLine implements AutoCloseable {
        private final Path near;
        private final Peer pair;
        private final FileInputStream keepsItOpen;
        private final FileInputStream in;
        private final FileOutputStream out;

        SerialLine(Path directory) throws Exception {
            this.near = directory.resolve("near");
            Path far = directory.resolve("far");
            this.pair = Peer.serialPair(near, far);
            await().atMost(Duration.ofSeconds(5)).until(() -> Files.exists(near) && Files.exists(far));
            this.keepsItOpen = new FileInputStream(near.toFile());
            this.in = new FileInputStream(far.toFile());
            this.out = new FileOutputStream(far.toFile());
            Thread.ofPlatform().daemon().start(() -> new LaggingRtuDevice().serve(in, out));
        }

        String ours() throws IOException {
            return near.toRealPath().toString();
        }

        @Override
        public void close() throws Exception {
            pair.close();
            keepsItOpen.close();
            in.close();
            out.close();
        }
    }
}
