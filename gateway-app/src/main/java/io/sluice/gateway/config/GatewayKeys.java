package io.sluice.gateway.config;

import io.sluice.gateway.config.Northbound.Format;
import io.sluice.gateway.config.Northbound.Version;
import io.sluice.gateway.config.OutboxConfig.Replay;
import io.sluice.gateway.config.OutboxConfig.WhenFull;
import io.sluice.profiles.CommonKeys;
import io.sluice.profiles.Id;
import io.sluice.profiles.Node;
import io.sluice.profiles.Setting;
import io.sluice.profiles.SettingType;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Every key of the gateway's file with its default: the one place in the code that docs/configuration.md repeats. */
final class GatewayKeys {

    private static final Duration SECOND = Duration.ofSeconds(1);

    static final Setting<String> ID = Setting.optional(
            "gateway.id", Id.TYPE, "Name of the gateway in topics and messages. Without it: the host name.");
    static final Setting<Map<String, String>> LABELS = Setting.of(
            "gateway.labels", SettingType.textMap(), Map.of(), "Names and texts of your own, for the topic.");
    static final Setting<Node.Mapping> NORTHBOUND =
            Setting.required("northbound", SettingType.mapping(), "Where telemetry goes: one entry, under any name.");

    static final Setting<Path> DIRECTORY = Setting.optional(
            "outbox.directory",
            SettingType.path(),
            "Where messages wait. Without it: `$STATE_DIRECTORY`, else `.sluice` beside the file.");
    static final Setting<Long> MAX_SIZE =
            Setting.of("outbox.max-size", SettingType.size(1L << 20, 1L << 40), 512L << 20, "Limit of what is stored.");
    static final Setting<Duration> MAX_AGE = Setting.optional(
            "outbox.max-age",
            SettingType.duration(SECOND, Duration.ofDays(36_500)),
            "Messages older than this are dropped. Without it: never.");
    static final Setting<Long> MIN_FREE = Setting.of(
            "outbox.min-free", SettingType.size(), 256L << 20, "Space on the file system that is left to others.");
    static final Setting<Duration> FLUSH_INTERVAL = Setting.of(
            "outbox.flush-interval",
            SettingType.duration(Duration.ZERO, Duration.ofMinutes(1)),
            Duration.ZERO,
            "Shortest time between two commits. A longer one spares flash memory; a power cut loses at most what was not "
                    + "yet committed.");
    static final Setting<WhenFull> WHEN_FULL = Setting.of(
            "outbox.when-full",
            SettingType.choice(WhenFull.class),
            WhenFull.DROP_OLDEST,
            "What goes when the outbox is full. It is recorded as lost.");
    static final Setting<Replay> REPLAY = Setting.of(
            "outbox.replay",
            SettingType.choice(Replay.class),
            Replay.LIVE_FIRST,
            "After an outage: new messages before the backlog, or everything in order.");
    static final Setting<Integer> REPLAY_RATE = Setting.optional(
            "outbox.replay-rate",
            SettingType.rate(),
            "Most messages of the backlog per second. Without it: unlimited.");

    static final Setting<Node> CONNECTIONS = Setting.optional(
            "connections", SettingType.node(), "Connections that several devices share, by name. Devices `use` them.");
    static final Setting<Node> DEVICES = Setting.required("devices", SettingType.node(), "The devices, at least one.");
    static final Setting<InetSocketAddress> HTTP_LISTEN = Setting.optional(
            "http.listen",
            ListenAddress.TYPE,
            "Address of the gateway's own pages `/metrics` and `/healthz`. A port alone listens on this machine alone. Without"
                    + " it: no pages.");

