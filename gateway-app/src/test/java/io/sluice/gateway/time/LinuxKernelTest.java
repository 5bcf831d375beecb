package io.sluice.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class LinuxKernelTest {

    private final LinuxKernel kernel = new LinuxKernel();

    /** A wrong layout of the structure would give numbers far outside what the kernel can hold. */
    @Test
    void readsWhatTheRealKernelKnows() {
        Timex timex = kernel.timex().orElseThrow();

        assertThat(timex.maximumErrorMicros()).isBetween(0L, 16_500_000L);
        assertThat(timex.estimatedErrorMicros()).isBetween(0L, 16_500_000L);
        assertThat(timex.taiOffset()).isIn(0, 36, 37, 38);
    }

    @Test
    void readsRealtimeInNanosecondsSince1970() {
        long before = Instant.now().toEpochMilli();
        long millis = kernel.realtime() / 1_000_000;

        assertThat(millis).isBetween(before, Instant.now().toEpochMilli());
    }
}
