package io.sluice.gateway.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers calls on the control socket: one for each connection, each on a virtual thread of its own. Bounded in every
 * direction: callers at once, bytes of a call, seconds of a connection. Nothing of it stands in the way of telemetry: it
 * asks the gateway's parts what they publish of themselves, and a fault in an answer ends that answer alone.
 */
public final class ControlServer implements AutoCloseable {

    /** What answers; called on many threads, may wait. */
    @FunctionalInterface
    public interface Handler {
        Reply answer(Call call) throws InterruptedException;
    }

    private static final Logger log = LoggerFactory.getLogger(ControlServer.class);

    static final int MOST_CALLERS = 64;
    static final int LONGEST_CALL_BYTES = 8 << 10;
    private static final long CONNECTION_SECONDS = 60;

    private final Path path;
    private final ServerSocketChannel server;
    private final Handler handler;
    private final Semaphore callers = new Semaphore(MOST_CALLERS);

    private ControlServer(Path path, ServerSocketChannel server, Handler handler) {
        this.path = path;
        this.server = server;
        this.handler = handler;
    }

    /**
     * Listens on thread {@code control}.
     *
     * @throws IOException whose text says what is wrong and what to do
     */
    public static ControlServer open(Path path, Handler handler) throws IOException {
        ControlServer control = new ControlServer(path, ControlSocket.listen(path), handler);
        Thread.ofPlatform().name("control").daemon().start(control::accept);
        return control;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                admit(server.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                log.warn("control socket {}: {}", path, e.getMessage());
                pause();
            }
        }
    }

    /** Out of file descriptors, as a rule: asking again at once would only fill the log. */
    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(SocketChannel caller) {
        if (callers.tryAcquire()) {
            Thread.ofVirtual().name("control-caller").start(() -> {
                try {
                    serve(caller);
                } finally {
                    callers.release();
                }
            });
        } else {
            close(caller); // the caller says that the gateway is busy
        }
    }

    private void serve(SocketChannel caller) {
        CompletableFuture<Void> over =
                new CompletableFuture<Void>().completeOnTimeout(null, CONNECTION_SECONDS, TimeUnit.SECONDS);
        over.thenRun(() -> close(caller));
        try {
            write(caller, reply(caller));
        } catch (IOException e) {
            log.debug("a caller at the control socket went away", e);
        } finally {
            over.complete(null);
        }
    }

    private String reply(SocketChannel caller) throws IOException {
        try {
            Call call = ControlProtocol.call(line(caller));
            return ControlProtocol.encode(answer(call), call.form());
        } catch (ControlProtocol.Malformed e) {
            return ControlProtocol.encode(Reply.error(ExitCodes.USAGE, String.valueOf(e.getMessage())), Call.Form.TEXT);
        }
    }

    /** A defect in an answer must not end a gateway that carries telemetry. */
    private Reply answer(Call call) {
        try {
            return handler.answer(call);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Reply.error(ExitCodes.UNAVAILABLE, "the gateway is stopping");
        } catch (RuntimeException e) {
            log.error("answering {} failed; this is a defect of Sluice", call.request(), e);
            return Reply.error(ExitCodes.SOFTWARE, "this is a defect of Sluice, its log says more: " + e);
        }
    }

    /** What comes before the first line end, or before the caller ends its side. */
    private static String line(SocketChannel caller) throws IOException, ControlProtocol.Malformed {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        while (bytes.size() <= LONGEST_CALL_BYTES && caller.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n') {
                    return bytes.toString(StandardCharsets.UTF_8);
                }
                bytes.write(next);
            }
            buffer.clear();
        }
        if (bytes.size() > LONGEST_CALL_BYTES) {
            throw new ControlProtocol.Malformed("a call is one line of at most " + LONGEST_CALL_BYTES + " bytes");
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void write(SocketChannel caller, String reply) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((reply + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            caller.write(bytes);
        }
    }

    private static void close(SocketChannel caller) {
        try {
            caller.close();
        } catch (IOException e) {
            log.debug("closing a caller at the control socket", e);
        }
    }

    /** Listens no more. Calls that are being answered end by themselves. */
    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            log.debug("closing the control socket {}", path, e);
        }
    }
}
