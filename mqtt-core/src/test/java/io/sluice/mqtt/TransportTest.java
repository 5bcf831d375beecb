package io.sluice.mqtt;

import static io.sluice.mqtt.Recording.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.mqtt.TransportOptions.Proxy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proxies, WebSockets, and the list of brokers, against processes that are not ours. */
class TransportTest {

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    // ---- proxies

    @Test
    void goesThroughAnHttpProxyWithUserAndPassword() throws Exception {
        Mosquitto broker = broker();
        URI proxy = httpProxy("BasicAuth user secret");

        assertDelivers(options(broker.uri()), new Proxy(proxy, Optional.of("user"), Optional.of("secret")));
    }

    @Test
    void goesThroughASocks5ProxyWithUserAndPassword() throws Exception {
        Mosquitto broker = broker();
        URI proxy = socksProxy("-u", "user", "-P", "secret");

        assertDelivers(options(broker.uri()), new Proxy(proxy, Optional.of("user"), Optional.of("secret")));
    }

    @Test
    void goesThroughASocks5ProxyWithoutUser() throws Exception {
        Mosquitto broker = broker();

        assertDelivers(options(broker.uri()), new Proxy(socksProxy(), Optional.empty(), Optional.empty()));
    }

    @Test
    void aWrongPasswordForTheProxyIsToldAsSuch() throws Exception {
        Mosquitto broker = broker();
        Proxy http = new Proxy(httpProxy("BasicAuth user secret"), Optional.of("user"), Optional.of("wrong"));
        Proxy socks = new Proxy(socksProxy("-u", "user", "-P", "secret"), Optional.of("user"), Optional.of("wrong"));

        assertThat(failure(options(broker.uri()), http))
                .startsWith("the proxy did not reach 127.0.0.1:" + broker.port())
                .contains("401");
        assertThat(failure(options(broker.uri()), socks))
                .startsWith("the proxy did not reach 127.0.0.1:" + broker.port())
                .contains("authStatus: ");
    }

    @Test
    void aBrokerThatTheProxyCannotReachIsToldAsSuch() throws Exception {
        URI nowhere = URI.create("mqtt://127.0.0.1:" + Mosquitto.freePort());

        assertThat(failure(options(nowhere), new Proxy(socksProxy(), Optional.empty(), Optional.empty())))
                .startsWith("the proxy did not reach 127.0.0.1:");
    }

