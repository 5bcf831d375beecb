package io.sluice.mqtt.stranger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mqtt.ConnectionListener;
import io.sluice.mqtt.MqttClient;
import io.sluice.mqtt.MqttOptions;
import io.sluice.mqtt.MqttOptions.Authentication;
import io.sluice.mqtt.MqttOptions.CleanStart;
import io.sluice.mqtt.MqttOptions.Credentials;
import io.sluice.mqtt.MqttOptions.Exchange;
import io.sluice.mqtt.MqttOptions.Will;
import io.sluice.mqtt.Outcome;
import io.sluice.mqtt.Publish;
import io.sluice.mqtt.Publish.Properties;
import io.sluice.mqtt.Publish.UserProperty;
import io.sluice.mqtt.Subscribe;
import io.sluice.mqtt.Subscribe.Filter;
import io.sluice.mqtt.Subscribe.RetainHandling;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From outside the client's package: every option that a packet can carry can be set, and is sent as the standard writes it. */
class EveryOptionTest {

    private static final List<UserProperty> USER = List.of(new UserProperty("k", "v"));
    private static final String USER_BYTES = "26 00 01 6b 00 01 76 ";
    private static final Properties PROPERTIES = new Properties(
            true, Optional.of(9L), Optional.of("c"), Optional.of("r"), Optional.of(bytes("x")), USER, List.of());
    private static final String PROPERTIES_BYTES = "01 01 " // Payload Format Indicator
            + "02 00 00 00 09 " // Message Expiry Interval
            + "03 00 01 63 " // Content Type
            + "08 00 01 72 " // Response Topic
            + "09 00 01 78 " // Correlation Data
            + USER_BYTES;

    private final ServerSocket server = listening();

    private Socket socket;
    private MqttClient client;

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @BeforeEach
    void start() throws IOException {
        client = new MqttClient(options(), new ConnectionListener() {
            @Override
            public void connected(Connected connected) {}

            @Override
            public void disconnected(Disconnected disconnected) {}
        });
        client.start();
        socket = server.accept();
        socket.setSoTimeout(5_000);
    }

    private MqttOptions options() {
        URI broker = URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
        return MqttOptions.defaults(List.of(broker), "p7").with(o -> {
            o.cleanStart = CleanStart.ALWAYS;
            o.keepAlive = Duration.ofSeconds(60);
            o.sessionExpiry = Duration.ofHours(1);
            o.receiveMaximum = 5;
            o.maximumPacketBytes = 4096;
            o.topicAliasMaximum = 3;
            o.requestResponseInformation = true;
            o.requestProblemInformation = false;
            o.userProperties = USER;
            o.authentication = Optional.of(new Authentication("m", Data::new));
            o.will = Optional.of(new Will(new Publish("w", bytes("!"), 2, true, PROPERTIES), Duration.ofSeconds(7)));
            o.credentials = Optional.of(new Credentials("u", Optional.of(bytes("p"))));
        });
    }

    private record Data() implements Exchange {

        @Override
        public Optional<byte[]> first() {
            return Optional.of(bytes("d"));
        }

        @Override
        public Optional<byte[]> answer(Optional<byte[]> challenge) {
            return challenge;
        }
    }

    @AfterEach
    void end() throws IOException {
        client.close();
        socket.close();
        server.close();
    }

