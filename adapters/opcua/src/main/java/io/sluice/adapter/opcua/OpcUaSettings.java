package io.sluice.adapter.opcua;

import io.sluice.profiles.ProtocolSchema;
import io.sluice.profiles.Setting;
import io.sluice.profiles.SettingType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What users may write for OPC UA. */
final class OpcUaSettings {

    private static final Pattern ENDPOINT =
            Pattern.compile("opc\\.tcp://(\\[[0-9A-Fa-f:.]+]|[^/:\\s\\[]+)(:\\d{1,5})?(/\\S*)?");
    private static final Pattern INDEX_RANGE = Pattern.compile("\\d+(:\\d+)?(,\\d+(:\\d+)?)*");
    private static final Pattern INDEX_PAIR = Pattern.compile("(\\d+):(\\d+)");
    private static final SettingType<Duration> INTERVAL =
            SettingType.duration(Duration.ofMillis(1), Duration.ofHours(1));

    static final Setting<String> ENDPOINT_URL = Setting.required(
            "endpoint",
            SettingType.text("endpoint", "opc.tcp://HOST:PORT", OpcUaSettings::endpoint),
            "Where the server listens. The host written here is used also where the server announces another one. With"
                    + " reverse-connect: the EndpointUrl that the server sends in its ReverseHello.");
    static final Setting<Security> SECURITY = Setting.of(
            "security",
            SettingType.text("security", Security.expected(), Security::parse),
            Security.NONE,
            "SecurityPolicy and MessageSecurityMode, or None.");
    static final Setting<String> USERNAME = Setting.optional(
            "identity.username", SettingType.text(), "User name; without it the Session is anonymous.");
    static final Setting<String> PASSWORD =
            Setting.optional("identity.password", SettingType.text(), "Password of the user name.");
    static final Setting<Path> CERTIFICATE = Setting.optional(
            "identity.certificate",
            SettingType.path(),
            "X.509 certificate of the user (PEM or DER), instead of a user name.");
    static final Setting<Path> KEY = Setting.optional(
            "identity.key", SettingType.path(), "Private key of the user's certificate: RSA, PKCS #8 (PEM or DER).");
    static final Setting<String> KEY_PASSWORD =
            Setting.optional("identity.key-password", SettingType.text(), "Password of the key, if it is encrypted.");
    static final Setting<Boolean> ACCEPT_EXPIRED = Setting.of(
            "accept-expired",
            SettingType.bool(),
            false,
            "Whether a trusted certificate of the server counts also when it has expired, for a server that cannot be given"
                    + " a new one.");
    static final Setting<Duration> TIMEOUT = Setting.of(
            "timeout",
            SettingType.duration(Duration.ofMillis(100), Duration.ofMinutes(2)),
            Duration.ofSeconds(5),
            "How long to wait for a connection and for each answer.");

    static final Setting<Map<String, String>> NAMESPACES = Setting.optional(
            "namespaces", SettingType.textMap(), "URI of each namespace prefix that addresses of this profile use.");
    static final Setting<Duration> PUBLISHING = Setting.of(
            "publishing",
            SettingType.duration(Duration.ofMillis(10), Duration.ofHours(1)),
            Duration.ofMillis(500),
            "PublishingInterval of the Subscription; the server may revise it.");

    static final Setting<String> NODE =
            Setting.optional("node", SettingType.text(), "NodeId: \"p:s=Press.State\", i=2258, g=… or b=….");
    static final Setting<String> PATH = Setting.optional(
            "path",
            SettingType.text(),
            "Browse path from the root folder: \"/Objects/p:Press/p:Level\". With * and ** every variable that fits becomes a"
                    + " tag.");
    static final Setting<Integer> LIMIT = Setting.of(
            "limit",
            SettingType.integer(1, 100_000),
            1_000,
            "With a path that has * or **: how many variables become tags.");
    static final Setting<Duration> FOLLOW = Setting.of(
            "follow",
            SettingType.duration(Duration.ofSeconds(1), Duration.ofDays(7)),
            Duration.ofMinutes(1),
            "With a path that has * or **: how often the server is searched for variables that have come or gone. Sooner"
                    + " where it tells of them; later where the search would take more than a tenth of the time.");
    static final Setting<String> INDEX = Setting.optional(
            "index",
            SettingType.text(
                    "index range", "an index range in quotes such as \"0:7\" or \"3\"", OpcUaSettings::indexRange),
            "Part of an array: first and last index.");
    static final Setting<Duration> SAMPLING =
            Setting.optional("sampling", INTERVAL, "SamplingInterval; without it the PublishingInterval.");
    static final Setting<Integer> QUEUE = Setting.of(
            "queue",
            SettingType.integer(1, 100_000),
            10,
            "QueueSize: values the server keeps between two notifications.");
    static final Setting<Boolean> DISCARD_OLDEST = Setting.of(
            "discard-oldest", SettingType.bool(), true, "Which value the server drops when its queue is full.");

