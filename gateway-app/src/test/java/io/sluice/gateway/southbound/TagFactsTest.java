package io.sluice.gateway.southbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.TagMeaning;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Settings;
import io.sluice.profiles.TagDefinition;
import io.sluice.telemetry.TagDescriptor.Detail;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TagFactsTest {

    private static final Mark MARK = new Mark("press.yaml", 1, 1);
    private static final OptionalDouble NONE = OptionalDouble.empty();

    private static String difference(OptionalDouble low, OptionalDouble high) {
        TagDefinition tag = new TagDefinition(
                "force",
                MARK,
                "",
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new TagDefinition.Range(BigDecimal.ZERO, BigDecimal.TEN)),
                new TreeMap<>(),
                false,
                Optional.empty(),
                new Settings(MARK, Map.of()));
        return TagFacts.difference(tag, new TagMeaning("", "", List.of(), low, high, Detail.NONE));
    }

    @Test
    void anEndOfARangeThatTheDeviceDoesNotNameIsNoOtherOne() {
        assertThat(difference(NONE, NONE)).isEmpty();
        assertThat(difference(NONE, OptionalDouble.of(10))).isEmpty();
        assertThat(difference(NONE, OptionalDouble.of(20))).isEqualTo("range 0 to 10, not -∞ to 20.0");
        assertThat(difference(OptionalDouble.of(-5), NONE)).isEqualTo("range 0 to 10, not -5.0 to ∞");
    }
}