    private void assertDelivers(MqttOptions options, Proxy proxy) {
        List<Outcome> outcomes = new CopyOnWriteArrayList<>();
        MqttClient client = start(through(options, proxy), new Recording());

        client.publish(message("t", "hello"), outcomes::add);

        await().until(() -> outcomes.size() == 1);
        assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Acknowledged.class);
    }

    private String failure(MqttOptions options, Proxy proxy) {
        Recording events = new Recording();
        start(through(options, proxy), events);
        await().until(() -> !events.disconnected.isEmpty());
        return events.reasons().getFirst();
    }

    private static MqttOptions through(MqttOptions options, Proxy proxy) {
        return options.with(o -> o.transport = o.transport.withProxy(proxy));
    }

    private URI httpProxy(String... settings) throws Exception {
        int port = Mosquitto.freePort();
        Path file = Files.writeString(
                directory.resolve("tinyproxy.conf"),
                "Port %d\nListen 127.0.0.1\nTimeout 60\n%s\n".formatted(port, String.join("\n", settings)));
        run("tinyproxy", "tinyproxy-bin", port, "-d", "-c", file.toString());
        return URI.create("http://127.0.0.1:" + port);
    }

    private URI socksProxy(String... settings) throws Exception {
        int port = Mosquitto.freePort();
        List<String> arguments = new ArrayList<>(List.of("-i", "127.0.0.1", "-p", Integer.toString(port)));
        arguments.addAll(List.of(settings));
        run("microsocks", "microsocks", port, arguments.toArray(String[]::new));
        return URI.create("socks5://127.0.0.1:" + port);
    }

    private void run(String program, String debianPackage, int port, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve(program + ".log").toFile())
                    .start();
            open.add(() -> process.destroyForcibly().waitFor(5, TimeUnit.SECONDS));
            await().until(() -> Mosquitto.isListening(port));
        } catch (IOException e) {
            Assumptions.abort("needs " + program + ": apt-get install " + debianPackage);
        }
    }

    // ---- WebSocket

    @Test
    @Clause({"6.0.0-1", "6.0.0-2", "311:6.0.0-1", "311:6.0.0-2"})
    void aWebSocketCarriesMessagesBothWaysThatNoSingleFrameHolds() throws Exception {
        int port = Mosquitto.freePort();
        open.add(Mosquitto.start(
                directory.resolve("web"),
                "allow_anonymous true",
                "listener %d 127.0.0.1".formatted(port),
                "protocol websockets"));
        Recording events = new Recording();
        MqttClient client = start(options(URI.create("ws://127.0.0.1:" + port)), events);
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
        ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        open.add(server);
        Recording events = new Recording();
        start(options(URI.create("ws://127.0.0.1:" + server.getLocalPort())), events);

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

        start(options(wrong), events);

        await().until(() -> !events.disconnected.isEmpty());
        assertThat(events.reasons().getFirst())
                .contains("does not speak MQTT over a WebSocket at /elsewhere")
                .contains("404");
    }

    /** A server that answers every request with 404. */
    private int httpPort() throws IOException {
        ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        open.add(server);
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

    // ---- the list of brokers

    @Test
    void takesTheNextBrokerAndGoesBackToThePreferredOneWhenItCanBeReachedAgain() throws Exception {
        Mosquitto first = broker();
        Mosquitto second = Mosquitto.open(directory.resolve("second"));
        open.add(second);
        first.kill();
        Recording events = new Recording();
        start(
                MqttOptions.defaults(List.of(first.uri(), second.uri()), "plant-7")
                        .with(o -> {
                            o.backoffMin = Duration.ofMillis(5);
                            o.backoffMax = Duration.ofMillis(20);
                            o.transport = o.transport.withPreferredRetry(Duration.ofMillis(50));
                        }),
                events);
        await().until(() -> events.connected.size() == 1);
        assertThat(events.connected.getFirst().broker()).isEqualTo(second.uri());

        first.startAgain();

        await().until(() -> events.connected.size() == 2);
        assertThat(events.connected.getLast().broker()).isEqualTo(first.uri());
        assertThat(events.disconnected.getLast().retryIn()).isZero();
        assertThat(events.reasons().getLast())
                .isEqualTo("the preferred broker can be reached again: back to " + first.uri());
    }

    @Test
    void aPreferredBrokerThatTakesConnectionsAndSaysNothingIsLookedAtAgainAndAgain() throws Exception {
        Mosquitto second = broker();
        ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(hanging);
        AtomicInteger closed = new AtomicInteger();
        Thread.ofVirtual().start(() -> countConnectionsUntilTheyAreClosed(hanging, closed));
        Recording events = new Recording();

        start(
                MqttOptions.defaults(
                                List.of(URI.create("mqtts://127.0.0.1:" + hanging.getLocalPort()), second.uri()),
                                "plant-7")
                        .with(o -> {
                            o.connectTimeout = Duration.ofMillis(200);
                            o.backoffMin = Duration.ofMillis(5);
                            o.transport = o.transport.withPreferredRetry(Duration.ofMillis(20));
                        }),
                events);

        await().until(() -> events.connected.size() == 1);
        // The timeout holds for the broker that answers too: a slow machine may need it more than once to get there.
        int failed = events.disconnected.size();
        int looks = closed.get() + 3;
        await().until(() -> closed.get() >= looks);
        assertThat(events.connected).hasSize(1);
        assertThat(events.disconnected).hasSize(failed);
    }

    @Test
    void aPreferredBrokerThatRefusesTheSessionIsGoneBackToLessAndLessOften() throws Exception {
        Mosquitto second = broker();
        RawBroker refusing = new RawBroker();
        open.add(refusing);
        List<Long> refusals = new CopyOnWriteArrayList<>();
        Thread.ofVirtual().start(() -> refuse(refusing, refusals));
        Duration period = Duration.ofMillis(20);

        start(
                MqttOptions.defaults(List.of(refusing.uri(), second.uri()), "plant-7")
                        .with(o -> {
                            o.backoffMin = Duration.ofMillis(1);
                            o.backoffMax = Duration.ofMillis(1);
                            o.transport = o.transport.withPreferredRetry(period);
                        }),
                new Recording());

        await().until(() -> refusals.size() >= 6);
        // 1, 2, 4, 8 and 16 periods lie between them
        assertThat(refusals.get(5) - refusals.get(0)).isGreaterThanOrEqualTo(31 * period.toNanos());
    }

    private static void refuse(RawBroker broker, List<Long> refusals) {
        while (true) {
            try (RawBroker.Link link = broker.next()) {
                if (!link.read().equals("end")) {
                    refusals.add(System.nanoTime());
                    link.send("20 03 00 87 00"); // not authorised
                }
            } catch (IOException | InterruptedException | AssertionError end) {
                return;
            }
        }
    }

    /** One after the other, so that a connection which stays open would keep the next from being counted. */
    private static void countConnectionsUntilTheyAreClosed(ServerSocket server, AtomicInteger closed) {
        while (true) {
            try (Socket socket = server.accept()) {
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                closed.incrementAndGet();
            } catch (IOException end) {
                return;
            }
        }
    }

    @Test
    void everyAddressOfANameIsTriedInOneAttempt() throws Exception {
        Mosquitto broker = broker();
        Recording events = new Recording();

        start(options(URI.create("mqtt://broker.test:" + broker.port())), events, host -> new InetAddress[] {
            InetAddress.getByName("127.0.0.3"), InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1")
        });

        await().until(() -> events.connected.size() == 1);
        assertThat(events.disconnected).isEmpty();
    }

    @Test
    void theNameIsResolvedAgainAtEachAttempt() throws Exception {
        Mosquitto broker = broker();
        Recording events = new Recording();
        AtomicInteger asked = new AtomicInteger();

        start(options(URI.create("mqtt://broker.test:" + broker.port())), events, host -> {
            if (asked.incrementAndGet() < 3) {
                throw new UnknownHostException(host + ": not yet");
            }
            return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
        });

        await().until(() -> events.connected.size() == 1);
        assertThat(events.reasons())
                .hasSize(2)
                .containsOnly("unknown host broker.test: check its name, and whether DNS is reachable");
    }

    @Test
    void theNameIsResolvedAgainAfterALostConnection() throws Exception {
        Mosquitto broker = broker();
        Recording events = new Recording();
        List<String> asked = new CopyOnWriteArrayList<>();
        start(options(URI.create("mqtt://broker.test:" + broker.port())), events, host -> {
            asked.add(host);
            return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
        });
        await().until(() -> events.connected.size() == 1);
        assertThat(asked).containsExactly("broker.test");

        broker.kill();
        await().until(() -> !events.disconnected.isEmpty());
        broker.startAgain();

        await().until(() -> events.connected.size() == 2);
        assertThat(asked).hasSize(1 + events.disconnected.size());
    }

    private Mosquitto broker() throws IOException {
        Mosquitto broker = Mosquitto.open(directory.resolve("broker"));
        open.add(broker);
        return broker;
    }

    private static MqttOptions options(URI broker) {
        return MqttOptions.defaults(List.of(broker), "plant-7").with(o -> {
            o.backoffMin = Duration.ofMillis(10);
            o.backoffMax = Duration.ofMillis(200);
        });
    }

    private MqttClient start(MqttOptions options, Recording events) {
        return start(options, events, InetAddress::getAllByName);
    }

    private MqttClient start(MqttOptions options, Recording events, Dial.Resolver resolver) {
        MqttClient client = new MqttClient(options, events, resolver);
        open.add(client);
        client.start();
        return client;
    }
}
