package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.Sample;
import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import io.sluice.telemetry.Status.Quality;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Registers in, values out, as the folders of testcases say. */
final class GoldenTest {

    private static final int REGISTERS = 200;

    static List<Path> folders() throws Exception {
        Path cases = Path.of(GoldenTest.class.getResource("/testcases").toURI());
        try (Stream<Path> entries = Files.list(cases)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void everyTagIsWhatTheFolderSays(Path folder, @TempDir Path directory) throws IOException {
        Files.copy(folder.resolve("profile.yaml"), directory.resolve("profile.yaml"));
        Files.writeString(
                directory.resolve("gateway.yaml"),
                "devices:\n  - { id: d, profile: ./profile.yaml, connection: { host: a } }\n");
        ModbusPlan plan = SampleTest.plans(directory.resolve("gateway.yaml")).getFirst();

        assertThat(read(plan, memory(folder.resolve("registers.txt"))))
                .containsExactlyElementsOf(Files.readAllLines(folder.resolve("expected.txt")));
    }

    private static List<String> read(ModbusPlan plan, Map<Table, ByteBuffer> memory) {
        ScaleFactors factors = new ScaleFactors(plan.points());
        String[] lines = new String[plan.points().size()];
        for (BlockReader reader : BlockReader.forTags(allTags(plan), plan.points(), plan.limits(), factors)) {
            Block block = reader.block();
            List<Sample> samples = new ArrayList<>();
            reader.samples(data(block, Objects.requireNonNull(memory.get(block.table()))), 0, samples);
            samples.forEach(sample -> lines[sample.tag()] = line(plan, sample));
        }
        return List.of(lines);
    }

    private static List<Integer> allTags(ModbusPlan plan) {
        return Stream.iterate(0, tag -> tag + 1).limit(plan.points().size()).toList();
    }

    /** As a device would answer: bits from the lowest of the first byte on. */
    private static Reply.Data data(Block block, ByteBuffer memory) {
        byte[] bytes = new byte[block.dataBytes()];
        for (int i = 0; i < block.count(); i++) {
            if (block.table().bits()) {
                bytes[i / 8] |= (byte) (memory.get(block.address() + i) << i % 8);
            } else {
                Request.putWord(bytes, 2 * i, memory.getShort(2 * (block.address() + i)));
            }
        }
        return new Reply.Data(bytes, 0);
    }

    private static String line(ModbusPlan plan, Sample sample) {
        String quality = sample.status().quality().name().toLowerCase(Locale.ROOT);
        String code = sample.status().quality() == Quality.GOOD
                ? ""
                : " " + sample.status().code();
        return plan.points().get(sample.tag()).name() + " " + sample.value() + " " + quality + code;
    }

    private static Map<Table, ByteBuffer> memory(Path file) throws IOException {
        Map<Table, ByteBuffer> memory = new EnumMap<>(Table.class);
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ", -1);
            Table table = Table.valueOf(words[0].toUpperCase(Locale.ROOT));
            int address = Integer.parseInt(words[1]);
            ByteBuffer buffer = memory.computeIfAbsent(table, _ -> ByteBuffer.allocate(2 * REGISTERS));
            if (table.bits()) {
                for (int i = 0; i < words[2].length(); i++) {
                    buffer.put(address + i, (byte) (words[2].charAt(i) - '0'));
                }
            } else {
                for (int i = 2; i < words.length; i++) {
                    buffer.putShort(2 * (address + i - 2), (short) Integer.parseInt(words[i], 16));
                }
            }
        }
        return memory;
    }
}
