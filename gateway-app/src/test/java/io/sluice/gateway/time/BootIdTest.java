package io.sluice.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootIdTest {

    @TempDir
    Path folder;

    @Test
    void readsTheUuidOfTheKernel() throws Exception {
        Path file = Files.writeString(folder.resolve("boot_id"), "5e2c58f5-9b0a-4f35-b9d3-0f0f3f7a3c11\n");

        assertThat(BootId.read(file)).contains(UUID.fromString("5e2c58f5-9b0a-4f35-b9d3-0f0f3f7a3c11"));
    }

    @Test
    void isUnknownWhereTheKernelDoesNotTell() {
        assertThat(BootId.read(folder.resolve("boot_id"))).isEmpty();
    }
}
