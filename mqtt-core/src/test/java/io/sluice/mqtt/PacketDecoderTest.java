package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.Publish.UserProperty;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every packet that a broker sends, byte for byte, and those that no broker may send. */
class PacketDecoderTest {

    private static final long MAXIMUM_BYTES = 1 << 20;

    // ---- what is sound

    @Test
    void connAckCarriesEveryProperty() {
        var packet = (Packet.ConnAck) read(
                "20 3f 00 00 3c 11 00 00 0e 10 21 00 0a 24 01 25 00 27 00 01 00 00 12 00 01 67 22 00 05 1f 00 01 72"
                        + " 26 00 01 61 00 01 62 28 00 29 00 2a 00 13 00 3c 1a 00 01 69 1c 00 01 73 15 00 01 4d"
                        + " 16 00 01 01");
        ConnectionListener.ConnAck ack = packet.content();

        assertThat(ack.reason()).isEqualTo(new Reason(0, "r", List.of(new UserProperty("a", "b"))));
        assertThat(ack.sessionExpirySeconds()).contains(3600L);
        assertThat(ack.receiveMaximum()).isEqualTo(10);
        assertThat(ack.maximumQos()).isEqualTo(1);
        assertThat(ack.retainAvailable()).isFalse();
        assertThat(ack.maximumPacketBytes()).isEqualTo(65_536);
        assertThat(ack.assignedClientId()).contains("g");
        assertThat(ack.topicAliasMaximum()).isEqualTo(5);
        assertThat(ack.wildcardSubscriptionAvailable()).isFalse();
        assertThat(ack.subscriptionIdentifiersAvailable()).isFalse();
        assertThat(ack.sharedSubscriptionAvailable()).isFalse();
        assertThat(ack.serverKeepAliveSeconds()).contains(60);
        assertThat(ack.responseInformation()).contains("i");
        assertThat(ack.serverReference()).contains("s");
        assertThat(ack.authenticationMethod()).contains("M");
        assertThat(ack.authenticationData().orElseThrow()).containsExactly(1);
    }

    @Test
    void connAckWithoutPropertiesHasTheStandardsDefaults() {
        var packet = (Packet.ConnAck) read("20 03 01 00 00");

        assertThat(packet).usingRecursiveComparison().isEqualTo(ConnAcks.success(true));
    }

    @ParameterizedTest
    @CsvSource({"00, 0x00", "01, 0x84", "02, 0x85", "03, 0x88", "04, 0x86", "05, 0x87", "06, 0x80"})
    void aReturnCodeOfMqtt311IsReadInBothVersions(String code, String reason) {
        for (Version version : Version.values()) {
            var packet =
                    (Packet.ConnAck) Objects.requireNonNull(decoder(version).next(bytes("20 02 00 " + code)));

            assertThat(packet.content().reason().code()).isEqualTo(Integer.decode(reason));
        }
    }