    /** Where a deadband is kept beside the gateway's own. */
    enum Filter {
        /** At the server, where that comes to exactly the same. */
        AUTO,
        /** At the server also for numbers of which it cannot be known. */
        SERVER,
        GATEWAY
    }

    static final Setting<Filter> FILTER = Setting.of(
            "filter",
            SettingType.choice(Filter.class),
            Filter.AUTO,
            "With a deadband: whether the server is asked to leave out small changes (DataChangeFilter). auto: where it is"
                    + " sure to leave out what the gateway would; server: for every number; gateway: never.");

    static final Setting<String> TRIGGERED_BY = Setting.optional(
            "triggered-by",
            SettingType.text(),
            "Name of another tag: this one is sampled, and reported only when that one reports (SetTriggering).");

    static final Setting<String> EVENTS = Setting.optional(
            "events",
            SettingType.text(),
            "Makes the tag report events of this node: all, conditions (with alarms), or the NodeId of an EventType.");
    static final Setting<Integer> MIN_SEVERITY =
            Setting.of("min-severity", SettingType.integer(1, 1000), 1, "Events below this Severity are not reported.");

    static final Setting<String> METHOD = Setting.optional(
            "method",
            SettingType.text(),
            "Instead of a value: the NodeId or browse path of a method, which `sluice write` calls with a JSON array of"
                    + " arguments.");
    static final Setting<String> OBJECT = Setting.optional(
            "object", SettingType.text(), "With method: the NodeId or browse path of the object that has it.");

    static final Setting<ListenAddress> LISTEN = Setting.optional(
            "reverse-connect.listen",
            SettingType.text("address", "HOST:PORT such as \"0.0.0.0:4841\"", ListenAddress::parse),
            "Where the gateway listens for the server, which connects to its client (reverse connect). Several devices may"
                    + " have the same address.");
    static final Setting<String> SERVER_URI = Setting.optional(
            "reverse-connect.server-uri",
            SettingType.text(),
            "With listen: the ServerUri (ApplicationUri) that the server must send too, where several send the same"
                    + " EndpointUrl, or none.");
    static final ProtocolSchema SCHEMA = new ProtocolSchema(
                    "opcua",
                    List.of(
                            ENDPOINT_URL,
                            SECURITY,
                            USERNAME,
                            PASSWORD,
                            CERTIFICATE,
                            KEY,
                            KEY_PASSWORD,
                            ACCEPT_EXPIRED,
                            TIMEOUT,
                            LISTEN,
                            SERVER_URI),
                    List.of(NAMESPACES, PUBLISHING),
                    List.of(
                            NODE,
                            PATH,
                            LIMIT,
                            FOLLOW,
                            INDEX,
                            SAMPLING,
                            QUEUE,
                            DISCARD_OLDEST,
                            FILTER,
                            TRIGGERED_BY,
                            EVENTS,
                            MIN_SEVERITY,
                            METHOD,
                            OBJECT),
                    true)
            .withSampleConnection("{ endpoint: \"opc.tcp://localhost:4840\" }");

    private OpcUaSettings() {}

    static Optional<String> endpoint(String text) {
        Matcher matcher = ENDPOINT.matcher(text);
        boolean good = matcher.matches()
                && (matcher.group(2) == null
                        || Integer.parseInt(matcher.group(2).substring(1)) <= 65_535);
        return good ? Optional.of(text) : Optional.empty();
    }

    private static Optional<String> indexRange(String text) {
        boolean rising = INDEX_PAIR
                .matcher(text)
                .results()
                .allMatch(pair -> pair.group(1).length() <= 9
                        && pair.group(2).length() <= 9
                        && Integer.parseInt(pair.group(1)) < Integer.parseInt(pair.group(2)));
        return rising && INDEX_RANGE.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }
}
