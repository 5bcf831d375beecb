package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.mqtt.MqttOptions.Authentication;
import io.sluice.mqtt.MqttOptions.Exchange;
import io.sluice.mqtt.MqttOptions.Version;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Whatever bytes a broker sends, in whatever pieces: nothing is thrown, every packet is answered at most once, and nothing
 * more is kept than was received. The corpus is in src/test/resources; the ordinary test run goes through it, a whole build
 * ({@code mvn verify}) looks for new inputs for a few seconds as well.
 */
@EnabledIfSystemProperty(
        named = "os.arch",
        matches = "amd64|aarch64",
        disabledReason = "needs the fuzzer's native library, which is there for x86-64 and AArch64")
class InboundFuzzTest {

    private static final int MAXIMUM_BYTES = 4096;
    private static final URI BROKER = URI.create("mqtt://a");

    /** @param input its first byte is the setting, the rest what the broker sends */
    @FuzzTest(maxDuration = "10s")
    void anyBytesOfABroker(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Version version = (input[0] & 1) == 0 ? Version.MQTT_5 : Version.MQTT_3_1_1;
        Client client = new Client(version, (input[0] & 4) != 0);
        if ((input[0] & 2) != 0) {
            client.connect();
        }
        int cut = 1 + (input[0] & 0xFF) % input.length;
        client.receive(input, 1, cut);
        client.receive(input, cut, input.length);
        client.finish(input.length);
    }

    /** A session on a channel without a socket, with something of each kind in flight. */
    private static final class Client implements Connection.Owner, Action.Sink {

        private final EmbeddedChannel channel = new EmbeddedChannel();
        private final Session session;
        private final Connection connection;
        private int received;
        private int written;
        private int delivered;
        private int outcomes;

        private Client(Version version, boolean authenticating) {
            MqttOptions options = MqttOptions.defaults(List.of(BROKER), "p").with(o -> {
                o.version = version;
                o.maximumPacketBytes = MAXIMUM_BYTES;
                o.topicAliasMaximum = 3;
                o.receiveMaximum = 2;
                if (authenticating) {
                    o.authentication = Optional.of(new Authentication("M", Echo::new));
                }
            });
            session = new Session(options, this, 0);
            connection = new Connection(channel, version, MAXIMUM_BYTES, this);
            channel.pipeline().addLast(connection);
            session.handle(new Event.Opened(BROKER, Optional.empty()), 0);
            for (int qos : new int[] {1, 1, 2}) {
                Publish message = new Publish("t", new byte[1], qos, false);
                session.handle(new Event.PublishRequested(new Outgoing(message, outcome -> outcomes++)), 0);
            }
            session.handle(new Event.SubscribeRequested(Subscribe.to("a"), answer -> {}), 0);
            session.handle(new Event.UnsubscribeRequested(List.of("b"), List.of(), answer -> {}), 0);
        }

        private void connect() {
            session.handle(new Event.Received(ConnAcks.success(false)), 0);
        }

        private void receive(byte[] input, int from, int to) {
            if (channel.isOpen()) {
                channel.writeInbound(Unpooled.copiedBuffer(input, from, to - from));
                channel.checkException();
            }
        }

        private void finish(int bytes) {
            session.handle(new Event.Tick(), 1);
            session.handle(new Event.Closed(), 2);
            session.handle(new Event.Abandoned(), 3);
            channel.finishAndReleaseAll();
            assertThat(outcomes).isEqualTo(3);
            assertThat(delivered).isLessThanOrEqualTo(bytes);
            // CONNECT and what was asked for, one answer a packet, one DISCONNECT
            assertThat(written).isLessThanOrEqualTo(received + 7);
        }

        @Override
        public void perform(Action action) {
            switch (action) {
                case Action.Write(Packet packet) -> {
                    written++;
                    connection.write(packet);
                }
                case Action.Complete(var outcome, var result) -> outcome.accept(result);
                case Action.Deliver(Publish message) -> delivered += message.payload().length;
                case Action.Answered a -> {}
                case Action.Established e -> {}
                case Action.Wake w -> {}
                case Action.Close c -> connection.close();
            }
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void received(Packet packet) {
            received++;
            session.handle(new Event.Received(packet), 0);
        }

        @Override
        public void burstEnded() {
            connection.flush();
        }

        @Override
        public void becameWritable() {}

        @Override
        public void failed(Throwable cause) {
            throw new AssertionError("escaped", cause);
        }

        @Override
        public void closed(Connection ended) {}
    }

    private record Echo() implements Exchange {

        @Override
        public Optional<byte[]> first() {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> answer(Optional<byte[]> challenge) {
            return challenge;
        }
    }
}
