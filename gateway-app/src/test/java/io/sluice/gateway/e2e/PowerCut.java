package io.sluice.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code tools/power-cut} runs: a guest machine is cut while it commits and forwards, as often as it is told. */
class PowerCut {

    private static final Duration BOOT_LIMIT = Duration.ofMinutes(4);
    private static final int LONGEST_RUN_MILLIS = 6_000;

    @TempDir
    Path directory;

    private final Path guest = Path.of(System.getProperty("sluice.guest", "."));
    private final Random random = new Random();

    @Test
    void afterPowerCutsNoMessageThatWasCommittedIsMissing() throws Exception {
        int cuts = Integer.getInteger("sluice.cuts", 20);
        Path disk = disk();
        try (Mosquitto broker = Mosquitto.start(directory.resolve("broker"));
                Witness witness = new Witness(broker.port());
                Claims claims = new Claims()) {
            for (int cut = 1; cut <= cuts; cut++) {
                long begin = System.nanoTime();
                try (Peer machine = boot(disk, broker.port(), claims.port());
                        Claims.Run run = claims.accept(BOOT_LIMIT)) {
                    run.go(50);
                    await().atMost(BOOT_LIMIT).until(() -> run.lastCommitted() > 0);
                    if (cut == 1) {
                        await().atMost(BOOT_LIMIT).until(() -> witness.has(claims.lastRunsFirst()));
                    }
                    machine.awaitExitOr(random.nextInt(LONGEST_RUN_MILLIS));
                    assertThat(machine.isAlive()).as(machine.transcript()).isTrue();
                    machine.kill();
                    run.awaitEnd();
                }
                System.out.printf(
                        "cut %d of %d after %.1f s: %d numbers known committed, %s%n",
                        cut,
                        cuts,
                        (System.nanoTime() - begin) / 1e9,
                        claims.committed().size(),
                        witness.summary());
            }
            try (Peer machine = boot(disk, broker.port(), claims.port());
                    Claims.Run run = claims.accept(BOOT_LIMIT)) {
                run.drain();
                machine.awaitExit(BOOT_LIMIT);
                run.awaitEnd();
                assertThat(run.isDrained()).as(machine.transcript()).isTrue();
            }
            witness.awaitQuiet();
            System.out.printf(
                    "%d power cuts: %d numbers known committed, %s%n",
                    cuts, claims.committed().size(), witness.summary());
            assertThat(claims.committed()).as("committed and not delivered").allMatch(witness::has);
            witness.checkVerdicts();
        }
    }

    private Path disk() throws IOException {
        Path disk = directory.resolve("disk");
        try (Peer format =
                Peer.start("mke2fs", directory, "/sbin/mke2fs", "-q", "-t", "ext4", disk.toString(), "256M")) {
            assertThat(format.awaitExit(Peer.PATIENCE)).as(format.transcript()).isZero();
        }
        return Files.exists(disk) ? disk : Path.of("");
    }

    private Peer boot(Path disk, int brokerPort, int claimsPort) {
        return Peer.start(
                "guest",
                directory,
                "qemu-system-x86_64",
                "-accel",
                "tcg,thread=multi",
                "-smp",
                "2",
                "-m",
                "1024",
                "-nographic",
                "-no-reboot",
                "-kernel",
                guest.resolve("vmlinuz").toString(),
                "-initrd",
                guest.resolve("initrd").toString(),
                "-append",
                "console=ttyS0 quiet panic=-1 sluice_broker=%d sluice_claims=%d".formatted(brokerPort, claimsPort),
                "-drive",
                "file=" + disk + ",format=raw,if=virtio,cache=writeback",
                "-nic",
                "user,model=virtio-net-pci");
    }
}
