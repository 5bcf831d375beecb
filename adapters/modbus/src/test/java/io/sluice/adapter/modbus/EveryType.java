package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A tag of every type in every order, and a random value for each. */
final class EveryType {

    private static final int FIRST_ADDRESS = 1000;

    private EveryType() {}

    /** Writes the values to a device that is not ours, verifying each, and reads them again. */
    static void isReadAsItWasWritten(String connection) throws Exception {
        Random dice = new Random();
        long seed = dice.nextLong();
        dice.setSeed(seed);
        List<Value> values = new ArrayList<>();
        Definitions device = Definitions.device("d").connection(connection).poll(Duration.ofDays(1));
        for (DataType type : DataType.values()) {
            for (RegisterOrder order : orders(type)) {
                device.tag("t" + values.size(), tag(type, order, FIRST_ADDRESS + 6 * values.size()));
                values.add(RandomValues.of(type, dice));
            }
        }
        device.tag("coil", "table: coil, address: 77, read-back: true");
        values.add(new Value.Bool(true));
        device.tag("bit", "table: holding, address: 900, bit: 9, read-back: true");
        values.add(new Value.Bool(true));
        writeAndRead(device.plan(), values, "seed " + seed);
    }

    private static RegisterOrder[] orders(DataType type) {
        return type.hasOrder() ? RegisterOrder.values() : new RegisterOrder[] {RegisterOrder.ABCD};
    }

    private static String tag(DataType type, RegisterOrder order, int address) {
        return "table: holding, read-back: true, address: " + address + ", type: " + type.key()
                + (type.hasOrder() ? ", order: " + order : "")
                + (type.needsLength() ? ", length: 12" : "");
    }

    private static void writeAndRead(ModbusPlan plan, List<Value> values, String seed) throws Exception {
        try (Running running = Running.open(plan)) {
            for (int tag = 0; tag < values.size(); tag++) {
                assertThat(running.write("d", tag, values.get(tag)))
                        .as("%s to %s, %s", values.get(tag), plan.points().get(tag), seed)
                        .isEqualTo(new WriteResult.Written());
            }
            List<Sample> read =
                    running.read("d", IntStream.range(0, values.size()).boxed().toList());

            assertThat(read).extracting(Sample::status).containsOnly(Status.GOOD);
            assertThat(read).as(seed).extracting(Sample::value).containsExactlyElementsOf(values);
        }
    }
}
