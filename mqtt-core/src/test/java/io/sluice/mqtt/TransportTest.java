package io.sluice.mqtt;

import static io.sluice.mqtt.Recording.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MQTT over a WebSocket (MQTT 5 §6): against mosquitto, and against servers that do not keep to it. */
class TransportTest {

    @TempDir
    Path directory;

    private final Scene scene = new Scene();

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    @Clause({"6.0.0-1", "6.0.0-2", "311:6.0.0-1", "311:6.0.0-2"})
    void aWebSocketCarriesMessagesBothWaysThatNoSingleFrameHolds() throws Exception {
        int port = Mosquitto.freePort();
        scene.add(Mosquitto.start(
                directory.resolve("web"),
                "allow_anonymous true",
                "listener %d 127.0.0.1".formatted(port),
                "protocol websockets"));
        Recording events = new Recording();
        MqttClient client = scene.start(Scene.options(URI.create("ws://127.0.0.1:" + port)), events);
        client.subscribe(Subscribe.to("t")).join();
        byte[] payload = new byte[20_000];
        new Random(1).nextBytes(payload);
        List<Outcome> outcomes = new CopyOnWriteArrayList<>();

        for (int i = 0; i < 5; i++) {
            client.publish(new Publish("t", payload, 1, false), outcomes::add);
            client.publish(message("t", "small"), outcomes::add);
        }

        await().until(() -> outcomes.size() == 10 && events.received.size() == 10);
        assertThat(outcomes).allMatch(Outcome.Acknowledged.class::isInstance);
        assertThat(events.received.stream().filter(m -> m.payload().length > 5))
                .hasSize(5)
                .allSatisfy(m -> assertThat(m.payload()).isEqualTo(payload));
    }

    @Test
    @Clause({"6.0.0-1", "6.0.0-3", "311:6.0.0-1", "311:6.0.0-3"})
    void theSubProtocolIsMqttAndAFrameThatIsNotBinaryEndsTheConnection() throws Exception {
        ServerSocket server = scene.add(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
        Recording events = new Recording();
        scene.start(Scene.options(URI.create("ws://127.0.0.1:" + server.getLocalPort())), events);

        try (Socket socket = server.accept()) {
            String request = acceptWebSocket(socket);
            socket.getOutputStream().write(new byte[] {(byte) 0x81, 2, 'h', 'i'});
            await().until(() -> !events.disconnected.isEmpty());

            assertThat(request).containsIgnoringCase("\r\nSec-WebSocket-Protocol: mqtt\r\n");
            assertThat(events.reasons().getFirst()).contains("the broker sent a WebSocket frame that is not binary");
        }
    }

    /** @return the request, which is granted (RFC 6455 §4.2.2) */
    private static String acceptWebSocket(Socket socket) throws Exception {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            request.append((char) socket.getInputStream().read());
        }
        Matcher key = Pattern.compile("(?i)sec-websocket-key: (\\S+)").matcher(request);
        assertThat(key.find()).isTrue();
        byte[] digest = MessageDigest.getInstance("SHA-1")
                .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Accept: "
                + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n";
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        return request.toString();
    }

    @Test
    void aPathThatIsNoWebSocketIsToldAsSuch() throws Exception {
        URI wrong = URI.create("ws://127.0.0.1:" + httpPort() + "/elsewhere");
        Recording events = new Recording();

        scene.start(Scene.options(wrong), events);

        await().until(() -> !events.disconnected.isEmpty());
        assertThat(events.reasons().getFirst())
                .contains("does not speak MQTT over a WebSocket at /elsewhere")
                .contains("404");
    }

    /** A server that answers every request with 404. */
    private int httpPort() throws IOException {
        ServerSocket server = scene.add(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (var socket = server.accept()) {
                    socket.getInputStream().read(new byte[1024]);
                    socket.getOutputStream()
                            .write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes("US-ASCII"));
                } catch (IOException closed) {
                    return;
                }
            }
        });
        return server.getLocalPort();
    }
}
