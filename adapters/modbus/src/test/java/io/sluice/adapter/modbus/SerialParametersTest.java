package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fazecast.jSerialComm.SerialPort;
import com.ghgande.j2mod.modbus.util.SerialParameters;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users write of a serial port is what its driver is told. No RS-485 hardware is needed, and none is tried. */
final class SerialParametersTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "8N1, 8, 0, 1",
        "8N2, 8, 0, 3",
        "8E1, 8, 2, 1",
        "8E2, 8, 2, 3",
        "8O1, 8, 1, 1",
        "8O2, 8, 1, 3",
        "7E1, 7, 2, 1"
    })
    void setsDataBitsParityAndStopBits(String format, int dataBits, int parity, int stopBits) {
        SerialParameters parameters =
                parameters("serial: /dev/ttyS9, transport: ascii, baud: 19200, format: " + format);

        assertThat(parameters.getBaudRate()).isEqualTo(19_200);
        assertThat(parameters.getDatabits()).isEqualTo(dataBits);
        assertThat(parameters.getParity()).isEqualTo(parity);
        assertThat(parameters.getStopbits()).isEqualTo(stopBits);
        assertThat(new int[] {SerialPort.NO_PARITY, SerialPort.ODD_PARITY, SerialPort.EVEN_PARITY})
                .containsExactly(0, 1, 2);
        assertThat(new int[] {SerialPort.ONE_STOP_BIT, SerialPort.TWO_STOP_BITS})
                .containsExactly(1, 3);
    }

    @Test
    void drivesATwoWireLineOnlyWhereItIsAskedFor() {
        assertThat(parameters("serial: /dev/ttyS9").getRs485Mode()).isFalse();
    }

    @Test
    void setsWhatATwoWireLineNeeds() {
        SerialParameters parameters = parameters("serial: /dev/ttyS9, rs485.send: low, rs485.delay-before: 2ms,"
                + " rs485.delay-after: 300us, rs485.termination: true, rs485.echo: true");

        assertThat(parameters.getRs485Mode()).isTrue();
        assertThat(parameters.getRs485TxEnableActiveHigh()).isFalse();
        assertThat(parameters.getRs485DelayBeforeTxMicroseconds()).isEqualTo(2_000);
        assertThat(parameters.getRs485DelayAfterTxMicroseconds()).isEqualTo(300);
        assertThat(parameters.getRs485EnableTermination()).isTrue();
        assertThat(parameters.getRs485RxDuringTx()).isTrue();
        assertThat(parameters("serial: /dev/ttyS9, rs485.send: high").getRs485TxEnableActiveHigh())
                .isTrue();
    }

    @Test
    void restsForThreeAndAHalfCharactersUnlessToldOtherwise() {
        assertThat(endpoint("serial: /dev/ttyS9, baud: 9600, format: 8N1").pause())
                .isEqualTo(Duration.ofNanos(3_645_833));
        assertThat(endpoint("serial: /dev/ttyS9, baud: 38400").pause()).isEqualTo(Duration.ofNanos(1_750_000));
        assertThat(endpoint("serial: /dev/ttyS9, pause: 20ms").pause()).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void saysThatAPortIsNotThere() {
        try (SerialConnection connection = new SerialConnection(endpoint("serial: /dev/no-such-port"))) {
            assertThatThrownBy(connection::connect)
                    .isInstanceOf(ConnectFailed.class)
                    .hasMessage(
                            "cannot open serial port /dev/no-such-port: there is no such file; is the converter plugged"
                                    + " in?");
        }
    }

    private static SerialParameters parameters(String connection) {
        return SerialConnection.parameters(endpoint(connection));
    }

    private static Endpoint.Serial endpoint(String connection) {
        return (Endpoint.Serial) Definitions.device("d")
                .connection(connection)
                .tag("t", "table: input, address: 0, type: int16")
                .plan()
                .endpoint();
    }
}
