package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.Publish.UserProperty;
import io.sluice.mqtt.Subscribe.Filter;
import io.sluice.mqtt.Subscribe.RetainHandling;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SUBSCRIBE and UNSUBSCRIBE, and what is asked for again. */
class SubscriptionsTest {

    private static final MqttOptions OPTIONS =
            MqttOptions.defaults(List.of(URI.create("mqtt://a"), URI.create("mqtt://b")), "plant-7");

    private SessionUnderTest session = new SessionUnderTest(OPTIONS);

    @Test
    @Clause({"2.2.1-3", "311:2.3.1-2", "311:2.3.1-1"})
    void everyRequestGetsAnIdentifierThatIsNotZeroAndNotInUse() {
        session.connect("mqtt://a", false)
                .publish("one")
                .subscribe("a")
                .unsubscribe("b")
                .forget();
        session.subscribe("c").publish("two");

        assertThat(session.trace()).containsExactly("Write Subscribe 4 [c]", "Write 5 two");
    }

    @Test
    @Clause({"2.2.1-6", "3.8.4-2", "3.10.4-5", "311:2.3.1-7"})
    void anAnswerBelongsToTheRequestWithItsIdentifier() {
        session.connect("mqtt://a", false).subscribe("a").subscribe("b");

        session.receive(subAck(2, 0)).receive(subAck(1, 2));

        assertThat(session.granted()).containsExactly(List.of(0), List.of(2));
    }

    @Test
    @Clause({"3.9.3-1"})
    void reasonCodesAreHandedOverInTheOrderOfTheFilters() {
        session.connect("mqtt://a", false).subscribe(Subscribe.to("a", "b", "c"));

        session.receive(subAck(1, 1, 0x87, 0));

        assertThat(session.granted()).containsExactly(List.of(1, 0x87, 0));
    }

    @Test
    @Clause({"3.8.4-6", "4.13.1-1"})
    void anAnswerWithAnotherNumberOfReasonCodesIsAProtocolError() {
        session.connect("mqtt://a", false).subscribe("a");

        session.receive(subAck(1, 1, 1));

        assertThat(session.trace()).contains("Write Disconnect 0x82");
    }

    @Test
    void anUnsubAckForASubscribeIsAProtocolError() {
        session.connect("mqtt://a", false).subscribe("a");

        session.receive(unsubAck(1, 0));

        assertThat(session.trace()).contains("Write Disconnect 0x82");
    }

    @Test
    void anUnsubAckWithoutReasonCodesIsAProtocolErrorOfMqtt5() {
        session.connect("mqtt://a", false).unsubscribe("a");

        session.receive(unsubAck(1));

        assertThat(session.trace()).contains("Write Disconnect 0x82");
    }

    @Test
    void identifierAndUserPropertiesStayWithWhatIsAskedForAgain() {
        List<UserProperty> user = List.of(new UserProperty("k", "v"));
        session.connect("mqtt://a", false)
                .subscribe(new Subscribe(List.of(Filter.of("a", 2), Filter.of("b", 0)), 7, user));
        session.receive(subAck(1, 2, 0))
                .unsubscribe("a")
                .receive(unsubAck(2, 0))
                .close();

        session.connect("mqtt://a", false);

        assertThat(session.packets())
                .endsWith(new Packet.Subscribe(3, new Subscribe(List.of(Filter.of("b", 0)), 7, user)));
    }

    @Test
    void theIdentifiersOfALostConnectionCanBeUsedAgain() {
        for (int i = 0; i < 2_000; i++) {
            session.connect("mqtt://a", false);
            for (int j = 0; j < 40 && i == 0; j++) {
                session.subscribe("t" + j);
            }
            session.close();
        }
        session.forget();

        session.connect("mqtt://a", false);

        // 80,000 requests without an answer: every identifier has come round
        assertThat(session.packets())
                .hasSize(40)
                .first()
                .isEqualTo(new Packet.Subscribe(80_000 % 65_535 + 1, Subscribe.to("t0")));
    }

    @Test
    void anAnsweredRequestsIdentifierCanBeUsedAgain() {
        session.connect("mqtt://a", false).subscribe("a").receive(subAck(1, 1));
        for (int i = 2; i <= InFlight.LAST; i++) {
            session.publish("m" + i).receive(SessionUnderTest.ack(i));
        }

        session.publish("next");

        assertThat(session.written().getLast()).isEqualTo("1 next");
    }

