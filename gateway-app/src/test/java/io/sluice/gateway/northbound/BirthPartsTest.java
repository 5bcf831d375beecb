package io.sluice.gateway.northbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.telemetry.Epoch;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.Message.AliasTable;
import io.sluice.telemetry.Message.Birth;
import io.sluice.telemetry.ProtobufCodec;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.TagDescriptor.Detail;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.ValueType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BirthPartsTest {

    private static final Epoch OLD = new Epoch(1, 1);
    private static final Epoch NEW = new Epoch(2, 2);

    private static final Detail BITS = new Detail(
            "",
            "",
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            IntStream.range(0, 8)
                    .mapToObj(bit -> new EnumValue(bit, "what bit " + bit + " stands for"))
                    .toList());

    private static AliasTable table(Epoch epoch, int tags) {
        Map<Integer, TagDescriptor> table = new HashMap<>();
        for (int alias = 1; alias <= tags; alias++) {
            table.put(
                    alias,
                    new TagDescriptor(
                            "tag-" + alias,
                            ValueType.FLOAT32,
                            "V",
                            "",
                            List.of(),
                            OptionalDouble.empty(),
                            OptionalDouble.empty(),
                            "input:" + alias,
                            TagDescriptor.Kind.VALUE,
                            BITS));
        }
        return new AliasTable(epoch, table);
    }

    @Test
    void keepsASmallBirthInOnePart() {
        assertThat(BirthParts.cut(7, List.of(table(NEW, 3)), 65_536))
                .containsExactly(new Birth(7, 0, 1, List.of(table(NEW, 3))));
    }

    @Test
    void cutsIntoPartsThatFitAndTogetherNameEveryTagOfEveryEpoch() {
        List<Birth> parts = BirthParts.cut(7, List.of(table(OLD, 100), table(NEW, 120)), 4_096);

        assertThat(parts).hasSizeGreaterThan(1).allSatisfy(part -> {
            assertThat(part.parts()).isEqualTo(parts.size());
            assertThat(ProtobufCodec.encode(message(part))).hasSizeLessThan(4_096);
        });
        assertThat(names(parts, OLD)).isEqualTo(table(OLD, 100).tags());
        assertThat(names(parts, NEW)).isEqualTo(table(NEW, 120).tags());
    }

    @Test
    void saysNothingWhereNothingHasANumber() {
        assertThat(BirthParts.cut(7, List.of(), 4_096)).isEmpty();
    }

    private static Message message(Birth birth) {
        return new Message(Message.SCHEMA, "plant-7", "meter-1", NEW, 0, 0, Message.Lane.UNSPECIFIED, birth);
    }

    private static Map<Integer, TagDescriptor> names(List<Birth> parts, Epoch epoch) {
        Map<Integer, TagDescriptor> names = new HashMap<>();
        parts.forEach(part -> part.tables().stream()
                .filter(table -> table.epoch().equals(epoch))
                .forEach(table -> names.putAll(table.tags())));
        return names;
    }
}
