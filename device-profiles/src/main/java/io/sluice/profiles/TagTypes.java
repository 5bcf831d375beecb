package io.sluice.profiles;

import io.sluice.profiles.TagDefinition.Deadband;
import io.sluice.profiles.TagDefinition.Range;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Types of values that only tags have. */
final class TagTypes {

    static final SettingType<BigDecimal> FACTOR = new ScalarType<>(
            "number",
            "a number other than 0, such as 0.1",
            true,
            text -> Numbers.decimal(text).filter(value -> value.signum() != 0));

    static final SettingType<BigDecimal> STEP = new ScalarType<>(
            "number",
            "a number above 0, such as 0.1",
            true,
            text -> Numbers.decimal(text).filter(value -> value.signum() > 0));

    static final SettingType<Deadband> DEADBAND = SettingType.text(
            "deadband", "a number of 0 or more such as 0.5, or a percentage such as 1%", TagTypes::deadband);

    static final SettingType<Range> RANGE = new RangeType();

    private TagTypes() {}

    private static Optional<Deadband> deadband(String text) {
        boolean percent = text.endsWith("%");
        String number = percent ? text.substring(0, text.length() - 1).strip() : text;
        return Numbers.decimal(number)
                .filter(value -> value.signum() >= 0)
                .filter(value -> !percent || value.compareTo(BigDecimal.valueOf(100)) <= 0)
                .map(value -> new Deadband(value, percent));
    }

    private record RangeType() implements SettingType<Range> {

        @Override
        public String expected() {
            return "a list of the lowest and the highest value such as [0, 60]";
        }

        @Override
        public @Nullable Range parse(String name, Node node, Problems problems) {
            if (!(node instanceof Node.Sequence sequence) || sequence.items().size() != 2) {
                problems.error(node.mark(), "bad range for " + name + ", expected " + expected());
                return null;
            }
            @Nullable
            List<BigDecimal> ends = SettingType.list(SettingType.decimal()).parse(name, node, problems);
            if (ends == null) {
                return null;
            }
            if (ends.getFirst().compareTo(ends.getLast()) >= 0) {
                problems.error(
                        node.mark(),
                        name + " begins at " + ends.getFirst() + " and ends at " + ends.getLast()
                                + ", expected the lower end first");
                return null;
            }
            return new Range(ends.getFirst(), ends.getLast());
        }
    }
}
