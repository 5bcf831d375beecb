package io.sluice.gateway.cli;

import io.sluice.gateway.config.ConfigLoader;
import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.config.Northbound;
import io.sluice.gateway.config.Protocols;
import io.sluice.gateway.control.ExitCodes;
import io.sluice.gateway.northbound.Topics;
import io.sluice.gateway.runtime.Settings;
import io.sluice.mqtt.MqttOptions;
import io.sluice.mqtt.MqttOptions.Credentials;
import io.sluice.mqtt.TransportOptions;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where {@code tail} and {@code verify} listen, and as whom: always under a client id of their own. */
final class Source {

    /** The command line or the file does not say enough; the text says what to do. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;
        final int exitCode;
        final String text;

        Unusable(int exitCode, String message) {
            super(message);
            this.exitCode = exitCode;
            this.text = message;
        }
    }

    /** What to connect to and what to subscribe to. */
    record Subscription(MqttOptions options, List<String> filters) {}

    @Parameters(
            index = "0",
            paramLabel = "gateway.yaml|mqtt[s]://HOST[:PORT]/TOPIC-FILTER|ws[s]://HOST[:PORT]/PATH?TOPIC-FILTER",
            description = "a gateway's file, or a broker and what to subscribe to (default sluice/v1/#)")
    private String source;

    @Parameters(index = "1", arity = "0..1", paramLabel = "DEVICE[/TAG]", description = "show this device or tag alone")
    private @Nullable String selection;

    @Option(names = "--duration", paramLabel = "TIME", description = "stop after, for example 30s or 10m")
    private @Nullable String duration;

    @Option(names = "--username", description = "instead of the gateway's")
    private @Nullable String username;

    @Option(names = "--password-file", paramLabel = "FILE", description = "file that holds the password")
    private @Nullable Path passwordFile;

    @Option(names = "--ca", paramLabel = "FILE", description = "certificates to trust (PEM)")
    private @Nullable Path ca;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "client certificate (PEM), instead of the gateway's")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "its private key (PEM)")
    private @Nullable Path key;

    @Option(
            names = "--share-certificate",
            description =
                    "use the gateway's certificate: only where the broker does not derive client ids from certificates")
    private boolean shareCertificate;

    Optional<String> device() {
        return Optional.ofNullable(selection).map(s -> s.split("/", 2)[0]);
    }

    Optional<String> tag() {
        return Optional.ofNullable(selection).filter(s -> s.contains("/")).map(s -> s.split("/", 2)[1]);
    }

    @Nullable
    Duration duration() throws Unusable {
        if (duration == null) {
            return null;
        }
        return Durations.parse(duration)
                .orElseThrow(() -> new Unusable(
                        ExitCodes.USAGE,
                        "bad duration '" + duration + "', expected for example 500ms, 30s, 10m or 1h"));
    }

    Subscription open(String role, PrintWriter err) throws Unusable {
        String suffix = "-%s-%04x".formatted(role, ThreadLocalRandom.current().nextInt(0x10000));
        return source.matches("(mqtt|ws)s?://.*") ? ofUrl(suffix) : ofFile(Path.of(source), suffix, err);
    }

    private Subscription ofUrl(String suffix) throws Unusable {
        // The path of a WebSocket is the broker's own.
        int slash = source.indexOf(source.startsWith("ws") ? '?' : '/', source.indexOf("://") + 3);
        String broker = slash < 0 ? source : source.substring(0, slash);
        String filter = slash < 0 || slash == source.length() - 1 ? "sluice/v1/#" : source.substring(slash + 1);
        TransportOptions transport = TransportOptions.defaults().withTls(tls(TransportOptions.Tls.defaults()));
        try {
            return new Subscription(
                    Settings.listener(
                            List.of(URI.create(broker)),
                            MqttOptions.Version.MQTT_5,
                            "sluice" + suffix,
                            credentials(Optional.empty()),
                            transport),
                    List.of(filter));
        } catch (IllegalArgumentException e) {
            throw new Unusable(ExitCodes.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private Subscription ofFile(Path file, String suffix, PrintWriter err) throws Unusable {
        Problems problems = new Problems();
        Optional<GatewayConfig> loaded = ConfigLoader.load(
                file, Protocols.installed().schemas(), ConfigLoader.Mode.RUN, System.getenv(), problems);
        problems.sorted().forEach(err::println);
        GatewayConfig config =
                loaded.filter(c -> !problems.hasErrors()).orElseThrow(() -> new Unusable(ExitCodes.CONFIG, ""));
        Northbound northbound = config.northbound();
        if (northbound.tls().identifies() && certificate == null && !shareCertificate) {
            throw new Unusable(
                    ExitCodes.USAGE,
                    "the gateway logs in with a certificate, and a broker that derives client ids from certificates would end"
                            + " the gateway's session when it is used twice; give --certificate and --key of another client,"
                            + " or --share-certificate if your broker does not do that");
        }
        Topics topics = new Topics(
                northbound.topic(),
                config.id(),
                config.labels(),
                config.devices().stream().collect(Collectors.toMap(DeviceDefinition::id, DeviceDefinition::labels)));
        Optional<Credentials> as = credentials(Settings.credentials(northbound));
        if (northbound.version() == Northbound.Version.MQTT_3_1_1
                && as.isPresent()
                && as.get().username().isEmpty()) {
            throw new Unusable(ExitCodes.USAGE, "--password-file without --username, which MQTT 3.1.1 does not allow");
        }
        TransportOptions configured = Settings.transport(northbound);
        TransportOptions transport = configured.withTls(tls(configured.tls()));
        return new Subscription(
                Settings.listener(
                        northbound.brokers(),
                        Settings.version(northbound),
                        northbound.clientId() + suffix,
                        as,
                        transport),
                List.of(
                        topics.filter(Topics.Kind.STATUS),
                        topics.filter(Topics.Kind.BIRTH) + "/#",
                        topics.filter(Topics.Kind.DATA)));
    }

    /** What the command line gives takes the place of what is there. */
    private TransportOptions.Tls tls(TransportOptions.Tls otherwise) throws Unusable {
        if ((certificate == null) != (key == null)) {
            throw new Unusable(ExitCodes.USAGE, "--certificate and --key belong together, one of them is missing");
        }
        TransportOptions.Tls trusting = ca == null ? otherwise : otherwise.withCa(ca);
        return certificate == null || key == null
                ? trusting
                : trusting.withIdentity(new TransportOptions.Identity.Pem(certificate, key));
    }

    /** What the command line gives takes the place of what is there. */
    private Optional<Credentials> credentials(Optional<Credentials> otherwise) throws Unusable {
        if (username == null && passwordFile == null) {
            return otherwise;
        }
        Optional<String> name = username == null ? otherwise.flatMap(Credentials::username) : Optional.of(username);
        return Optional.of(new Credentials(name, passwordFile == null ? Optional.empty() : password(passwordFile)));
    }

    private static Optional<byte[]> password(Path file) throws Unusable {
        try {
            return Optional.of(Files.readString(file).strip().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Unusable(ExitCodes.USAGE, "cannot read the password file " + file + ": " + e.getMessage());
        }
    }
}
