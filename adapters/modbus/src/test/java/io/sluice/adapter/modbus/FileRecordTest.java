package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.ghgande.j2mod.modbus.procimg.File;
import com.ghgande.j2mod.modbus.procimg.Record;
import com.ghgande.j2mod.modbus.procimg.SimpleProcessImage;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import com.ghgande.j2mod.modbus.slave.ModbusSlave;
import com.ghgande.j2mod.modbus.slave.ModbusSlaveFactory;
import com.ghgande.j2mod.modbus.util.SerialParameters;
import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.adapter.Sample;
import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of files, as the specification shows them and as j2mod's server, which is not ours, serves them. */
final class FileRecordTest {

    private static final Block TWO = new Block(new Place(Table.FILE, 4, 1), 2, List.of());

    @Test
    void asksAsTheExampleOfTheSpecificationDoes() throws IOException {
        assertThat(pdu(TWO)).isEqualTo("14070600040001 0002".replace(" ", ""));

        byte[] answer = HexFormat.of().parseHex("140605060dfe0020");
        Reply.Data data = (Reply.Data) Request.reply(TWO, answer, 0, answer.length);
        assertThat(Request.word(answer, data.offset())).isEqualTo(0x0DFE);
        assertThat(Request.word(answer, data.offset() + 2)).isEqualTo(0x0020);
    }

    @Test
    void takesNoAnswerOfAnotherLengthOrKind() {
        for (String wrong : List.of("140403060dfe", "140607060dfe0020", "140605070dfe0020")) {
            byte[] answer = HexFormat.of().parseHex(wrong);
            assertThatThrownBy(() -> Request.reply(TWO, answer, 0, answer.length))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("records 1 to 2 of file 4");
        }
    }

    @Test
    void writesAsTheExampleOfTheSpecificationDoes() throws IOException {
        FileWrite write =
                new FileWrite(new Place(Table.FILE, 4, 7), HexFormat.of().parseHex("06af04be100d"));
        assertThat(pdu(write)).isEqualTo("150d0600040007000306af04be100d");

        byte[] echo = HexFormat.of().parseHex("150d0600040007000306af04be100d");
        assertThat(Request.reply(write, echo, 0, echo.length)).isInstanceOf(Reply.Data.class);
        echo[echo.length - 1]++;
        assertThatThrownBy(() -> Request.reply(write, echo, 0, echo.length))
                .hasMessage("answered a write to records 7 to 9 of file 4 with something else");
    }

    private static String pdu(Request request) {
        byte[] frame = new byte[Framing.MAX_FRAME];
        return HexFormat.of().formatHex(frame, 0, request.put(frame, 0));
    }

    @Test
    void areReadAndWrittenOverTcp() throws Exception {
        int port = freePort();
        ModbusSlave server = ModbusSlaveFactory.createTCPSlave(InetAddress.getLoopbackAddress(), port, 2, false);
        serve(server, "host: 127.0.0.1, port: " + port);
    }

    @Test
    void areReadAndWrittenOverASerialLine(@TempDir Path directory) throws Exception {
        Path ours = directory.resolve("ours");
        Path theirs = directory.resolve("theirs");
        try (Peer pair = Peer.serialPair(ours, theirs)) {
            await().atMost(Duration.ofSeconds(5)).until(() -> Files.exists(ours) && Files.exists(theirs));
            SerialParameters parameters = new SerialParameters();
            parameters.setPortName(theirs.toRealPath().toString());
            parameters.setBaudRate(115_200);
            parameters.setEncoding("rtu");
            serve(
                    ModbusSlaveFactory.createSerialSlave(parameters),
                    "serial: " + ours.toRealPath() + ", baud: 115200, timeout: 2s");
        }
    }

    private static void serve(ModbusSlave server, String connection) throws Exception {
        server.addProcessImage(1, image());
        server.open();
        try (Running running = Running.open(Definitions.device("d")
                .connection(connection)
                .profile("request.max-gap: 0")
                .poll(Duration.ofDays(1))
                .tag("number", "table: file, file: 4, address: 2, type: int32, order: CDAB, read-back: true")
                .tag("text", "table: file, file: 4, address: 6, type: string, length: 8, read-back: true")
                .tag("other", "table: file, file: 9, address: 2, type: float64, read-back: true")
                .tag("bit", "table: file, file: 9, address: 0, bit: 3")
                .plan())) {
            List<Value> values = List.of(
                    new Value.Signed(-123_456_789),
                    new Value.Text("grüße"),
                    new Value.Float64(Math.PI),
                    new Value.Bool(true));
            for (int tag = 0; tag < values.size(); tag++) {
                assertThat(running.write("d", tag, values.get(tag)))
                        .as("tag %d", tag)
                        .isEqualTo(new WriteResult.Written());
            }
            List<Sample> read = running.read("d", List.of(0, 1, 2, 3));

            assertThat(read).extracting(Sample::status).containsOnly(Status.GOOD);
            assertThat(read).extracting(Sample::value).containsExactlyElementsOf(values);
        } finally {
            ModbusSlaveFactory.close(server);
        }
    }

    /** To this server a record is not one register but as many as are read at once, and files are numbered from 0. */
    private static SimpleProcessImage image() {
        SimpleProcessImage image = new SimpleProcessImage(1);
        for (int number = 0; number < 10; number++) {
            File file = new File(number, 10);
            for (int record = 0; record < 10; record++) {
                file.setRecord(record, record(record));
            }
            image.addFile(file);
        }
        return image;
    }

    private static Record record(int number) {
        Record registers = new Record(number, 4);
        for (int i = 0; i < 4; i++) {
            registers.setRegister(i, new SimpleRegister(0));
        }
        return registers;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
