package io.sluice.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.mqtt.MqttOptions.Authentication;
import io.sluice.mqtt.MqttOptions.Credentials;
import io.sluice.mqtt.MqttOptions.Exchange;
import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.MqttOptions.Will;
import io.sluice.mqtt.Publish.UserProperty;
import io.sluice.mqtt.Subscribe.Filter;
import io.sluice.mqtt.Subscribe.RetainHandling;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Every packet that a client sends, byte for byte. */
class PacketEncoderTest {

    private static final List<UserProperty> USER = List.of(new UserProperty("a", "b"));
    private static final Publish.Properties PROPERTIES = new Publish.Properties(
            true, Optional.of(60L), Optional.of("c"), Optional.of("r"), Optional.of(new byte[] {7}), USER, List.of(99));
    private static final MqttOptions PLAIN = MqttOptions.defaults(List.of(URI.create("mqtt://a")), "p7");
    private static final MqttOptions FULL = PLAIN.with(o -> {
        o.receiveMaximum = 20;
        o.topicAliasMaximum = 5;
        o.requestResponseInformation = true;
        o.requestProblemInformation = false;
        o.userProperties = USER;
        o.authentication = Optional.of(new Authentication("M", NoExchange::new));
        o.credentials = Optional.of(new Credentials("u", Optional.of(new byte[] {2})));
    });
    private static final Will WILL =
            new Will(new Publish("w", new byte[] {9}, 2, true, PROPERTIES), Duration.ofSeconds(5));

    private record NoExchange() implements Exchange {

        @Override
        public Optional<byte[]> first() {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> answer(Optional<byte[]> challenge) {
            return Optional.empty();
        }
    }

    // ---- CONNECT

    @Test
    @Clause({"3.1.2-1", "3.1.2-3", "3.1.2-9", "3.1.2-17", "3.1.2-19", "3.1.3-1", "3.1.3-3", "3.1.3-11", "2.1.3-1"})
    void connectCarriesEveryFieldAndPropertyInItsOrder() {
        var connect = new Packet.Connect("p7", true, Optional.of(WILL), Optional.of(new byte[] {1}), FULL);

        assertThat(hex(connect, Version.MQTT_5))
                .isEqualTo("10 5e 00 04 4d 51 54 54 05 f6 00 1e"
                        + " 23 11 00 00 0e 10 21 00 14 27 00 10 00 00 22 00 05 19 01 17 00"
                        + " 26 00 01 61 00 01 62 15 00 01 4d 16 00 01 01"
                        + " 00 02 70 37"
                        + " 1f 18 00 00 00 05 01 01 02 00 00 00 3c 03 00 01 63 08 00 01 72 09 00 01 07"
                        + " 26 00 01 61 00 01 62"
                        + " 00 01 77 00 01 09 00 01 75 00 01 02");
    }

    @Test
    @Clause({"3.1.2-11", "3.1.2-13", "3.1.2-16", "3.1.2-18"})
    void connectWithoutWillAndCredentialsHasNeitherFlagsNorFields() {
        var connect = new Packet.Connect("p7", false, Optional.empty(), Optional.empty(), PLAIN);

        assertThat(hex(connect, Version.MQTT_5))
                .isEqualTo("10 19 00 04 4d 51 54 54 05 00 00 1e 0a 11 00 00 0e 10 27 00 10 00 00 00 02 70 37");
    }

    @Test
    @Clause({"3.1.2-16", "3.1.2-19"})
    void aPasswordNeedsNoUserName() {
        MqttOptions token = PLAIN.with(o ->
                o.credentials = Optional.of(new Credentials(Optional.empty(), Optional.of(new byte[] {2}))));
        var connect = new Packet.Connect("p7", false, Optional.empty(), Optional.empty(), token);

        assertThat(hex(connect, Version.MQTT_5))
                .isEqualTo("10 1c 00 04 4d 51 54 54 05 40 00 1e 0a 11 00 00 0e 10 27 00 10 00 00 00 02 70 37 00 01 02");
    }

    @Test
    @Clause({"311:3.1.2-1", "311:3.1.2-9", "311:3.1.2-19", "311:3.1.2-21", "311:3.1.3-1", "311:3.1.3-3", "311:3.1.3-10"
    })
    void connectOfMqtt311CarriesWhatItKnows() {
        var connect = new Packet.Connect("p7", true, Optional.of(WILL), Optional.of(new byte[] {1}), FULL);

        assertThat(hex(connect, Version.MQTT_3_1_1))
                .isEqualTo("10 1a 00 04 4d 51 54 54 04 f6 00 1e" + " 00 02 70 37 00 01 77 00 01 09 00 01 75 00 01 02");
    }

