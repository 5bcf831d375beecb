package io.sluice.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file system of a few megabytes in memory. It is mounted in a mount namespace of its own, which needs no privilege where the
 * kernel lets users have namespaces; processes have to be started {@link #inside}.
 */
final class SmallDisk implements AutoCloseable {

    private static final int BLOCK_BYTES = 4096;
    private static final int MOST_BLOCKS = 1 << 16;

    private final Peer keeper;
    private final Path path;

    private SmallDisk(Peer keeper, Path path) {
        this.keeper = keeper;
        this.path = path;
    }

    /** @param directory where it is mounted; made if it does not exist */
    static SmallDisk mount(Path directory, String size) throws IOException {
        Files.createDirectories(directory);
        String mount = "mount -t tmpfs -o size=%s none %s".formatted(size, directory);
        assumeTrue(canMount(directory, mount), "a file system of its own cannot be mounted here (unshare -rm)");
        Peer keeper = Peer.start(
                "mount", directory, "unshare", "-rm", "sh", "-c", mount + " && echo mounted && exec sleep 3600");
        keeper.awaitLine("mounted");
        return new SmallDisk(keeper, directory);
    }

    private static boolean canMount(Path directory, String mount) {
        try (Peer attempt = Peer.start("unshare", directory, "unshare", "-rm", "sh", "-c", mount)) {
            return attempt.awaitExit(Peer.PATIENCE) == 0;
        }
    }

    /** As processes see it that are started inside. */
    Path path() {
        return path;
    }

    /** The command, as it is started from outside. */
    List<String> inside(List<String> command) {
        List<String> entering = new ArrayList<>(List.of(
                "nsenter", "--target", Long.toString(keeper.pid()), "--user", "--mount", "--preserve-credentials"));
        entering.addAll(command);
        return entering;
    }

    /** Another program takes all that is left. */
    void fill() throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        try (OutputStream out = Files.newOutputStream(others())) {
            for (int i = 0; i < MOST_BLOCKS; i++) {
                out.write(block);
            }
            throw new AssertionError("the file system is larger than it should be");
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    /** And gives it back. */
    void free() throws IOException {
        Files.delete(others());
    }

    /** As seen from outside. */
    private Path others() {
        return Path.of("/proc/%d/root%s/others".formatted(keeper.pid(), path.toAbsolutePath()));
    }

    @Override
    public void close() {
        keeper.close();
    }
}
