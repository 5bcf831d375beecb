package io.sluice.gateway.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the control socket lies, and how it gets there: for its owner alone, never in the place of one that lives. */
public final class ControlSocket {

    private static final String NAME = "control.sock";

    /** sockaddr_un has room for 108 bytes, the last of which is 0; see unix(7). */
    private static final int LONGEST_PATH_BYTES = 107;

    private static final int BACKLOG = 64;
    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");

    private ControlSocket() {}

    /**
     * {@code $RUNTIME_DIRECTORY/control.sock}, where systemd runs the gateway; else {@code run/control.sock} in the
     * directory of the outbox.
     */
    public static Path path(Map<String, String> environment, Path outboxDirectory) {
        return Optional.ofNullable(environment.get("RUNTIME_DIRECTORY"))
                .filter(directories -> !directories.isBlank())
                .map(directories -> Path.of(directories.split(":", 2)[0]))
                .orElseGet(() -> outboxDirectory.resolve("run"))
                .resolve(NAME)
                .toAbsolutePath();
    }

    /**
     * Listens there. A socket file that nobody listens to any more, as a killed process leaves it, gives way.
     *
     * @throws IOException whose text says what is wrong and what to do
     */
    static ServerSocketChannel listen(Path path) throws IOException {
        requireShort(path);
        prepareDirectory(path.toAbsolutePath().resolveSibling(""));
        removeStale(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, OWNER_FILE);
            return server;
        } catch (IOException e) {
            server.close();
            throw new IOException("cannot listen on " + path + ": " + e.getMessage(), e);
        }
    }

    static void requireShort(Path path) throws IOException {
        int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_PATH_BYTES) {
            throw new IOException(
                    "the path %s has %d bytes, and a socket's may have %d: choose a shorter outbox.directory"
                                    .formatted(path, bytes, LONGEST_PATH_BYTES)
                            + " or set RUNTIME_DIRECTORY");
        }
    }

    /** Whoever can enter the directory could connect between the socket's making and its change of mode. */
    private static void prepareDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY));
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(directory);
        if (!OWNER_DIRECTORY.containsAll(mode)) {
            throw new IOException(
                    "others may enter %s (%s), and the control socket is for its owner alone: chmod 700 %s"
                            .formatted(directory, PosixFilePermissions.toString(mode), directory));
        }
    }

    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        boolean socket = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) >>> 12 == 014;
        if (!socket) {
            throw new IOException(path + " is there and is no socket: move it away");
        }
        if (isListening(path)) {
            throw new IOException(
                    path + " belongs to another gateway that runs: give this one a RUNTIME_DIRECTORY of its own");
        }
        Files.deleteIfExists(path);
    }

    private static boolean isListening(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }
}
