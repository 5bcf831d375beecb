package io.sluice.adapter.modbus;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Every type in every order, as Node.js has encoded it and modbus-serial serves it, reads back equal. */
final class ModbusSerialTest {

    @Test
    void readsEveryTypeAndOrder() throws Exception {
        try (Peer peer = Peer.modbusSerial()) {
            List<String> lines = peer.readUntil("ready");
            PymodbusTest.readsBack(
                    lines, "host: 127.0.0.1, port: " + lines.getLast().substring(6));
        }
    }
}
