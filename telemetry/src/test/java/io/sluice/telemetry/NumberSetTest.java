package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class NumberSetTest {

    @Property(tries = 300)
    void holdsTheSameNumbersAsAPlainSet(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 80) Integer> firsts,
            @ForAll @IntRange(max = 5) int length,
            @ForAll @IntRange(min = 1, max = 80) int from,
            @ForAll @IntRange(min = 1, max = 90) int to) {
        NumberSet set = new NumberSet();
        TreeSet<Long> plain = new TreeSet<>();
        for (int first : firsts) {
            set.add(first, first + length - 1);
            LongStream.range(first, first + length).forEach(plain::add);
        }
        List<Long> inside =
                LongStream.rangeClosed(from, to).boxed().filter(plain::contains).toList();
        List<Long> outside = LongStream.rangeClosed(from, to)
                .boxed()
                .filter(n -> !plain.contains(n))
                .toList();

        assertThat(LongStream.rangeClosed(1, 90).boxed().filter(set::contains)).containsExactlyElementsOf(plain);
        assertThat(set.count(from, to)).isEqualTo(inside.size());
        assertThat(Runs.numbers(set.gaps(from, to), 1_000)).isEqualTo(outside);
        assertThat(set.greatest()).isEqualTo(plain.isEmpty() ? 0 : plain.last());
        assertThat(set.runs())
                .isEqualTo(plain.stream().filter(n -> !plain.contains(n - 1)).count());
    }
}