    @Test
    @Clause({"311:3.1.2-11", "311:3.1.2-13", "311:3.1.2-15", "311:3.1.2-18", "311:3.1.2-20", "311:3.1.2-22"})
    void connectOfMqtt311WithoutWillAndCredentialsHasNeitherFlagsNorFields() {
        var connect = new Packet.Connect("p7", false, Optional.empty(), Optional.empty(), PLAIN);

        assertThat(hex(connect, Version.MQTT_3_1_1)).isEqualTo("10 0e 00 04 4d 51 54 54 04 00 00 1e 00 02 70 37");
    }

    @Test
    void onlyWhatDiffersFromTheStandardsDefaultsIsSaid() {
        MqttOptions nearly = PLAIN.with(o -> {
            o.sessionExpiry = MqttOptions.NEVER_EXPIRES;
            o.receiveMaximum = 65_534;
            o.topicAliasMaximum = 1;
        });
        MqttOptions defaults = PLAIN.with(o -> o.sessionExpiry = Duration.ZERO);

        assertThat(hex(new Packet.Connect("", true, Optional.empty(), Optional.empty(), nearly), Version.MQTT_5))
                .isEqualTo("10 1d 00 04 4d 51 54 54 05 02 00 1e 10 11 ff ff ff ff 21 ff fe 27 00 10 00 00 22 00 01"
                        + " 00 00");
        assertThat(hex(new Packet.Connect("", true, Optional.empty(), Optional.empty(), defaults), Version.MQTT_5))
                .isEqualTo("10 12 00 04 4d 51 54 54 05 02 00 1e 05 27 00 10 00 00 00 00");
    }

    @Test
    void userPropertiesKeepTheirOrderAndMayRepeatTheirNames() {
        List<UserProperty> order =
                List.of(new UserProperty("b", "2"), new UserProperty("a", "3"), new UserProperty("b", "1"));
        String written = " 26 00 01 62 00 01 32 26 00 01 61 00 01 33 26 00 01 62 00 01 31";
        Publish.Properties properties = new Publish.Properties(
                false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), order, List.of());
        Publish message = new Publish("t", new byte[0], 0, false, properties);

        assertThat(hex(new Packet.Pub(0, false, message, 0, false), Version.MQTT_5))
                .isEqualTo("30 19 00 01 74 15" + written);
        MqttOptions ordered = PLAIN.with(o -> o.userProperties = order);
        assertThat(hex(new Packet.Connect("", true, Optional.empty(), Optional.empty(), ordered), Version.MQTT_5))
                .contains(written);
        assertThat(hex(new Packet.Unsubscribe(11, List.of("a"), order), Version.MQTT_5))
                .isEqualTo("a2 1b 00 0b 15" + written + " 00 01 61");
    }

    @Test
    void aTopicIsNeverThatOfTheMessageBefore() {
        PacketEncoder encoder = new PacketEncoder(Version.MQTT_3_1_1);

        for (String topic : List.of("a", "b", "b", "a")) {
            ByteBuf to = Unpooled.buffer();
            encoder.writePublishHeader(
                    new Packet.Pub(0, false, new Publish(topic, new byte[0], 0, false), 0, false), to);
            assertThat(to.toString(4, 1, UTF_8)).isEqualTo(topic);
        }
    }

    // ---- PUBLISH

    @Test
    @Clause({"3.3.1-3", "3.3.2-19", "3.3.4-6"})
    void publishCarriesEveryPropertyOfItsMessageButSubscriptionIdentifiers() {
        Publish message = new Publish("t", "x".getBytes(UTF_8), 1, true, PROPERTIES);
        String properties =
                " 1d 23 00 03 01 01 02 00 00 00 3c 03 00 01 63 08 00 01 72 09 00 01 07 26 00 01 61 00 01 62";

        assertThat(hex(new Packet.Pub(1, false, message, 3, false), Version.MQTT_5))
                .isEqualTo("33 24 00 01 74 00 01" + properties + " 78");
        assertThat(hex(new Packet.Pub(1, true, message, 3, true), Version.MQTT_5))
                .isEqualTo("3b 23 00 00 00 01" + properties + " 78");
        assertThat(hex(new Packet.Pub(1, false, message, 0, false), Version.MQTT_3_1_1))
                .isEqualTo("33 06 00 01 74 00 01 78");
    }

