package io.sluice.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SequenceSetTest {

    @Property(tries = 300)
    void isTheSetOfAllThatWasAddedInWhateverOrder(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 60) Integer> numbers,
            @ForAll @IntRange(min = 1, max = 60) int first,
            @ForAll @IntRange(max = 20) int more) {
        SequenceSet set = new SequenceSet();
        TreeSet<Long> model = new TreeSet<>();
        for (long number : numbers) {
            set.add(number);
            model.add(number);
        }
        set.addAll(first, first + more);
        for (long number = first; number <= first + more; number++) {
            model.add(number);
        }
        assertSame(set, model);
        assertSame(SequenceSet.decoded(set.encoded()), model);
        assertSame(set.copy(), model);
    }

    private static void assertSame(SequenceSet set, TreeSet<Long> model) {
        long lowestAbsent = 1;
        while (model.contains(lowestAbsent)) {
            lowestAbsent++;
        }
        assertThat(set.lowestAbsent()).isEqualTo(lowestAbsent);
        assertThat(set.size()).isEqualTo(model.size());
        for (long number = 0; number <= 90; number++) {
            assertThat(set.contains(number)).isEqualTo(model.contains(number));
            assertThat(set.containsAll(5, number))
                    .isEqualTo(number < 5 || model.subSet(5L, number + 1).size() == number - 4);
        }
    }

    @Test
    void countsWhatIsNotInASpan() {
        SequenceSet set = new SequenceSet();
        set.addAll(2, 4);
        set.addAll(7, 9);
        assertThat(set.absentIn(1, 10)).isEqualTo(4);
        assertThat(set.absentIn(3, 7)).isEqualTo(2);
        assertThat(set.absentIn(5, 6)).isEqualTo(2);
        assertThat(set.absentIn(8, 9)).isZero();
        assertThat(set.absentIn(5, 4)).isZero();
        assertThat(set.highest()).isEqualTo(9);
    }

    @Test
    void refusesWhatIsNoSpanOfSequences() {
        SequenceSet set = new SequenceSet();
        assertThatThrownBy(() -> set.add(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> set.addAll(5, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SequenceSet.decoded(new byte[] {(byte) 0x81}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