    @Test
    @Clause({"2.2.1-3"})
    void anIdentifierOfARequestUnderWayIsSkippedWhenTheyGoRound() {
        session.connect("mqtt://a", false).subscribe("a");
        for (int i = 2; i <= InFlight.LAST; i++) {
            session.publish("m" + i).receive(SessionUnderTest.ack(i));
        }

        session.publish("next");

        assertThat(session.written().getLast()).isEqualTo("2 next");
    }

    @Test
    void anAnswerToNothingIsCountedAndIgnored() {
        session.connect("mqtt://a", false);

        session.receive(subAck(77, 1)).receive(unsubAck(78, 0));

        assertThat(session.core().unknownIdentifiers()).isEqualTo(2);
        assertThat(session.isConnected()).isTrue();
    }

    @Test
    void whatWasAskedForWithoutAConnectionIsAskedWhenThereIsOne() {
        session.subscribe("a").unsubscribe("b");
        session.connect("mqtt://a", false);

        assertThat(session.trace())
                .containsExactly("Write Subscribe 1 [a]", "Write Unsubscribe 2 [b]", "Established 1");
    }

    @Test
    void anUnsubscribedFilterIsNotSubscribedToAgain() {
        session.connect("mqtt://a", false).subscribe(Subscribe.to("a", "b")).subscribe("c");
        session.receive(subAck(1, 1, 1)).receive(subAck(2, 1));
        session.unsubscribe("a").receive(unsubAck(3, 0));
        session.unsubscribe("c").receive(unsubAck(4, 0)).close();
        session.forget();

        session.connect("mqtt://a", false);

        assertThat(session.trace()).containsExactly("Write Subscribe 5 [b]", "Established 2");
    }

    @Test
    void aFilterWithdrawnBeforeItsAnswerIsNotSubscribedToAgain() {
        session.connect("mqtt://a", false).subscribe("a").unsubscribe("a");
        session.receive(subAck(1, 1)).receive(unsubAck(2, 0)).close();
        session.forget();

        session.connect("mqtt://a", false);

        assertThat(session.trace()).containsExactly("Established 2");
        assertThat(session.granted()).containsExactly(List.of(1), List.of(0));
    }

    @Test
    void anUnsubscribeWithoutAnswerGoesAgain() {
        session.connect("mqtt://a", false).unsubscribe("a").close();
        session.forget();

        session.connect("mqtt://a", true);

        assertThat(session.trace()).containsExactly("Write Unsubscribe 2 [a]", "Established 2");
    }

    @Test
    void noAnswerInTimeEndsTheConnection() {
        session.connect("mqtt://a", false).subscribe("a");
        session.after(Duration.ofSeconds(20)).receive(new Packet.PingResp());

        session.after(Duration.ofSeconds(11)).tick();

        assertThat(session.end().reason()).isEqualTo("no answer to SUBSCRIBE or UNSUBSCRIBE within 30 s");
    }

    @Test
    void noMoreRequestsAreUnderWayThanThereAreIdentifiersForThem() {
        session.connect("mqtt://a", false);
        for (int i = 0; i < 70; i++) {
            session.subscribe("t" + i);
        }
        assertThat(session.trace())
                .filteredOn(a -> a.startsWith("Write Subscribe"))
                .hasSize(64);

        session.receive(subAck(1, 1));

        assertThat(session.trace())
                .filteredOn(a -> a.startsWith("Write Subscribe"))
                .hasSize(65);
    }