    @Test
    @Clause({"2.2.1-2", "2.2.2-1", "3.3.1-2", "4.3.1-1", "311:2.3.1-5", "311:3.3.1-2", "311:4.3.1-1"})
    void publishOfQos0HasNoIdentifierAndNoDup() {
        Publish message = new Publish("t", "x".getBytes(UTF_8), 0, false);

        assertThat(hex(new Packet.Pub(0, false, message, 0, false), Version.MQTT_5))
                .isEqualTo("30 05 00 01 74 00 78");
        assertThat(hex(new Packet.Pub(0, false, message, 0, false), Version.MQTT_3_1_1))
                .isEqualTo("30 04 00 01 74 78");
    }

    @Test
    @Clause({"1.5.5-1"})
    void lengthsTakeAsFewBytesAsPossible() {
        assertThat(hex(publish(123), Version.MQTT_3_1_1)).startsWith("30 7e ");
        assertThat(hex(publish(124), Version.MQTT_3_1_1)).startsWith("30 7f ");
        assertThat(hex(publish(125), Version.MQTT_3_1_1)).startsWith("30 80 01 ");
        assertThat(hex(publish(16_380), Version.MQTT_3_1_1)).startsWith("30 ff 7f ");
        assertThat(hex(publish(16_381), Version.MQTT_3_1_1)).startsWith("30 80 80 01 ");
    }

    private static Packet.Pub publish(int payloadBytes) {
        return new Packet.Pub(0, false, new Publish("t", new byte[payloadBytes], 0, false), 0, false);
    }

    @Property(tries = 300)
    void theSizeThatDecidesWhetherAMessageIsSentIsTheSizeThatIsSent(@ForAll long seed, @ForAll Version version) {
        Random random = new Random(seed);
        Publish plain = new Publish(
                "t\u00E9\uD83D\uDE00".repeat(1 + random.nextInt(50)),
                new byte[random.nextInt(20_000)],
                random.nextInt(3),
                false);
        Publish message = random.nextBoolean() ? plain : plain.with(PROPERTIES);
        Packet.Pub packet = new Packet.Pub(message.qos() == 0 ? 0 : 7, false, message, 0, false);

        ByteBuf bytes = encoded(packet, version);

        assertThat(PublishSize.bytes(message, version)).isEqualTo(bytes.readableBytes());
        assertThat(PublishSize.bound(message)).isGreaterThanOrEqualTo(bytes.readableBytes());
    }

    // ---- the others

    @Test
    @Clause({"311:2.2.2-1", "3.6.1-1", "3.6.2-1", "2.2.1-5", "311:3.6.1-1"})
    void acknowledgementsAreAsShortAsTheyCanBe() {
        Reason notFound = Reason.of(0x92);

        assertThat(hex(new Packet.PubAck(7, Reason.SUCCESS), Version.MQTT_5)).isEqualTo("40 02 00 07");
        assertThat(hex(new Packet.PubRec(7, Reason.SUCCESS), Version.MQTT_5)).isEqualTo("50 02 00 07");
        assertThat(hex(new Packet.PubRel(7, notFound), Version.MQTT_5)).isEqualTo("62 03 00 07 92");
        assertThat(hex(new Packet.PubComp(7, notFound), Version.MQTT_5)).isEqualTo("70 03 00 07 92");
        assertThat(hex(new Packet.PubComp(7, notFound), Version.MQTT_3_1_1)).isEqualTo("70 02 00 07");
    }

