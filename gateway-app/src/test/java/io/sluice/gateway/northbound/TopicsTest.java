package io.sluice.gateway.northbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.gateway.northbound.Topics.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicsTest {

    private static final Map<String, Map<String, String>> DEVICES =
            Map.of("press-2", Map.of("line", "line-2"), "meter-1", Map.of());

    private final Topics topics = new Topics(
            "{site}/{line}/{gateway}/{kind}/{device}", "plant-7", Map.of("site", "berlin", "line", "none"), DEVICES);

    @Test
    void fillsInEveryPlaceholder() {
        assertThat(topics.of(Kind.DATA, "meter-1")).isEqualTo("berlin/none/plant-7/data/meter-1");
    }

    @Test
    void prefersTheDevicesLabel() {
        assertThat(topics.of(Kind.STATUS, "press-2")).isEqualTo("berlin/line-2/plant-7/status/press-2");
    }

    @Test
    void rendersALabelThatIsNotSetAsUnderscore() {
        Topics unset = new Topics("{area}/{kind}/{device}", "plant-7", Map.of(), DEVICES);
        assertThat(unset.of(Kind.BIRTH, "meter-1")).isEqualTo("_/birth/meter-1");
    }

    @Test
    void filtersWithAPlusWhereDevicesDiffer() {
        assertThat(topics.filter(Kind.DATA)).isEqualTo("berlin/+/plant-7/data/+");
    }
}
