package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.mqtt.MqttClient.Disconnect;
import io.sluice.mqtt.MqttOptions.Authentication;
import io.sluice.mqtt.MqttOptions.Credentials;
import io.sluice.mqtt.MqttOptions.Draft;
import io.sluice.mqtt.MqttOptions.Exchange;
import io.sluice.mqtt.MqttOptions.Rate;
import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.MqttOptions.Will;
import io.sluice.mqtt.Publish.Properties;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be asked for, and how a stranger sees it. */
class MqttOptionsTest {

    private static final MqttOptions OPTIONS = MqttOptions.defaults(List.of(URI.create("mqtt://a")), "p7");

    private static final Optional<Credentials> TOKEN =
            Optional.of(new Credentials(Optional.empty(), Optional.of(new byte[] {1})));

    static Stream<Arguments> invalid() {
        return Stream.of(
                invalid("no broker is given", o -> o.brokers = List.of()),
                invalid("has no known scheme: expected mqtt://", o -> o.brokers = List.of(URI.create("http://a"))),
                invalid("window 0 is not 1 to 65,535", o -> o.window = 0),
                invalid("receive maximum 65536 is not 1 to 65,535", o -> o.receiveMaximum = 65_536),
                invalid("maximum packet size 1 is not 2 to 268,435,460", o -> o.maximumPacketBytes = 1),
                invalid("topic alias maximum -1 is not 0 to 65,535", o -> o.topicAliasMaximum = -1),
                invalid("number of topic aliases 65536 is not 0 to 65,535", o -> o.topicAliases = 65_536),
                invalid("keep alive PT0.5S is neither 0 nor", o -> o.keepAlive = Duration.ofMillis(500)),
                invalid("session expiry PT-1S is not 0 to", o -> o.sessionExpiry = Duration.ofSeconds(-1)),
                invalid("ack timeout PT0S is not positive", o -> o.ackTimeout = Duration.ZERO),
                invalid("connect timeout PT0S is not positive", o -> o.connectTimeout = Duration.ZERO),
                invalid("is no range", o -> o.backoffMin = Duration.ofHours(1)),
                invalid("a password without a user name", o -> {
                    o.credentials = TOKEN;
                    o.version = Version.MQTT_3_1_1;
                }),
                invalid("a password without a user name", o -> {
                    o.credentials = TOKEN;
                    o.fallBack = true;
                }));
    }

    private static Arguments invalid(String problem, Consumer<Draft> change) {
        return Arguments.of(problem, change);
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void whatCannotBeIsNamed(String problem, Consumer<Draft> change) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OPTIONS.with(change))
                .withMessageContaining(problem);
    }

    @Test
    void changingOneThingLeavesTheRestAlone() {
        MqttOptions changed = OPTIONS.with(o -> o.window = 5);

        assertThat(changed.window()).isEqualTo(5);
        assertThat(changed.with(o -> o.window = OPTIONS.window())).isEqualTo(OPTIONS);
    }

    @Test
    void changingOnePropertyOfAMessageLeavesTheRestAlone() {
        byte[] correlation = {42};
        Publish.Properties request = Publish.Properties.request("answers", correlation);

        Publish.Properties changed = request.with(p -> p.contentType = Optional.of("text/csv"));

        assertThat(changed.contentType()).contains("text/csv");
        assertThat(changed.responseTopic()).contains("answers");
        assertThat(changed.correlationData()).containsSame(correlation);
    }

    @Test
    void aWillIsNoLargerThanItsField() {
        Publish message = new Publish("t", new byte[65_536], 0, false);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Will(message, Duration.ZERO))
                .withMessage("payload of the Will has 65536 bytes, more than 65,535");
    }

    @Test
    void intervalsFitIntoFourBytes() {
        Publish message = new Publish("t", new byte[0], 0, false);
        Duration most = Duration.ofSeconds(0xFFFF_FFFFL);

        assertThat(new Will(message, most).delay()).isEqualTo(most);
        assertThat(expiring(0xFFFF_FFFFL).messageExpirySeconds()).contains(0xFFFF_FFFFL);
        assertThat(disconnect("", most).sessionExpiry()).contains(most);
        for (long seconds : new long[] {-1, 0x1_0000_0000L}) {
            Duration outside = Duration.ofSeconds(seconds);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Will(message, outside))
                    .withMessageStartingWith("will delay");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> expiring(seconds))
                    .withMessageStartingWith("message expiry");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> disconnect("", outside))
                    .withMessageStartingWith("session expiry");
        }
    }

    private static Exchange noExchange() {
        throw new AssertionError("no exchange is begun here");
    }

    private static Properties expiring(long seconds) {
        return properties(Optional.of(seconds), Optional.empty(), new byte[0]);
    }

    private static Properties properties(Optional<Long> expiry, Optional<String> contentType, byte[] correlation) {
        return new Properties(
                false, expiry, contentType, Optional.empty(), Optional.of(correlation), List.of(), List.of());
    }

    private static Disconnect disconnect(String reasonString, Duration sessionExpiry) {
        return new Disconnect(0, reasonString, Optional.of(sessionExpiry), List.of());
    }

    @Test
    @Clause({"3.3.2-19", "1.5.4-2"})
    void everyStringThatIsSentIsOneThatCanBeSent() {
        String nul = "a\u0000";

        assertThatIllegalArgumentException().isThrownBy(() -> disconnect(nul, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new Authentication(nul, MqttOptionsTest::noExchange));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> properties(Optional.empty(), Optional.of(nul), new byte[0]));
    }

    @Test
    void binaryDataIsNoLongerThanItsLengthCanSay() {
        byte[] most = new byte[65_535];
        byte[] tooMuch = new byte[65_536];

        assertThat(properties(Optional.empty(), Optional.empty(), most)).isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> properties(Optional.empty(), Optional.empty(), tooMuch))
                .withMessageStartingWith("Correlation Data");
        assertThat(new Credentials("u", Optional.of(most))).isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Credentials("u", Optional.of(tooMuch)))
                .withMessageStartingWith("password");
    }

    @Test
    void aRateIsPositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Rate(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Rate(1, 0));
    }

    @Test
    void aStrangerSeesEightTypesOrFewer() throws Exception {
        Path classes = Path.of(MqttClient.class.getResource("MqttClient.class").toURI())
                .getParent();
        try (Stream<Path> files = Files.list(classes)) {
            List<String> names = files.map(file -> file.getFileName().toString().replace(".class", ""))
                    .filter(name -> !name.contains("$") && !name.equals("package-info"))
                    .filter(MqttOptionsTest::isPublic)
                    .toList();

            assertThat(names).hasSizeLessThanOrEqualTo(8).contains("MqttClient", "MqttOptions");
        }
    }

    private static boolean isPublic(String name) {
        try {
            Class<?> type = Class.forName("io.sluice.mqtt." + name, false, MqttOptionsTest.class.getClassLoader());
            return Modifier.isPublic(type.getModifiers());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