    @Test
    @Clause({"3.8.1-1", "3.8.3-5", "311:3.8.1-1", "311:3.8.3-4"})
    void subscribeCarriesIdentifierUserPropertiesAndEveryOption() {
        Subscribe content = new Subscribe(
                List.of(new Filter("a/+", 2, true, true, RetainHandling.DO_NOT_SEND), Filter.of("$share/g/b", 0)),
                300,
                USER);
        Packet subscribe = new Packet.Subscribe(10, content);

        assertThat(hex(subscribe, Version.MQTT_5))
                .isEqualTo("82 20 00 0a 0a 0b ac 02 26 00 01 61 00 01 62"
                        + " 00 03 61 2f 2b 2e 00 0a 24 73 68 61 72 65 2f 67 2f 62 00");
        assertThat(hex(subscribe, Version.MQTT_3_1_1))
                .isEqualTo("82 15 00 0a 00 03 61 2f 2b 02 00 0a 24 73 68 61 72 65 2f 67 2f 62 00");
        Subscribe first =
                new Subscribe(List.of(new Filter("a", 1, false, false, RetainHandling.SEND_IF_NEW)), 1, List.of());
        assertThat(hex(new Packet.Subscribe(1, first), Version.MQTT_5)).isEqualTo("82 09 00 01 02 0b 01 00 01 61 11");
    }

    @Test
    @Clause({"3.10.1-1", "311:3.10.1-1"})
    void unsubscribeCarriesItsFiltersAndUserProperties() {
        Packet unsubscribe = new Packet.Unsubscribe(11, List.of("a"), USER);

        assertThat(hex(unsubscribe, Version.MQTT_5)).isEqualTo("a2 0d 00 0b 07 26 00 01 61 00 01 62 00 01 61");
        assertThat(hex(unsubscribe, Version.MQTT_3_1_1)).isEqualTo("a2 05 00 0b 00 01 61");
    }

    @Test
    @Clause({"3.14.1-1", "311:3.14.1-1"})
    void disconnectCarriesReasonAndSessionExpiryOnlyInMqtt5() {
        Packet full = new Packet.Disconnect(new Reason(4, "r", USER), Optional.of(0L), Optional.empty());

        assertThat(hex(full, Version.MQTT_5)).isEqualTo("e0 12 04 10 11 00 00 00 00 1f 00 01 72 26 00 01 61 00 01 62");
        assertThat(hex(full, Version.MQTT_3_1_1)).isEqualTo("e0 00");
        assertThat(hex(Packet.Disconnect.of(0), Version.MQTT_5)).isEqualTo("e0 00");
        assertThat(hex(Packet.Disconnect.of(0x81), Version.MQTT_5)).isEqualTo("e0 02 81 00");
    }

    @Test
    @Clause({"3.15.1-1"})
    void authCarriesMethodAndData() {
        Packet auth = new Packet.Auth(Reason.of(0x18), "M", Optional.of(new byte[] {1}));

        assertThat(hex(auth, Version.MQTT_5)).isEqualTo("f0 0a 18 08 15 00 01 4d 16 00 01 01");
    }

    @Test
    void pingReqIsTwoBytes() {
        assertThat(hex(new Packet.PingReq(), Version.MQTT_5)).isEqualTo("c0 00");
    }

    @Test
    void theSizeThatDecidesWhetherARequestIsSentIsTheSizeThatIsSent() {
        Subscribe content = new Subscribe(List.of(Filter.of("a", 1), Filter.of("\u00E9", 2)), 300, USER);
        Packet.Disconnect disconnect =
                new Packet.Disconnect(new Reason(4, "r", USER), Optional.of(1L), Optional.empty());
        Packet.Auth auth = new Packet.Auth(Reason.of(0x18), "M", Optional.of(new byte[200]));

        assertThat(RequestSize.bytes(content)).isEqualTo(size(new Packet.Subscribe(1, content)));
        assertThat(RequestSize.bytes(List.of("a", "b"), USER))
                .isEqualTo(size(new Packet.Unsubscribe(1, List.of("a", "b"), USER)));
        assertThat(RequestSize.bytes(disconnect)).isEqualTo(size(disconnect));
        assertThat(RequestSize.bytes(auth)).isEqualTo(size(auth));
    }

    private static long size(Packet packet) {
        return encoded(packet, Version.MQTT_5).readableBytes();
    }

    private static String hex(Packet packet, Version version) {
        return ByteBufUtil.hexDump(encoded(packet, version)).replaceAll("..(?!$)", "$0 ");
    }

    private static ByteBuf encoded(Packet packet, Version version) {
        PacketEncoder encoder = new PacketEncoder(version);
        ByteBuf to = Unpooled.buffer();
        if (packet instanceof Packet.Pub publish) {
            encoder.writePublishHeader(publish, to);
            assertThat(to.readableBytes()).isLessThanOrEqualTo(encoder.headerBound(publish.message()));
            to.writeBytes(publish.message().payload());
        } else {
            encoder.write(packet, to);
        }
        return to;
    }
}
