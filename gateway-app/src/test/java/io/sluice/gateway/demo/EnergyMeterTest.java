package io.sluice.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.ghgande.j2mod.modbus.ModbusSlaveException;
import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import com.ghgande.j2mod.modbus.procimg.InputRegister;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Read by a client that is not ours. */
final class EnergyMeterTest {

    @Test
    void everyPowerIsVoltageTimesCurrentTimesPowerFactor() throws Exception {
        try (EnergyMeter meter = new EnergyMeter(new SplittableRandom(1))) {
            ModbusTCPMaster client = connect(meter);
            InputRegister[] all = client.readInputRegisters(1, 0, 80);

            double sum = 0;
            for (int phase = 0; phase < 3; phase++) {
                float voltage = real(all, 2 * phase);
                float power = real(all, 12 + 2 * phase);
                assertThat(voltage).isBetween(222f, 238f);
                assertThat(power)
                        .isCloseTo(voltage * real(all, 6 + 2 * phase) * real(all, 30 + 2 * phase), within(0.5f));
                sum += power;
            }
            assertThat((double) real(all, 52)).isCloseTo(sum, within(0.5));
            client.disconnect();
        }
    }

    @Test
    void energyOnlyCountsUp() {
        PowerModel model = new PowerModel(new SplittableRandom(1));
        float before = model.get(342);

        model.advance(1);
        model.advance(3600);

        assertThat(model.get(342) - before).isBetween(3f, 12f);
    }

    @Test
    void givesAtMostEightyRegistersLikeTheRealOne() throws Exception {
        try (EnergyMeter meter = new EnergyMeter(new SplittableRandom(1))) {
            ModbusTCPMaster client = connect(meter);

            assertThatThrownBy(() -> client.readInputRegisters(1, 0, 81))
                    .satisfies(e ->
                            assertThat(((ModbusSlaveException) e).getType()).isEqualTo(3));
            assertThatThrownBy(() -> client.readInputRegisters(1, 380, 10))
                    .satisfies(e ->
                            assertThat(((ModbusSlaveException) e).getType()).isEqualTo(2));
            client.disconnect();
        }
    }

    private static ModbusTCPMaster connect(EnergyMeter meter) throws Exception {
        ModbusTCPMaster client = new ModbusTCPMaster("127.0.0.1", meter.port());
        client.connect();
        client.setRetries(1);
        client.setCheckingValidity(true);
        return client;
    }

    private static float real(InputRegister[] registers, int address) {
        return Float.intBitsToFloat(
                registers[address].toUnsignedShort() << 16 | registers[address + 1].toUnsignedShort());
    }
}
