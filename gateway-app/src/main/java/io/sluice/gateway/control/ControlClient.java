package io.sluice.gateway.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks a running gateway over its control socket. */
public final class ControlClient {

    /** A gateway may be there, but it cannot be asked; the text says why. */
    public static final class Unanswered extends Exception {
        private static final long serialVersionUID = 1;

        Unanswered(String message) {
            super(message);
        }
    }

    private ControlClient() {}

    /**
     * The gateway's answer; empty if nobody listens there.
     *
     * @param limit how long to wait for it
     */
    public static Optional<Reply> ask(Path socket, Call call, Duration limit) throws Unanswered {
        CompletableFuture<Void> over =
                new CompletableFuture<Void>().completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS);
        try (SocketChannel channel = open(socket)) {
            over.thenRun(() -> end(channel));
            channel.write(ByteBuffer.wrap((ControlProtocol.encode(call) + "\n").getBytes(StandardCharsets.UTF_8)));
            return Optional.of(ControlProtocol.reply(line(channel)));
        } catch (ConnectException e) {
            return Optional.empty();
        } catch (AsynchronousCloseException e) {
            throw new Unanswered("the gateway at " + socket + " has not answered within " + limit.toSeconds() + " s");
        } catch (ControlProtocol.Malformed e) {
            throw new Unanswered("the gateway at " + socket + " answered with something else: " + e.getMessage());
        } catch (IOException e) {
            throw new Unanswered(
                    "the gateway at %s cannot be asked (%s): if it is busy with other callers or stopping, ask again"
                            .formatted(socket, e.getMessage()));
        } finally {
            over.complete(null);
        }
    }

    /** A directory that this user may not enter looks as if nothing were there; a socket may be behind it. */
    private static SocketChannel open(Path socket) throws IOException, Unanswered {
        ControlSocket.requireShort(socket);
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (ConnectException e) {
            throw e;
        } catch (SocketException e) {
            if (String.valueOf(e.getMessage()).contains("Permission denied")) {
                throw new Unanswered(
                        "this user may not use " + socket + ": ask as the gateway's own user or as root (sudo)");
            }
            if (Files.notExists(socket)) {
                throw new ConnectException("no socket");
            }
            throw e;
        }
    }

    private static String line(SocketChannel channel) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
        while (channel.read(buffer) >= 0) {
            bytes.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        if (bytes.size() == 0) {
            throw new IOException("no answer");
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void end(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // it was to end, and it has
        }
    }
}
