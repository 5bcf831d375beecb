package io.sluice.gateway.cli;

import io.sluice.adapter.opcua.BrowsedNode;
import io.sluice.adapter.opcua.DraftProfile;
import io.sluice.adapter.opcua.Identity;
import io.sluice.adapter.opcua.ReadNode;
import io.sluice.adapter.opcua.ServerBrowser;
import io.sluice.gateway.control.ExitCodes;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.Value;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "browse",
        description = "Shows the address space of an OPC UA server, and writes a draft profile from what it shows.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:shown", "2:bad arguments", "69:the server cannot be reached or does not answer"})
final class BrowseCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ENDPOINT", description = "opc.tcp://HOST:PORT")
    private String endpoint;

    @Option(
            names = "--filter",
            paramLabel = "GLOB",
            description = "only what matches, such as '**/Press/**' or '**/*Temp*'")
    private @Nullable String filter;

    @Option(names = "--depth", paramLabel = "N", defaultValue = "6", description = "how far down (${DEFAULT-VALUE})")
    private int depth;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "2000",
            description = "how many nodes (${DEFAULT-VALUE})")
    private int limit;

    @Option(names = "--values", description = "read what the variables hold now")
    private boolean values;

    @Option(names = "--profile", paramLabel = "FILE", description = "write a draft profile with the variables shown")
    private @Nullable Path profile;

    @Option(names = "--security", paramLabel = "S", description = "such as Basic256Sha256/SignAndEncrypt")
    private String security = "None";

    @Option(names = "--username", paramLabel = "NAME", description = "without it the Session is anonymous")
    private @Nullable String username;

    @Option(names = "--password-file", paramLabel = "FILE", description = "its first line is the password")
    private @Nullable Path passwordFile;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "X.509 certificate of the user, instead of a name (PEM or DER)")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "its RSA key (PKCS #8, PEM or DER)")
    private @Nullable Path key;

    @Option(
            names = "--key-password-file",
            paramLabel = "FILE",
            description = "its first line is the key-password, if the key is encrypted")
    private @Nullable Path keyPasswordFile;

    @Option(
            names = "--reverse-connect",
            paramLabel = "HOST:PORT",
            description =
                    "do not connect but wait here, for a minute, until the server does and says that it is ENDPOINT")
    private @Nullable String reverseConnect;

    @Option(
            names = "--server-uri",
            paramLabel = "URI",
            description = "with --reverse-connect: the ServerUri that it must say too, where several servers may call")
    private @Nullable String serverUri;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "where certificates are, as of a gateway (${DEFAULT-VALUE})")
    private Path state = Path.of(".sluice");

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        if (profile != null && Files.exists(profile)) {
            err.println("sluice: " + profile + " exists, write to another file");
            return ExitCodes.USAGE;
        }
        if (certificate != null && username != null) {
            err.println("sluice: --username or --certificate, only one can count");
            return ExitCodes.USAGE;
        }
        if ((certificate == null) != (key == null)) {
            err.println("sluice: --certificate and --key belong together");
            return ExitCodes.USAGE;
        }
        if (serverUri != null && reverseConnect == null) {
            err.println("sluice: --server-uri without --reverse-connect: only a server that connects says it");
            return ExitCodes.USAGE;
        }
        try (ServerBrowser browser = ServerBrowser.connect(
                new ServerBrowser.Login(endpoint, security, identity(), reverseConnect()), state)) {
            show(browser);
            return ExitCodes.OK;
        } catch (IOException e) {
            err.println("sluice: " + e.getMessage());
            return ExitCodes.UNAVAILABLE;
        }
    }

    private Optional<ServerBrowser.ReverseConnect> reverseConnect() {
        return Optional.ofNullable(reverseConnect)
                .map(listen -> new ServerBrowser.ReverseConnect(listen, Optional.ofNullable(serverUri)));
    }

    private Optional<Identity> identity() throws IOException {
        if (certificate != null && key != null) {
            return Optional.of(new Identity.Certificate(certificate, key, firstLine(keyPasswordFile)));
        }
        return username == null
                ? Optional.empty()
                : Optional.of(
                        new Identity.UserName(username, firstLine(passwordFile).orElse("")));
    }

    private static Optional<String> firstLine(@Nullable Path file) throws IOException {
        if (file == null) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst();
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        }
    }

    private void show(ServerBrowser browser) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        ServerBrowser.Tree tree = browser.tree(depth, limit);
        List<BrowsedNode> shown = tree.nodes().stream().filter(this::matches).toList();
        List<BrowsedNode> variables =
                shown.stream().filter(BrowsedNode::variable).toList();
        Map<BrowsedNode, ReadNode> read = values || profile != null
                ? browser.read(variables).stream().collect(Collectors.toMap(ReadNode::node, Function.identity()))
                : Map.of();
        shown.forEach(node -> out.println(line(node, values ? read.get(node) : null)));
        out.println(shown.size() + " of " + tree.nodes().size() + " nodes, " + variables.size() + " variables"
                + (tree.complete() ? "" : "; there is more, which --depth, --limit or the server left out"));
        @Nullable Path file = profile;
        if (file != null) {
            Files.writeString(
                    file,
                    DraftProfile.of(
                            profileName(file),
                            endpoint,
                            variables.stream().map(read::get).toList()));
            out.println("draft profile: " + file);
        }
    }

    private boolean matches(BrowsedNode node) {
        if (filter == null) {
            return true;
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + filter);
        return matcher.matches(Path.of(node.path()));
    }

    private static String profileName(Path file) {
        return String.valueOf(file.getFileName()).replaceAll("\\.ya?ml$", "").replaceAll("[^A-Za-z0-9._-]", "-");
    }

    private String line(BrowsedNode node, @Nullable ReadNode read) {
        String indent = filter == null ? "  ".repeat(node.level() - 1) + node.name() : node.path();
        if (!node.variable()) {
            return indent + "/";
        }
        String address = "  nsu=" + node.namespace() + ";" + node.identifier();
        return read == null ? indent + address : indent + " = " + value(read) + address;
    }

    private static String value(ReadNode read) {
        @Nullable Value value = read.sample().value();
        String text = value == null ? "–" : text(value, read.enumeration());
        String unit = read.unit().isEmpty() ? "" : " " + read.unit();
        return read.sample().status().quality() == Status.Quality.GOOD
                ? text + unit
                : text + unit + " (" + read.sample().status().quality().name().toLowerCase(java.util.Locale.ROOT) + ")";
    }

    private static String text(Value value, List<EnumValue> names) {
        return switch (value) {
            case Value.Float32 number -> String.valueOf(number.value());
            case Value.Float64 number -> String.valueOf(number.value());
            case Value.Signed number -> named(number.value(), names);
            case Value.Unsigned number -> named(number.value(), names);
            case Value.Bool bool -> String.valueOf(bool.value());
            case Value.Text text -> '"' + text.value() + '"';
            case Value.Bytes bytes -> bytes.value().length + " bytes";
            case Value.Structure structure ->
                structure.fields().stream()
                        .map(field -> field.name() + ": " + orDash(field.value()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Value.Elements elements ->
                elements.values().stream().map(BrowseCommand::orDash).collect(Collectors.joining(", ", "[", "]"));
        };
    }

    private static String orDash(@Nullable Value value) {
        return value == null ? "–" : text(value, List.of());
    }

    private static String named(long number, List<EnumValue> names) {
        return names.stream()
                .filter(name -> name.value() == number)
                .map(name -> number + " " + name.name())
                .findFirst()
                .orElseGet(() -> String.valueOf(number));
    }
}
