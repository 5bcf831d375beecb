package io.sluice.gateway.cli;

import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.control.ControlServer;
import io.sluice.gateway.control.ControlSocket;
import io.sluice.gateway.http.Pages;
import io.sluice.gateway.runtime.GatewayStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control socket and the pages of a process: opened once, when there is something to say, and answered by whatever the
 * process is at the time, a gateway or one that waits for its disk.
 */
final class Inspection implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Inspection.class);

    /** What answers. */
    record Answers(ControlServer.Handler desk, Supplier<GatewayStatus> status) {}

    private final GatewayConfig config;
    private volatile @Nullable Answers answers;
    private Optional<ControlServer> control = Optional.empty();
    private Optional<Pages> pages = Optional.empty();

    Inspection(GatewayConfig config) {
        this.config = config;
    }

    /** From here on these answer. */
    void answer(Answers now) {
        boolean first = answers == null;
        answers = now;
        if (first) {
            control = control();
            pages = config.httpListen()
                    .map(at -> Pages.serve(at, () -> current().status().get()));
        }
    }

    private Answers current() {
        Answers now = answers;
        if (now == null) {
            throw new IllegalStateException("asked before there was anything to say");
        }
        return now;
    }

    /** A gateway that cannot be looked into still carries telemetry, so this is told and no more. */
    private Optional<ControlServer> control() {
        Path socket = ControlSocket.path(System.getenv(), config.outbox().directory());
        try {
            return Optional.of(
                    ControlServer.open(socket, call -> current().desk().answer(call)));
        } catch (IOException e) {
            log.error(
                    "no control socket, so that status, queue, read and write cannot ask this gateway: {}",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** May be called again: by then another process may have the socket's path. */
    @Override
    public void close() {
        pages.ifPresent(Pages::close);
        pages = Optional.empty();
        control.ifPresent(ControlServer::close);
        control = Optional.empty();
    }
}
