package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.modbus.ReadPlanner.Block;
import io.sluice.adapter.modbus.ReadPlanner.Limits;
import io.sluice.adapter.modbus.ReadPlanner.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReadPlannerTest {

    /** Spans and blocks as {@code address+count}: holding registers, or {@code c} coils, or {@code f4.} records of file 4. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        nothing is asked for nothing       |                       | 125 | 10 | -     |
        neighbours share a request         | 0+2 2+2 4+2           | 125 | 0  | -     | 0+6
        order of tags does not matter      | 4+2 0+2 2+2           | 125 | 0  | -     | 0+6
        a hole within the limit is read    | 0+2 12+2              | 125 | 10 | -     | 0+14
        a hole above the limit is not      | 0+2 13+2              | 125 | 10 | -     | 0+2 13+2
        no hole is read where none may be  | 0+2 3+2               | 125 | 0  | -     | 0+2 3+2
        a request is filled to its maximum | 0+2 2+2 4+2           | 4   | 10 | -     | 0+4 4+2
        a tag is never split               | 0+3 3+4               | 5   | 10 | -     | 0+3 3+4
        two tags on one register share it  | 7+1 7+1               | 125 | 0  | -     | 7+1
        a tag inside another costs nothing | 0+4 1+1               | 125 | 0  | -     | 0+4
        overlapping tags are merged        | 0+4 2+4               | 125 | 0  | -     | 0+6
        a forbidden hole is not read       | 0+2 6+2               | 125 | 10 | 3-4   | 0+2 6+2
        a range elsewhere does not matter  | 0+2 6+2               | 125 | 10 | 20-30 | 0+8
        the last address can be read       | 65534+2               | 125 | 10 | -     | 65534+2
        tables are read apart              | 0+1 c0+1 c1+1         | 125 | 10 | -     | c0+2 0+1
        files are read apart               | f4.0+1 f5.2+1 f4.1+1  | 125 | 10 | -     | f4.0+2 f5.2+1
        files allow 121 records at once    | f4.0+60 f4.60+62      | 125 | 10 | -     | f4.0+60 f4.60+62
        """)
    void mergesWhatTheDeviceAllows(String sentence, String spans, int max, int gap, String forbidden, String expected) {
        List<Span> asked = spans(spans);

        List<Block> blocks = ReadPlanner.plan(asked, new Limits(max, 2000, gap, ranges(forbidden)));

        assertThat(blocks.stream().map(ReadPlannerTest::text)).as(sentence).containsExactlyElementsOf(words(expected));
    }

    @Property(tries = 300)
    void everyTagIsReadOnceWithinTheLimits(
            @ForAll("tags") List<Span> tags,
            @ForAll @IntRange(min = 4, max = 125) int max,
            @ForAll @IntRange(max = 20) int gap) {
        List<Block> blocks = ReadPlanner.plan(tags, new Limits(max, 2000, gap, List.of()));

        assertThat(blocks.stream().flatMap(block -> block.spans().stream())).containsExactlyInAnyOrderElementsOf(tags);
        assertThat(blocks).allSatisfy(block -> {
            assertThat(block.count()).isBetween(1, max);
            assertThat(block.spans())
                    .allSatisfy(span -> assertThat(span.address() >= block.address() && span.end() <= block.end())
                            .isTrue());
        });
    }

    @Property(tries = 300)
    void splittingAgainAndAgainLeavesEveryTagAlone(@ForAll("tags") List<Span> tags) {
        List<Block> open = new ArrayList<>(ReadPlanner.plan(tags, new Limits(125, 2000, 10, List.of())));
        List<Block> single = new ArrayList<>();
        while (!open.isEmpty()) {
            Block block = open.removeLast();
            List<Block> parts = ReadPlanner.split(block);
            (parts.size() == 1 ? single : open).addAll(parts);
        }

        assertThat(single).allSatisfy(block -> assertThat(block.spans()).hasSize(1));
        assertThat(single.stream().map(block -> block.spans().getFirst())).containsExactlyInAnyOrderElementsOf(tags);
    }

    @ParameterizedTest(name = "{0} is split into {1}")
    @CsvSource({"0+2 2+2 4+2 6+2, 0+4 4+4", "0+1 5+1 6+1 7+1, 0+1 5+3", "0+1, 0+1"})
    void splitsAtTheWidestHoleElseInTheMiddle(String spans, String expected) {
        Block block = ReadPlanner.plan(spans(spans), new Limits(125, 2000, 10, List.of()))
                .getFirst();

        assertThat(ReadPlanner.split(block).stream().map(ReadPlannerTest::text))
                .containsExactlyElementsOf(words(expected));
    }

    @Provide
    Arbitrary<List<Span>> tags() {
        Arbitrary<Span> span = Combinators.combine(
                        Arbitraries.integers().between(0, 400),
                        Arbitraries.integers().between(1, 4))
                .as((address, count) -> new Span(0, new Place(Table.HOLDING, address), count));
        return span.list().ofMinSize(1).ofMaxSize(40).map(ReadPlannerTest::numbered);
    }

    private static List<Span> spans(String text) {
        return numbered(words(text).stream().map(ReadPlannerTest::span).toList());
    }

    private static List<Span> numbered(List<Span> spans) {
        List<Span> numbered = new ArrayList<>();
        for (Span span : spans) {
            numbered.add(new Span(numbered.size(), span.place(), span.count()));
        }
        return numbered;
    }

    private static Span span(String text) {
        String[] parts = text.substring(prefix(text)).split("\\+", -1);
        int address = Integer.parseInt(parts[0]);
        Place place = switch (text.charAt(0)) {
            case 'c' -> new Place(Table.COIL, address);
            case 'f' -> new Place(Table.FILE, text.charAt(1) - '0', address);
            default -> new Place(Table.HOLDING, address);
        };
        return new Span(0, place, Integer.parseInt(parts[1]));
    }

    private static int prefix(String text) {
        return switch (text.charAt(0)) {
            case 'c' -> 1;
            case 'f' -> 3;
            default -> 0;
        };
    }

    private static List<AddressRange> ranges(String text) {
        if (text.equals("-")) {
            return List.of();
        }
        String[] ends = text.split("-", -1);
        return List.of(new AddressRange(Table.HOLDING, Integer.parseInt(ends[0]), Integer.parseInt(ends[1])));
    }

    private static String text(Block block) {
        String table = switch (block.table()) {
            case COIL -> "c";
            case FILE -> "f" + block.place().file() + ".";
            case DISCRETE, HOLDING, INPUT -> "";
        };
        return table + block.address() + "+" + block.count();
    }

    private static List<String> words(@org.jspecify.annotations.Nullable String text) {
        return text == null
                ? List.of()
                : Stream.of(text.split(" ", -1)).filter(word -> !word.isEmpty()).toList();
    }
}
