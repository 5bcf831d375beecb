package io.sluice.gateway.cli;

import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.control.Call;
import io.sluice.gateway.control.ControlClient;
import io.sluice.gateway.control.ControlSocket;
import io.sluice.gateway.control.ExitCodes;
import io.sluice.gateway.control.Reply;
import io.sluice.gateway.control.Request;
import io.sluice.outbox.OutboxException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code status}, {@code queue}, {@code read} and {@code write} share: a running gateway is asked, else something else is done. */
final class LookingIn {

    /** Longer than a running gateway takes for the slowest answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "gateway.yaml")
    private Path file;

    @Option(names = "--json", description = "one JSON object instead of lines for people")
    private boolean json;

    Call.Form form() {
        return json ? Call.Form.JSON : Call.Form.TEXT;
    }

    Path file() {
        return file;
    }

    Map<String, String> environment() {
        return ServiceEnvironment.of(file, System.getenv());
    }

    /**
     * Asks the running gateway, or does without it where none runs, and prints.
     *
     * @return the exit code
     */
    int ask(Request request, Function<GatewayConfig, Reply> withoutGateway) {
        Optional<GatewayConfig> config = Configured.glance(file, environment(), err());
        if (config.isEmpty()) {
            return ExitCodes.CONFIG;
        }
        try {
            Path socket =
                    ControlSocket.path(environment(), config.get().outbox().directory());
            Call call = new Call(config.get().id(), form(), request);
            @Nullable Reply reply = ControlClient.ask(socket, call, PATIENCE).orElse(null);
            return print(reply == null ? withoutGateway.apply(config.get()) : reply);
        } catch (ControlClient.Unanswered e) {
            return print(new Reply(ExitCodes.UNAVAILABLE, String.valueOf(e.getMessage()), ""));
        } catch (OutboxException e) {
            return print(new Reply(
                    ExitCodes.NOT_RUNNING,
                    "gateway " + config.get().id() + " does not run, and " + e.getMessage(),
                    ""));
        }
    }

    private int print(Reply reply) {
        PrintWriter out = spec.commandLine().getOut();
        if (!reply.answer().isEmpty()) {
            out.println(reply.answer());
            out.flush();
        }
        if (!reply.error().isEmpty()) {
            Listening.note(err(), reply.error());
        }
        return reply.exit();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
