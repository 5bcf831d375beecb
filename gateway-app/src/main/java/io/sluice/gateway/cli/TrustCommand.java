package io.sluice.gateway.cli;

import io.sluice.adapter.opcua.StoredCertificate;
import io.sluice.adapter.opcua.TrustStore;
import io.sluice.gateway.control.ExitCodes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "trust",
        description =
                "Shows the certificates of OPC UA servers that the gateway has rejected, and trusts one of them. Works on"
                        + " files alone: a gateway that runs finds what has changed at its next attempt to connect.",
        customSynopsis = {
            "sluice trust gateway.yaml               shows all certificates",
            "       sluice trust gateway.yaml THUMBPRINT    trusts the one that begins so",
            "       sluice trust gateway.yaml --renew       makes a new one for the gateway"
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done",
            "2:bad arguments, or no such certificate was rejected",
            "69:the files belong to another user, or cannot be read or written",
            "78:the file is not valid"
        })
final class TrustCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..2",
            paramLabel = "gateway.yaml THUMBPRINT",
            description = "the gateway, and at least six digits of a SHA-1 or SHA-256 thumbprint")
    private List<String> arguments = new ArrayList<>();

    @Option(names = "--state", paramLabel = "DIR", description = "instead of gateway.yaml: where certificates are")
    private @Nullable Path state;

    @Option(
            names = "--renew",
            description =
                    "make a new certificate and key for the gateway, used from its next connections on: every server"
                            + " has to trust it. The old ones are kept beside them")
    private boolean renew;

    @Override
    public Integer call() {
        Optional<String> thumbprint = thumbprint();
        Optional<Path> directory = state == null ? stateOf(Path.of(arguments.getFirst())) : Optional.of(state);
        if (directory.isEmpty()) {
            return ExitCodes.CONFIG;
        }
        Optional<String> stranger = Owner.refusal(directory.get());
        if (stranger.isPresent()) {
            return failed(ExitCodes.UNAVAILABLE, stranger.get());
        }
        try {
            return work(new TrustStore(directory.get()), thumbprint);
        } catch (TrustStore.Refused e) {
            return failed(ExitCodes.USAGE, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return failed(ExitCodes.UNAVAILABLE, "cannot work on " + directory.get() + ": " + e.getMessage());
        }
    }

    private Optional<String> thumbprint() {
        int files = state == null ? 1 : 0;
        if (arguments.size() < files) {
            throw new ParameterException(spec.commandLine(), "which gateway? sluice trust gateway.yaml");
        }
        if (arguments.size() > files + 1 || renew && arguments.size() > files) {
            throw new ParameterException(
                    spec.commandLine(),
                    "'" + arguments.getLast() + "' is too much, expected one thumbprint or --renew");
        }
        return arguments.size() > files ? Optional.of(arguments.getLast()) : Optional.empty();
    }

    private Optional<Path> stateOf(Path file) {
        return Configured.glance(file, ServiceEnvironment.of(file, System.getenv()), err())
                .map(config -> config.outbox().directory());
    }

    private int work(TrustStore store, Optional<String> thumbprint) throws TrustStore.Refused, IOException {
        if (renew) {
            show("own", store.renew());
            out().println(
                            "every server must trust it before the gateway's next connection to it; the certificate and the"
                                    + " key before it are kept beside it as previous-*");
        } else if (thumbprint.isPresent()) {
            show("trusted", store.trust(thumbprint.get()));
        } else {
            list(store);
        }
        out().flush();
        return ExitCodes.OK;
    }

    private void list(TrustStore store) throws IOException {
        store.own().ifPresent(own -> show("own", own));
        store.trusted().forEach(trusted -> show("trusted", trusted));
        List<StoredCertificate> rejected = store.rejected();
        rejected.forEach(certificate -> show("rejected", certificate));
        out().println(
                        rejected.isEmpty()
                                ? "no server was rejected: see " + store.directory()
                                : "compare a thumbprint with the server's before you trust it");
    }

    private void show(String what, StoredCertificate certificate) {
        out().println("%-9s %s".formatted(what, certificate.subject()));
        line("SHA-1", certificate.sha1());
        line("SHA-256", certificate.sha256());
        line("valid", "from " + certificate.from() + " until " + certificate.until());
        if (!certificate.applicationUri().isEmpty()) {
            line("application", certificate.applicationUri());
        }
        line("file", certificate.file().toString());
    }

    private void line(String name, String value) {
        out().println("          %-12s %s".formatted(name, value));
    }

    private int failed(int exit, String why) {
        Listening.note(err(), why);
        return exit;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
