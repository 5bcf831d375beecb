package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mqtt.Action.Close;
import io.sluice.mqtt.Action.Retry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which broker is next, and when, without a socket. */
class BrokerOrderTest {

    private static final URI A = URI.create("mqtt://a");
    private static final URI B = URI.create("mqtt://b");
    private static final URI C = URI.create("mqtt://c");
    private static final URI NAMED = URI.create("mqtt://named");
    private static final Duration LONG = Duration.ofMinutes(1);

    private BrokerOrder order = order(false, A, B, C);

    private static BrokerOrder order(boolean followServerReference, URI... brokers) {
        MqttOptions options = MqttOptions.defaults(List.of(brokers), "plant-7").with(o -> {
            o.followServerReference = followServerReference;
        });
        return new BrokerOrder(
                options, new Backoff(options.backoffMin(), options.backoffMax(), new SplittableRandom(1)));
    }

    private static Close close(Retry retry) {
        return Close.without(retry, "it ended");
    }

    private static Close naming(String serverReference) {
        return new Close(Retry.SOON, Optional.empty(), Optional.of(serverReference), "it ended");
    }

    @Test
    void failedAttemptsGoRoundTheList() {
        assertThat(order.current()).isEqualTo(A);
        order.failed(close(Retry.SOON));
        assertThat(order.current()).isEqualTo(B);
        order.failed(close(Retry.SOON));
        assertThat(order.current()).isEqualTo(C);
        order.failed(close(Retry.SOON));

        assertThat(order.current()).isEqualTo(A);
        assertThat(order.failures()).isEqualTo(3);
    }

    @Test
    void aLostConnectionGoesBackToThePreferredBroker() {
        order.failed(close(Retry.SOON));
        order.failed(close(Retry.SOON));
        assertThat(order.hasBetter()).isTrue();

        order.lost(LONG, close(Retry.SOON));

        assertThat(order.current()).isEqualTo(A);
        assertThat(order.hasBetter()).isFalse();
        assertThat(order.failures()).isZero();
    }

    @Test
    void theWayBackToThePreferredBrokerWaitsForNothing() {
        order.failed(close(Retry.SOON));

        assertThat(order.lost(LONG, close(Retry.AT_ONCE))).isZero();
    }

    @Test
    void whatOneBrokerRefusesForGoodWaitsLongOnlyWhenTheWholeListWasTried() {
        assertThat(order.failed(close(Retry.SLOWLY))).isLessThanOrEqualTo(500);
        assertThat(order.failed(close(Retry.SLOWLY))).isLessThanOrEqualTo(1_000);
        assertThat(order.failed(close(Retry.SLOWLY))).isBetween(15_000L, 30_000L);
    }

    @Test
    void aConnectionThatStoodStartsTheBackoffAgain() {
        for (int i = 0; i < 10; i++) {
            order.failed(close(Retry.SOON));
        }

        assertThat(order.lost(LONG, close(Retry.SOON))).isLessThanOrEqualTo(500);
    }

    @Test
    void aServerReferenceIsFollowedForOneAttemptThenTheListGoesOn() {
        order = order(true, A, B);

        order.failed(naming("named"));
        assertThat(order.current()).isEqualTo(NAMED);
        order.failed(close(Retry.SOON));

        assertThat(order.current()).isEqualTo(B);
    }

    @Test
    void aRedirectedConnectionThatIsLostGoesBackToThePreferredBroker() {
        order = order(true, A, B);
        order.failed(close(Retry.SOON));
        order.lost(LONG, naming("named"));
        assertThat(order.current()).isEqualTo(NAMED);

        order.lost(LONG, close(Retry.SOON));

        assertThat(order.current()).isEqualTo(A);
    }

    @Test
    void aServerReferenceIsLeftAloneUnlessTheOptionsSaySo() {
        order.failed(naming("named"));

        assertThat(order.current()).isEqualTo(B);
    }
}