    @Test
    @Clause({"3.3.4-8", "4.9.0-3"})
    void requestsDoNotWaitForTheWindow() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.window = 1));
        session.connect("mqtt://a", false).publish("one").publish("two").forget();

        session.subscribe("a");

        assertThat(session.trace()).containsExactly("Write Subscribe 2 [a]");
    }

    @Test
    void anUnsubAckOfMqtt311IsSuccessForEachFilter() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.version = Version.MQTT_3_1_1));
        session.connect("mqtt://a", false).unsubscribe("a");

        session.receive(unsubAck(1));

        assertThat(session.granted()).containsExactly(List.of(0));
    }

    @Test
    void whatTheBrokerDoesNotOfferIsAnsweredWithoutBeingSent() {
        session.connect("mqtt://a", ConnAcks.with(ack -> {
            ack.sharedSubscriptionAvailable = false;
            ack.subscriptionIdentifiersAvailable = false;
            ack.wildcardSubscriptionAvailable = false;
        }));
        session.forget();

        session.subscribe("$share/g/a").subscribe(new Subscribe(List.of(Filter.of("a", 1)), 5, List.of()));
        session.subscribe("a/+");

        assertThat(session.granted()).containsExactly(List.of(0x9E), List.of(0xA1), List.of(0xA2));
        assertThat(session.trace()).noneMatch(action -> action.startsWith("Write"));
    }

    @Test
    @Clause({"3.2.2-15"})
    void aRequestLargerThanTheBrokersMaximumPacketSizeIsNeverSent() {
        session.connect("mqtt://a", ConnAcks.with(ack -> ack.maximumPacketBytes = 10))
                .forget();

        session.subscribe("ab").subscribe("abc").unsubscribe("abc").unsubscribe("abcd");

        assertThat(session.trace().stream().filter(action -> action.startsWith("Write")))
                .containsExactly("Write Subscribe 1 [ab]", "Write Unsubscribe 2 [abc]");
        assertThat(session.granted()).containsExactly(List.of(0x95), List.of(0x95));
    }

    // ---- what cannot be asked for

    @Test
    @Clause({"3.8.3-2", "311:3.8.3-3"})
    void aSubscribeWithoutFilterCannotBeMade() {
        assertThatIllegalArgumentException().isThrownBy(Subscribe::to).withMessage("no topic filter is given");
    }

    @Test
    @Clause({"3.8.3-4"})
    void noLocalCannotBeAskedForWithASharedFilter() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Filter("$share/g/a", 1, true, false, RetainHandling.SEND))
                .withMessageContaining("no-local is not allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/#/b", "a#", "+a", "a/b+/c", "a\u0000", "\uD800", "##", "++"})
    @Clause({
        "4.7.1-1",
        "4.7.1-2",
        "4.7.3-1",
        "4.7.3-2",
        "1.5.4-1",
        "1.5.4-2",
        "3.8.3-1",
        "3.10.3-1",
        "311:4.7.1-2",
        "311:4.7.1-3",
        "311:4.7.3-1",
        "311:4.7.3-2",
        "311:3.8.3-1",
        "311:3.10.3-1"
    })
    void whatIsNoTopicFilterCannotBeAskedFor(String filter) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Filter.of(filter, 1))
                .withMessageStartingWith("topic filter '");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$share/g", "$share/g/", "$share//a", "$share/g+/a", "$share/g#/a", "$share/g/a#"})
    @Clause({"4.8.2-1", "4.8.2-2"})
    void whatIsNoSharedFilterCannotBeAskedFor(String filter) {
        assertThatIllegalArgumentException().isThrownBy(() -> Filter.of(filter, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "+", "a/#", "+/a/+", "/", "//", " ", "$share/g/+/a", "$SYS/#", "\uD83D\uDE00"})
    void everyTopicFilterOfTheStandardIsTaken(String filter) {
        assertThat(Filter.of(filter, 1).topicFilter()).isEqualTo(filter);
    }

    @Test
    @Clause({"4.7.3-3", "311:4.7.3-3"})
    void aFilterOf65536BytesCannotBeAskedFor() {
        assertThat(Filter.of("x".repeat(65_535), 1)).isNotNull();
        assertThat(Filter.of("\u00E9".repeat(32_767), 1)).isNotNull();
        for (String tooLong : List.of("x".repeat(65_536), "\u00E9".repeat(32_768))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Filter.of(tooLong, 1))
                    .withMessageContaining("longer than 65,535 bytes");
        }
    }

    @ParameterizedTest
    @CsvSource({"-1", "268435456"})
    void aSubscriptionIdentifierOutOfRangeCannotBeAskedFor(int identifier) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Subscribe(List.of(Filter.of("a", 1)), identifier, List.of()));
    }

    private static Packet subAck(int identifier, Integer... codes) {
        return new Packet.SubAck(identifier, new Subscribe.Answer(Arrays.asList(codes), "", List.of()));
    }

    private static Packet unsubAck(int identifier, Integer... codes) {
        return new Packet.UnsubAck(identifier, new Subscribe.Answer(Arrays.asList(codes), "", List.of()));
    }
}