    static final Setting<List<URI>> BROKERS =
            Setting.required("brokers", SettingType.list(BrokerUri.TYPE), "The brokers, tried in this order.");
    static final Setting<Version> PROTOCOL =
            Setting.of("protocol", SettingType.choice(versions()), Version.MQTT_5, "Version of MQTT.");
    static final Setting<String> CLIENT_ID = Setting.of(
            "client-id",
            SettingType.text(),
            "{gateway}",
            "Client identifier; no other client may use it. `{gateway}` stands for the gateway's id.");
    static final Setting<String> USERNAME =
            Setting.optional("username", SettingType.text(), "User name for the broker.");
    static final Setting<String> PASSWORD = Setting.optional(
            "password",
            SettingType.text(),
            "Password for the broker, over MQTT 5 also without a user name: better a reference than the text itself.");
    static final Setting<Duration> KEEP_ALIVE = Setting.of(
            "keep-alive",
            SettingType.duration(SECOND, Duration.ofSeconds(65_535)),
            Duration.ofSeconds(30),
            "Longest silence on the connection before it is probed.");
    static final Setting<Format> FORMAT =
            Setting.of("format", new FormatType(), Format.PROTOBUF, "How messages are written.");
    static final Setting<String> TOPIC = Setting.of(
            "topic",
            SettingType.text(),
            "sluice/v1/{gateway}/{kind}/{device}",
            "Template of topics. `{gateway}`, `{kind}` and `{device}` must be there; labels may be.");
    static final Setting<Boolean> RETAIN = Setting.of(
            "retain",
            SettingType.bool(),
            true,
            "Whether the broker keeps births and status. If not, they are sent again at every connect.");
    static final Setting<Long> BATCH_MAX_SIZE = Setting.of(
            "batch.max-size", SettingType.size(1L << 10, 16L << 20), 64L << 10, "Largest body of one message.");
    static final Setting<Integer> WINDOW = Setting.of(
            "window",
            SettingType.integer(1, 65_535),
            100,
            "Most messages that wait for the broker's acknowledgement; less if the broker asks for less.");
    static final Setting<Duration> ACK_TIMEOUT = Setting.of(
            "ack-timeout",
            SettingType.duration(SECOND, Duration.ofHours(1)),
            Duration.ofSeconds(30),
            "A message that waits longer for its acknowledgement ends the connection.");
    static final Setting<Duration> RECONNECT_MAX = Setting.of(
            "reconnect-max",
            SettingType.duration(SECOND, Duration.ofHours(1)),
            Duration.ofSeconds(30),
            "Longest wait before connecting again; the wait grows from 500ms and is random.");
    static final Setting<Duration> PREFERRED_RETRY = Setting.of(
            "preferred-retry",
            SettingType.duration(Duration.ZERO, Duration.ofDays(1)),
            Duration.ofMinutes(10),
            "On another broker than the first of the list: how often to look whether the first can be reached again, to go "
                    + "back to it. Each time that it then refuses the session the wait is doubled, up to an hour. "
                    + "`0s`: only after a lost connection.");
    static final Setting<Path> CA = Setting.optional(
            "tls.ca", SettingType.file(), "Certificates to trust (PEM). Without it: those of the Java runtime.");
    static final Setting<Path> CERTIFICATE =
            Setting.optional("tls.certificate", SettingType.file(), "The gateway's own certificate (PEM).");
    static final Setting<Path> KEY =
            Setting.optional("tls.key", SettingType.file(), "The key of `tls.certificate` (PEM, PKCS #8).");
    static final Setting<Path> KEYSTORE = Setting.optional(
            "tls.keystore",
            SettingType.file(),
            "Certificate and key in one file (PKCS #12), instead of the two above.");
    static final Setting<String> KEYSTORE_PASSWORD =
            Setting.optional("tls.keystore-password", SettingType.text(), "Password of `tls.keystore`.");
    static final Setting<Boolean> VERIFY_HOSTNAME = Setting.of(
            "tls.verify-hostname",
            SettingType.bool(),
            true,
            "Whether the broker's certificate must be for its host. `false` only for tests.");
    static final Setting<String> SERVER_NAME = Setting.optional(
            "tls.server-name",
            SettingType.text(),
            "Name to ask for (SNI) and to find in the broker's certificate. Without it: the host of the broker.");
    static final Setting<List<String>> ALPN = Setting.of(
            "tls.alpn",
            SettingType.list(SettingType.text()),
            List.of("mqtt"),
            "Protocols offered in the handshake of `mqtts://` (ALPN). `[]`: none.");
    static final Setting<URI> PROXY = Setting.optional(
            "proxy.url", BrokerUri.PROXY, "Proxy for all brokers, HTTP (CONNECT) or SOCKS5. It resolves their names.");
    static final Setting<String> PROXY_USERNAME =
            Setting.optional("proxy.username", SettingType.text(), "User name for the proxy.");
    static final Setting<String> PROXY_PASSWORD =
            Setting.optional("proxy.password", SettingType.text(), "Password for the proxy.");

    /** Keys at the top of the file. */
    static final List<Setting<?>> FILE = List.of(
            CommonKeys.SCHEMA,
            ID,
            LABELS,
            NORTHBOUND,
            DIRECTORY,
            MAX_SIZE,
            MAX_AGE,
            MIN_FREE,
            FLUSH_INTERVAL,
            WHEN_FULL,
            REPLAY,
            REPLAY_RATE,
            CONNECTIONS,
            DEVICES,
            HTTP_LISTEN);

    /** Keys of the entry of {@code northbound:}. */
    static final List<Setting<?>> ENTRY = List.of(
            BROKERS,
            PROTOCOL,
            CLIENT_ID,
            USERNAME,
            PASSWORD,
            KEEP_ALIVE,
            FORMAT,
            TOPIC,
            RETAIN,
            BATCH_MAX_SIZE,
            WINDOW,
            ACK_TIMEOUT,
            RECONNECT_MAX,
            PREFERRED_RETRY,
            CA,
            CERTIFICATE,
            KEY,
            KEYSTORE,
            KEYSTORE_PASSWORD,
            VERIFY_HOSTNAME,
            SERVER_NAME,
            ALPN,
            PROXY,
            PROXY_USERNAME,
            PROXY_PASSWORD);

    private GatewayKeys() {}

    private static SequencedMap<String, Version> versions() {
        SequencedMap<String, Version> versions = new LinkedHashMap<>();
        versions.put("mqtt-5", Version.MQTT_5);
        versions.put("mqtt-3.1.1", Version.MQTT_3_1_1);
        return versions;
    }
}
