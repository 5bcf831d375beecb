package io.sluice.mqtt;

import io.sluice.mqtt.Publish.UserProperty;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Everything that shapes a client's connections. {@link #defaults} sets everything but brokers and client id;
 * {@link #with} changes some of it: {@code defaults(brokers, "p7").with(o -> o.window = 20)}.
 *
 * @param brokers {@code mqtt://HOST[:1883]}, {@code mqtts://HOST[:8883]}, {@code ws://HOST[:80][/mqtt]} or
 *     {@code wss://HOST[:443][/mqtt]}, tried in order
 * @param fallBack to MQTT 3.1.1 for a broker that refuses MQTT 5 (0x84, return code 1, or closing at CONNECT); what only MQTT 5
 *     has is then left out, {@code authentication} too: the broker is not asked to prove itself
 * @param clientId empty: the broker gives one
 * @param authentication enhanced authentication (§4.12); MQTT 5 only, as all that follows with a paragraph of §3.1.2.11
 * @param keepAlive longest silence before a PINGREQ; 0: none. The broker's Server Keep Alive takes precedence
 * @param sessionExpiry Session Expiry Interval asked for (§3.1.2.11.2), up to {@link #NEVER_EXPIRES}
 * @param will published by the broker when the connection is lost; {@link ConnectionListener#will} takes precedence
 * @param receiveMaximum most QoS 1 and 2 messages that the broker may have under way, 1 to 65,535 (§3.1.2.11.3)
 * @param maximumPacketBytes largest packet accepted from the broker (§3.1.2.11.4); over MQTT 3.1.1 kept without being told
 * @param topicAliasMaximum Topic Aliases that the broker may use, 0 to 65,535 (§3.1.2.11.5)
 * @param requestProblemInformation false: no Reason Strings and User Properties but where they cannot be missing
 * @param userProperties of CONNECT
 * @param window most QoS 1 and 2 messages in flight, 1 to 65,535; the broker's Receive Maximum can only lower it
 * @param topicAliases most Topic Aliases that this client uses, 0 to 65,535; the broker's maximum can only lower it. The
 *     first topics of a connection get one, but not those of retained messages
 * @param rate most that is published; empty: as fast as it goes
 * @param ackTimeout an acknowledgement older than this closes the connection
 * @param isolateCulprits a message that ends the connection again and again is found and given up, as
 *     {@link Outcome.EndsConnections}; false: it goes again for ever, and nothing passes it
 * @param followServerReference try the broker that a Server Reference names (§4.11) before the list
 * @param connectTimeout from the first TCP packet to CONNACK
 * @param backoffMin first upper bound of the random wait before a reconnect; doubled at each failure
 * @param backoffMax last upper bound
 * @param transport TLS, proxy and the way back to the preferred broker
 */
public record MqttOptions(
        List<URI> brokers,
        Version version,
        boolean fallBack,
        String clientId,
        Optional<Credentials> credentials,
        Optional<Authentication> authentication,
        Duration keepAlive,
        CleanStart cleanStart,
        Duration sessionExpiry,
        Optional<Will> will,
        int receiveMaximum,
        int maximumPacketBytes,
        int topicAliasMaximum,
        boolean requestResponseInformation,
        boolean requestProblemInformation,
        List<UserProperty> userProperties,
        int window,
        int topicAliases,
        Optional<Rate> rate,
        Duration ackTimeout,
        boolean isolateCulprits,
        boolean followServerReference,
        Duration connectTimeout,
        Duration backoffMin,
        Duration backoffMax,
        TransportOptions transport) {

    /** A session that the broker keeps until it is ended on purpose (Session Expiry Interval 0xFFFFFFFF). */
    public static final Duration NEVER_EXPIRES = Duration.ofSeconds(0xFFFF_FFFFL);

    /** Largest packet of the protocol: Remaining Length 268,435,455 and its header. */
    private static final int LARGEST_PACKET_BYTES = 268_435_460;

    public MqttOptions {
        brokers = List.copyOf(brokers);
        userProperties = List.copyOf(userProperties);
        require(!brokers.isEmpty(), "no broker is given");
        brokers.forEach(BrokerAddress::of);
        Texts.require(clientId, "client id");
        requireRange("window", window, 1, 65_535);
        requireRange("receive maximum", receiveMaximum, 1, 65_535);
        requireRange("maximum packet size", maximumPacketBytes, 2, LARGEST_PACKET_BYTES);
        requireRange("topic alias maximum", topicAliasMaximum, 0, 65_535);
        requireRange("number of topic aliases", topicAliases, 0, 65_535);
        require(
                keepAlive.isZero() || (keepAlive.toSeconds() >= 1 && keepAlive.toSeconds() <= 65_535),
                "keep alive " + keepAlive + " is neither 0 nor 1 s to 65,535 s");
        requireInterval("session expiry", sessionExpiry);
        require(ackTimeout.isPositive(), "ack timeout " + ackTimeout + " is not positive");
        require(connectTimeout.isPositive(), "connect timeout " + connectTimeout + " is not positive");
        require(
                credentials.isEmpty() || !credentials.get().lacksUsername() || (version == Version.MQTT_5 && !fallBack),
                "a password without a user name, which MQTT 3.1.1 does not allow");
        require(
                backoffMin.isPositive() && backoffMin.compareTo(backoffMax) <= 0,
                "backoff " + backoffMin + " to " + backoffMax + " is no range");
    }

    private static void require(boolean valid, String problem) {
        if (!valid) {
            throw new IllegalArgumentException(problem);
        }
    }

    private static void requireRange(String what, int value, int min, int max) {
        require(value >= min && value <= max, "%s %d is not %,d to %,d".formatted(what, value, min, max));
    }

    /** Seconds in four bytes. */
    static void requireInterval(String what, Duration interval) {
        require(
                !interval.isNegative() && interval.toSeconds() <= 0xFFFF_FFFFL,
                what + " " + interval + " is not 0 to 4,294,967,295 s");
    }

    public enum Version {
        MQTT_5,
        MQTT_3_1_1
    }

    /** When CONNECT asks for a new session (MQTT 5 §3.1.2.4; MQTT 3.1.1: Clean Session). */
    public enum CleanStart {
        ALWAYS,
        /**
         * Until this client has had a successful CONNACK, and whenever the broker differs from the last one. Over MQTT 3.1.1
         * such a session ends with its connection.
         */
        FIRST,
        /** The caller vouches that nothing was in flight when the session was left. */
        NEVER
    }

    /**
     * User Name and Password of CONNECT. A Password alone, such as a token, is a thing of MQTT 5 (§3.1.2.9).
     *
     * @param password at most 65,535 bytes
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Credentials(Optional<String> username, Optional<byte[]> password) {

        public Credentials {
            username.ifPresent(name -> Texts.require(name, "user name"));
            password.ifPresent(data -> Texts.require(data, "password"));
        }

        public Credentials(String username, Optional<byte[]> password) {
            this(Optional.of(username), password);
        }

        private boolean lacksUsername() {
            return username.isEmpty() && password.isPresent();
        }
    }

    /**
     * Published by the broker when the connection ends without DISCONNECT 0x00 (MQTT 5 §3.1.2.5).
     *
     * @param delay Will Delay Interval; MQTT 5 only, as the message's properties
     */
    public record Will(Publish message, Duration delay) {

        public Will {
            requireInterval("will delay", delay);
            Texts.require(message.payload(), "payload of the Will");
        }
    }

    /**
     * Enhanced authentication (MQTT 5 §4.12).
     *
     * @param exchange begins one, at each CONNECT and each re-authentication
     */
    public record Authentication(String method, Supplier<Exchange> exchange) {

        public Authentication {
            Texts.require(method, "authentication method");
        }
    }

    /**
     * The client's side of one exchange, called on {@code mqtt-io}: must not wait. Whatever it throws ends the connection.
     * Empty data is data that is not sent.
     */
    public interface Exchange {

        /** Authentication Data of CONNECT, or of the AUTH that re-authenticates. */
        Optional<byte[]> first();

        /** The answer to the data of an AUTH "continue authentication". */
        Optional<byte[]> answer(Optional<byte[]> challenge);

        /** The broker says it succeeded; throws if its data does not prove what the method asks of a broker. */
        default void succeeded(Optional<byte[]> data) {}
    }

    /** Token buckets that hold a tenth of a second, at least one message. @param bytesPerSecond of whole packets */
    public record Rate(long messagesPerSecond, long bytesPerSecond) {

        public Rate {
            require(messagesPerSecond > 0 && bytesPerSecond > 0, "a rate that is not positive");
        }
    }

    /** The defaults of everything but the brokers and the client id. */
    public static MqttOptions defaults(List<URI> brokers, String clientId) {
        return new Draft(brokers, clientId).options();
    }

    /** These options with what {@code changes} assigns. */
    public MqttOptions with(Consumer<Draft> changes) {
        Draft draft = new Draft(this);
        changes.accept(draft);
        return draft.options();
    }

    /** The components of {@link MqttOptions}, to be assigned inside {@link #with}. */
    public static final class Draft {

        public List<URI> brokers;
        public Version version = Version.MQTT_5;
        public boolean fallBack = false;
        public String clientId;
        public Optional<Credentials> credentials = Optional.empty();
        public Optional<Authentication> authentication = Optional.empty();
        public Duration keepAlive = Duration.ofSeconds(30);
        public CleanStart cleanStart = CleanStart.FIRST;
        public Duration sessionExpiry = Duration.ofHours(1);
        public Optional<Will> will = Optional.empty();
        public int receiveMaximum = 65_535;
        public int maximumPacketBytes = 1 << 20;
        public int topicAliasMaximum = 0;
        public boolean requestResponseInformation = false;
        public boolean requestProblemInformation = true;
        public List<UserProperty> userProperties = List.of();
        public int window = 100;
        public int topicAliases = 16;
        public Optional<Rate> rate = Optional.empty();
        public Duration ackTimeout = Duration.ofSeconds(30);
        public boolean isolateCulprits = false;
        public boolean followServerReference = false;
        public Duration connectTimeout = Duration.ofSeconds(10);
        public Duration backoffMin = Duration.ofMillis(500);
        public Duration backoffMax = Duration.ofSeconds(30);
        public TransportOptions transport = TransportOptions.defaults();

        private Draft(List<URI> brokers, String clientId) {
            this.brokers = brokers;
            this.clientId = clientId;
        }

        private Draft(MqttOptions from) {
            brokers = from.brokers;
            version = from.version;
            fallBack = from.fallBack;
            clientId = from.clientId;
            credentials = from.credentials;
            authentication = from.authentication;
            keepAlive = from.keepAlive;
            cleanStart = from.cleanStart;
            sessionExpiry = from.sessionExpiry;
            will = from.will;
            receiveMaximum = from.receiveMaximum;
            maximumPacketBytes = from.maximumPacketBytes;
            topicAliasMaximum = from.topicAliasMaximum;
            requestResponseInformation = from.requestResponseInformation;
            requestProblemInformation = from.requestProblemInformation;
            userProperties = from.userProperties;
            window = from.window;
            topicAliases = from.topicAliases;
            rate = from.rate;
            ackTimeout = from.ackTimeout;
            isolateCulprits = from.isolateCulprits;
            followServerReference = from.followServerReference;
            connectTimeout = from.connectTimeout;
            backoffMin = from.backoffMin;
            backoffMax = from.backoffMax;
            transport = from.transport;
        }

        private MqttOptions options() {
            return new MqttOptions(
                    brokers,
                    version,
                    fallBack,
                    clientId,
                    credentials,
                    authentication,
                    keepAlive,
                    cleanStart,
                    sessionExpiry,
                    will,
                    receiveMaximum,
                    maximumPacketBytes,
                    topicAliasMaximum,
                    requestResponseInformation,
                    requestProblemInformation,
                    userProperties,
                    window,
                    topicAliases,
                    rate,
                    ackTimeout,
                    isolateCulprits,
                    followServerReference,
                    connectTimeout,
                    backoffMin,
                    backoffMax,
                    transport);
        }
    }
}
