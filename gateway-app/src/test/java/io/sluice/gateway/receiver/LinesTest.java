package io.sluice.gateway.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.CodeSpace;
import io.sluice.telemetry.Status.Quality;
import org.junit.jupiter.api.Test;

class LinesTest {

    private static String opcua(Quality quality, int code) {
        return Lines.quality(new Status(quality, CodeSpace.OPCUA, code));
    }

    @Test
    void aStatusOfOpcUaHasItsNameBesideItsBits() {
        assertThat(opcua(Quality.BAD, 0x80340000)).isEqualTo("bad 0x80340000 Bad_NodeIdUnknown");
        assertThat(opcua(Quality.UNCERTAIN, 0x40930480)).isEqualTo("uncertain 0x40930480 Uncertain_SensorNotAccurate");
        assertThat(opcua(Quality.GOOD, 0x00000480))
                .as("overflow, of a good value")
                .isEqualTo("good 0x00000480");
        assertThat(opcua(Quality.BAD, 0x8FFF0000)).as("no name in the standard").isEqualTo("bad 0x8fff0000");
    }
}