    @Test
    void publishCarriesEveryProperty() {
        var packet = (Packet.Arrival) read(
                "3b 29 00 01 74 00 07 21 01 01 02 00 00 00 3c 03 00 01 63 08 00 01 72 09 00 01 07 0b 05 0b ac 02 23 00 03"
                        + " 26 00 01 61 00 00 78 79");
        Publish.Properties properties = packet.properties();

        assertThat(packet.identifier()).isEqualTo(7);
        assertThat(packet.dup()).isTrue();
        assertThat(packet.qos()).isEqualTo(1);
        assertThat(packet.retain()).isTrue();
        assertThat(packet.topic()).isEqualTo("t");
        assertThat(packet.topicAlias()).isEqualTo(3);
        assertThat(new String(packet.payload(), StandardCharsets.UTF_8)).isEqualTo("xy");
        assertThat(properties.utf8Payload()).isTrue();
        assertThat(properties.messageExpirySeconds()).contains(60L);
        assertThat(properties.contentType()).contains("c");
        assertThat(properties.responseTopic()).contains("r");
        assertThat(properties.correlationData().orElseThrow()).containsExactly(7);
        assertThat(properties.subscriptionIdentifiers()).containsExactly(5, 300);
        assertThat(properties.userProperties()).containsExactly(new UserProperty("a", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "30, false, 0, false",
        "31, false, 0, true",
        "32, false, 1, false",
        "3a, true, 1, false",
        "35, false, 2, true"
    })
    void eachFlagOfAPublishIsReadForItself(String flags, boolean dup, int qos, boolean retain) {
        var packet = (Packet.Arrival) read(flags + (qos == 0 ? " 04 00 01 74 00" : " 06 00 01 74 00 07 00"));

        assertThat(packet.dup()).isEqualTo(dup);
        assertThat(packet.qos()).isEqualTo(qos);
        assertThat(packet.retain()).isEqualTo(retain);
    }

    @Test
    @Clause({"1.5.4-3", "311:1.5.3-3"})
    void theByteOrderMarkStaysInAString() {
        assertThat(((Packet.Arrival) read("30 06 00 03 ef bb bf 00")).topic()).isEqualTo("\uFEFF");
    }

    @Test
    void theReplacementCharacterIsACharacterLikeOthers() {
        assertThat(((Packet.Arrival) read("30 06 00 03 ef bf bd 00")).topic()).isEqualTo("\uFFFD");
    }

    @ParameterizedTest
    @CsvSource({
        "40 02 00 01, PubAck[identifier=1| reason=normal disconnection (0x00)]",
        "40 03 00 01 10, PubAck[identifier=1| reason=no matching subscribers (0x10)]",
        "40 08 00 01 87 04 1f 00 01 78, 'PubAck[identifier=1| reason=not authorised (0x87)| \"x\"]'",
        "50 04 00 01 97 00, PubRec[identifier=1| reason=quota exceeded (0x97)]",
        "62 02 00 01, PubRel[identifier=1| reason=normal disconnection (0x00)]",
        "70 03 00 01 92, PubComp[identifier=1| reason=packet identifier not found (0x92)]",
        "d0 00, PingResp[]",
        "90 05 00 01 00 01 87, SubAck[identifier=1| answer=Answer[reasonCodes=[1| 135]| reasonString=| userProperties=[]]]",
        "b0 08 00 01 04 1f 00 01 78 11, UnsubAck[identifier=1| answer=Answer[reasonCodes=[17]| reasonString=x| userProperties=[]]]",
        "e0 00, Disconnect[reason=normal disconnection (0x00)| sessionExpirySeconds=Optional.empty| serverReference=Optional.empty]",
        "e0 01 8e, Disconnect[reason=taken over (0x8E)| sessionExpirySeconds=Optional.empty| serverReference=Optional.empty]",
        "e0 06 9c 04 1c 00 01 73, Disconnect[reason=use another server (0x9C)| sessionExpirySeconds=Optional.empty| serverReference=Optional[s]]",
        "f0 06 18 04 15 00 01 4d, Auth[reason=continue authentication (0x18)| method=M| data=Optional.empty]",
        "f0 00, Auth[reason=normal disconnection (0x00)| method=| data=Optional.empty]",
    })
    void aSoundPacketIsRead(String bytes, String packet) {
        assertThat(read(bytes)).hasToString(packet.replace('|', ','));
    }

    @Test
    void anUnsubAckOfMqtt311HasNoReasonCodes() {
        assertThat(decoder(Version.MQTT_3_1_1).next(bytes("b0 02 00 01")))
                .isEqualTo(new Packet.UnsubAck(1, new Subscribe.Answer(List.of(), "", List.of())));
    }

    // ---- what is cut

    @ParameterizedTest
    @EnumSource
    void aPacketIsWaitedForUntilItsLastByte(Version version) {
        String packet =
                version == Version.MQTT_5 ? "32 09 00 01 74 00 07 00 61 62 63" : "32 08 00 01 74 00 07 61 62 63";
        PacketDecoder decoder = decoder(version);
        ByteBuf all = bytes(packet);
        for (int length = 0; length < all.readableBytes(); length++) {
            assertThat(decoder.next(all.slice(0, length))).isNull();
        }

        assertThat(decoder.next(all)).isInstanceOf(Packet.Arrival.class);
    }

    @Test
    void packetsThatArriveTogetherAreReadOneByOne() {
        PacketDecoder decoder = decoder(Version.MQTT_5);
        ByteBuf bytes = bytes("40 02 00 01 40 02 00 02 40 02");

        assertThat(decoder.next(bytes)).isEqualTo(new Packet.PubAck(1, Reason.SUCCESS));
        assertThat(decoder.next(bytes)).isEqualTo(new Packet.PubAck(2, Reason.SUCCESS));
        assertThat(decoder.next(bytes)).isNull();
        assertThat(bytes.readableBytes()).isEqualTo(2);
    }

    // ---- what no broker may send

    @ParameterizedTest
    @CsvSource({
        "00 00, 0x81, type 0",
        "10 00, 0x82, which only a client sends",
        "82 02 00 01, 0x82, which only a client sends",
        "a2 02 00 01, 0x82, which only a client sends",
        "c0 00, 0x82, which only a client sends",
        "41 02 00 01, 0x81, flags 1",
        "60 02 00 01, 0x81, flags 0",
        "e1 00, 0x81, flags 1",
        "f2 00, 0x81, flags 2",
        "d0 01 00, 0x81, longer than what is in it",
        "40 01 00, 0x81, a length inside that does not fit",
        "40 02 00 00, 0x82, Packet Identifier 0",
        "32 05 00 01 74 00 00, 0x82, Packet Identifier 0",
        "20 03 02 00 00, 0x81, flags 2",
        "20 03 01 87 00, 0x82, Session Present 1",
        "20 01 00, 0x81, a length inside that does not fit",
        "30 05 00 09 74 00 01, 0x81, a length inside that does not fit",
        "32 03 00 01 74, 0x81, a length inside that does not fit",
        "36 06 00 01 74 00 01 00, 0x81, QoS 3",
        "38 04 00 01 74 00, 0x81, QoS 0 with DUP",
        "30 04 00 01 ff 00, 0x81, not UTF-8",
        "30 06 00 03 ed a0 80 00, 0x81, not UTF-8",
        "30 04 00 01 00 00, 0x81, U+0000",
        "30 05 00 01 74 05 01, 0x81, a length inside that does not fit",
        "30 09 00 01 74 ff ff ff ff 7f 00, 0x81, more than four bytes",
        "30 05 00 01 74 01 7f, 0x81, a property 0x7F that does not belong there",
        "30 09 00 01 74 05 11 00 00 00 01, 0x81, a property 0x11 that does not belong there",
        "30 08 00 01 74 04 01 01 01 01, 0x82, PAYLOAD_FORMAT_INDICATOR twice",
        "30 06 00 01 74 02 01 02, 0x82, PAYLOAD_FORMAT_INDICATOR with 2",
        "30 06 00 01 74 02 0b 00, 0x82, Subscription Identifier 0",
        "30 08 00 01 74 04 08 00 01 2b, 0x82, Response Topic",
        "30 0a 00 01 74 06 26 00 01 ff 00 00, 0x81, not UTF-8",
        "90 06 00 01 02 1f 00 01, 0x81, a length inside that does not fit",
        "e0 07 00 05 11 00 00 00 01, 0x81, a property 0x11 that does not belong there",
        "e0 02 8e 05, 0x81, a length inside that does not fit",
        "30 80 80 80 80 01, 0x81, Remaining Length of more than four bytes",
        "40 82 00 00 01, 0x81, Remaining Length in more bytes than it needs",
        "30 05 00 01 74 80 00, 0x81, Variable Byte Integer in more bytes than it needs",
        "30 ff ff ff 7f, 0x95, a packet over 1048576 bytes",
    })
    @Clause({
        "1.5.4-1",
        "1.5.4-2",
        "1.5.5-1",
        "1.5.7-1",
        "2.1.3-1",
        "3.2.2-1",
        "3.2.2-6",
        "3.3.1-4",
        "3.3.2-14",
        "3.6.1-1",
        "3.14.1-1",
        "3.14.2-2",
        "3.15.1-1",
        "4.13.1-1",
        "4.7.3-2"
    })
    void whatIsMalformedIsNamedWithItsReasonCodeAndNothingIsReadAfterIt(String sent, String code, String problem) {
        PacketDecoder decoder = decoder(Version.MQTT_5);
        ByteBuf bytes = bytes(sent + " 40 02 00 01");

        var malformed = (Packet.Malformed) Objects.requireNonNull(decoder.next(bytes));

        assertThat(malformed.reasonCode()).isEqualTo(Integer.decode(code));
        assertThat(malformed.problem()).contains(problem);
        assertThat(decoder.next(bytes)).isNull();
        assertThat(bytes.isReadable()).isFalse();
    }

    /** MQTT 3.1.1 §2.2.3 does not forbid it, as MQTT 5 does [MQTT-1.5.5-1]. */
    @Test
    void mqtt311TakesARemainingLengthInMoreBytesThanItNeeds() {
        assertThat(decoder(Version.MQTT_3_1_1).next(bytes("40 82 00 00 01")))
                .isEqualTo(new Packet.PubAck(1, Reason.SUCCESS));
    }

    @ParameterizedTest
    @CsvSource({
        "e0 00, 0x82",
        "f0 00, 0x82",
        "40 03 00 01 00, 0x81",
        "41 02 00 01, 0x81",
        "36 05 00 01 74 00 01, 0x81",
        "30 03 00 01 ff, 0x81",
        "30 03 00 01 00, 0x81",
        "20 03 00 00 00, 0x81",
        "20 02 01 05, 0x82",
        "b0 03 00 01 00, 0x81",
    })
    @Clause({"311:2.2.2-2", "311:3.3.1-4", "311:1.5.3-1", "311:1.5.3-2", "311:4.8.0-1", "311:3.2.2-4"})
    void mqtt311HasItsOwnRules(String sent, String code) {
        var malformed = (Packet.Malformed)
                Objects.requireNonNull(decoder(Version.MQTT_3_1_1).next(bytes(sent)));

        assertThat(malformed.reasonCode()).isEqualTo(Integer.decode(code));
    }

    @Test
    void aPacketThatIsTooLargeIsRefusedBeforeItsBytesAreThere() {
        PacketDecoder decoder = new PacketDecoder(Version.MQTT_5, 10);

        assertThat(decoder.next(bytes("30 08 00 01"))).isNull();
        assertThat(new PacketDecoder(Version.MQTT_5, 10).next(bytes("30 09")))
                .isEqualTo(new Packet.Malformed(0x95, "a packet over 10 bytes"));
    }

    private static PacketDecoder decoder(Version version) {
        return new PacketDecoder(version, MAXIMUM_BYTES);
    }

    private static Packet read(String hexadecimal) {
        ByteBuf bytes = bytes(hexadecimal);
        Packet packet = decoder(Version.MQTT_5).next(bytes);
        assertThat(bytes.isReadable()).isFalse();
        return Optional.ofNullable(packet).orElseThrow();
    }

    private static ByteBuf bytes(String hexadecimal) {
        return Unpooled.wrappedBuffer(HexFormat.ofDelimiter(" ").parseHex(hexadecimal));
    }
}
