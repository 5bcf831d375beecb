package io.sluice.adapter.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ChipDirectoryTest {

    private final ChipDirectory directory = new ChipDirectory(
            Map.of("gpiochip0", "pinctrl-rp1", "gpiochip11", "gpio-brcmstb", "gpiochip12", "gpio-brcmstb"));

    @Test
    void findsAChipByLabelOrName() throws Exception {
        assertThat(directory.resolve("pinctrl-rp1")).isEqualTo("gpiochip0");
        assertThat(directory.resolve("gpiochip11")).isEqualTo("gpiochip11");
    }

    @Test
    void listsWhatTheMachineHasWhereAChipIsUnknown() {
        assertThatThrownBy(() -> directory.resolve("pinctrl-bcm2711"))
                .isInstanceOf(ChipUnavailable.class)
                .hasMessageContaining("pinctrl-bcm2711")
                .hasMessageContaining("pinctrl-rp1 (gpiochip0)");
    }

    @Test
    void refusesALabelThatSeveralChipsHave() {
        assertThatThrownBy(() -> directory.resolve("gpio-brcmstb"))
                .hasMessageContaining("gpiochip11")
                .hasMessageContaining("gpiochip12");
    }

    @Test
    void saysWhereGpioWorks() {
        assertThatThrownBy(() -> Machine.requireNatives("gpiochip0", "amd64"))
                .isInstanceOf(ChipUnavailable.class)
                .hasMessageContaining("ARM")
                .hasMessageContaining("amd64");
        assertThatCode(() -> Machine.requireNatives("gpiochip0", "aarch64")).doesNotThrowAnyException();
    }
}