    private String read() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] header = in.readNBytes(2); // no packet here is longer than 127 bytes
        return HexFormat.ofDelimiter(" ").formatHex(header) + " "
                + HexFormat.ofDelimiter(" ").formatHex(in.readNBytes(header[1])) + " ";
    }

    private void send(String hexadecimal) throws IOException {
        socket.getOutputStream().write(HexFormat.ofDelimiter(" ").parseHex(hexadecimal));
    }

    /** CONNACK with the Authentication Method. */
    private void accept() throws IOException {
        read();
        send("20 07 00 00 04 15 00 01 6d");
    }

    @Test
    void connect() throws IOException {
        assertThat(read())
                .isEqualTo(
                        "10 5e 00 04 4d 51 54 54 05 f6 00 3c " // user name, password, Will retained at QoS 2, Clean
                                // Start
                                + "23 "
                                + "11 00 00 0e 10 " // Session Expiry Interval
                                + "21 00 05 " // Receive Maximum
                                + "27 00 00 10 00 " // Maximum Packet Size
                                + "22 00 03 " // Topic Alias Maximum
                                + "19 01 " // Request Response Information
                                + "17 00 " // Request Problem Information
                                + USER_BYTES
                                + "15 00 01 6d " // Authentication Method
                                + "16 00 01 64 " // Authentication Data
                                + "00 02 70 37 "
                                + "1f "
                                + "18 00 00 00 07 " // Will Delay Interval
                                + PROPERTIES_BYTES
                                + "00 01 77 00 01 21 " // Will Topic and Payload
                                + "00 01 75 00 01 70 "); // user name and password
    }

    @Test
    void publishAtQos2() throws Exception {
        accept();
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();

        client.publish(new Publish("t", bytes("hi"), 2, true, PROPERTIES), outcome::complete);

        assertThat(read()).isEqualTo("35 22 00 01 74 00 01 1a " + PROPERTIES_BYTES + "68 69 ");
        send("50 02 00 01");
        assertThat(read()).isEqualTo("62 02 00 01 ");
        send("70 02 00 01");
        assertThat(outcome.get(5, TimeUnit.SECONDS)).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void publishWithATopicAlias() throws Exception {
        read();
        send("20 0a 00 00 07 22 00 02 15 00 01 6d"); // CONNACK with Topic Alias Maximum and Authentication Method

        client.publish(new Publish("t", bytes("hi"), 0, false), outcome -> {});
        assertThat(read()).isEqualTo("30 09 00 01 74 03 23 00 01 68 69 ");
        client.publish(new Publish("t", bytes("hi"), 0, false), outcome -> {});

        assertThat(read()).isEqualTo("30 08 00 00 03 23 00 01 68 69 ");
    }

    @Test
    void subscribeAndUnsubscribe() throws Exception {
        accept();

        var subscribed = client.subscribe(new Subscribe(
                List.of(
                        new Filter("a", 2, true, true, RetainHandling.SEND_IF_NEW),
                        new Filter("$share/g/b", 0, false, false, RetainHandling.DO_NOT_SEND)),
                7,
                USER));

        assertThat(read())
                .isEqualTo(
                        "82 1d 00 01 09 0b 07 " // Subscription Identifier
                                + USER_BYTES
                                + "00 01 61 1e " // QoS 2, No Local, Retain As Published, Retain Handling 1
                                + "00 0a 24 73 68 61 72 65 2f 67 2f 62 20 "); // QoS 0, Retain Handling 2
        send("90 05 00 01 00 02 00");
        assertThat(subscribed.get(5, TimeUnit.SECONDS).reasonCodes()).containsExactly(2, 0);

        var unsubscribed = client.unsubscribe(List.of("a"), USER);
        assertThat(read()).isEqualTo("a2 0d 00 02 07 " + USER_BYTES + "00 01 61 ");
        send("b0 04 00 02 00 00");
        assertThat(unsubscribed.get(5, TimeUnit.SECONDS).reasonCodes()).containsExactly(0);
    }

    @Test
    void disconnect() throws Exception {
        accept();
        client.publish(new Publish("t", bytes("hi"), 0, false), outcome -> {});
        assertThat(read()).isEqualTo("30 06 00 01 74 00 68 69 ");

        Thread stopping = Thread.ofVirtual()
                .start(() -> client.stop(
                        null,
                        new MqttClient.Disconnect(0x04, "x", Optional.of(Duration.ofSeconds(5)), USER),
                        Duration.ofSeconds(5)));

        assertThat(read())
                .isEqualTo(
                        "e0 12 04 10 " // and publish the Will
                                + "11 00 00 00 05 " // Session Expiry Interval
                                + "1f 00 01 78 " // Reason String
                                + USER_BYTES);
        stopping.join(5_000);
    }
}
