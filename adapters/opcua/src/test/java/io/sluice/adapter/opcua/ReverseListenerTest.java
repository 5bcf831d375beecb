package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReverseListenerTest {

    private static final Duration FOREVER = Duration.ofMinutes(1);
    private static final AwaitedServer PRESS = new AwaitedServer("press-2", "opc.tcp://press-2", Optional.empty());
    private static final AwaitedServer OVEN = new AwaitedServer("oven", "opc.tcp://oven", Optional.of("urn:oven"));

    private final MiloRuntime runtime = new MiloRuntime();
    private final List<Socket> sockets = new ArrayList<>();
    private final Logged log = new Logged(ReverseListener.class);
    private int port;
    private @Nullable ReverseListener opened;

    @BeforeEach
    void begin() throws Exception {
        port = MiloServer.freePort();
    }

    @AfterEach
    void end() throws IOException {
        log.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        if (opened != null) {
            opened.close();
        }
        runtime.close();
    }

    /** Listens from now on. */
    private ReverseListener listener(ReverseListener.Limits limits) {
        ReverseListener listener =
                new ReverseListener(new ListenAddress("127.0.0.1", port), List.of(PRESS, OVEN), runtime.loop(), limits);
        opened = listener;
        listener.next(PRESS).cancel(false);
        return listener;
    }

    private Socket connect() {
        Socket socket = await().ignoreException(ConnectException.class)
                .until(() -> new Socket(InetAddress.getLoopbackAddress(), port), Objects::nonNull);
        sockets.add(socket);
        return socket;
    }

    private Socket server(String uri, String url) throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(ReverseRelay.reverseHello(uri, url));
        return socket;
    }

    private static boolean isConnectionOf(Channel channel, Socket socket) {
        return ((InetSocketAddress) channel.remoteAddress()).getPort() == socket.getLocalPort();
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private List<String> said(String part) {
        return log.lines().stream().filter(text -> text.contains(part)).toList();
    }

    @Test
    void givesAConnectionToTheDeviceThatWaitsForItsServer() throws Exception {
        ReverseListener listener = listener(new ReverseListener.Limits(FOREVER, FOREVER, 10));
        CompletableFuture<Channel> press = listener.next(PRESS);
        CompletableFuture<Channel> oven = listener.next(OVEN);

        Socket second = server("urn:oven", "");
        Socket first = server("urn:any", "opc.tcp://PRESS-2:4840/");

        assertThat(isConnectionOf(oven.get(5, TimeUnit.SECONDS), second)).isTrue();
        assertThat(isConnectionOf(press.get(5, TimeUnit.SECONDS), first)).isTrue();
    }

    @Test
    void holdsTheNewestConnectionForADeviceThatDoesNotWaitYet() throws Exception {
        ReverseListener listener = listener(new ReverseListener.Limits(FOREVER, FOREVER, 10));
        Socket older = server("urn:any", PRESS.endpoint());
        Socket newer = server("urn:any", PRESS.endpoint());

        assertThat(older.getInputStream().read()).isNegative();
        assertThat(isConnectionOf(listener.next(PRESS).get(5, TimeUnit.SECONDS), newer))
                .isTrue();
        assertThat(said("closed")).isEmpty();
    }

    @Test
    void holdsNoConnectionForEver() throws Exception {
        listener(new ReverseListener.Limits(FOREVER, Duration.ofMillis(100), 10));

        assertThat(server("urn:any", PRESS.endpoint()).getInputStream().read()).isNegative();
    }

    @Test
    void aDeviceThatNoLongerWaitsIsGivenNothing() throws Exception {
        ReverseListener listener = listener(new ReverseListener.Limits(FOREVER, FOREVER, 10));
        CompletableFuture<Channel> former = listener.next(PRESS);
        former.cancel(false);
        CompletableFuture<Channel> present = listener.next(PRESS);

        Socket server = server("urn:any", PRESS.endpoint());

        assertThat(isConnectionOf(present.get(5, TimeUnit.SECONDS), server)).isTrue();
    }

    @Test
    void saysOfAnUnknownServerOnceWhatItCallsItself() throws Exception {
        listener(new ReverseListener.Limits(FOREVER, FOREVER, 10));
        for (int i = 0; i < 3; i++) {
            assertThat(answer(server("urn:new\nline", "opc.tcp://other:4840")))
                    .startsWith("ERRF")
                    .endsWith("no device is configured for this server");
        }
        assertThat(answer(server("urn:another-oven", OVEN.endpoint()))).startsWith("ERRF");

        assertThat(said("opc.tcp://other:4840"))
                .containsExactly(
                        "127.0.0.1:" + port + ": a server that connected from 127.0.0.1 says that it is EndpointUrl"
                                + " 'opc.tcp://other:4840', ServerUri 'urn:new?line'. No device is for that, it was closed. Expected"
                                + " here: opc.tcp://press-2 (press-2), opc.tcp://oven (oven, urn:oven)");
        assertThat(said("urn:another-oven")).hasSize(1);
    }

    @Test
    void closesWhatSaysNothingInTime() throws Exception {
        listener(new ReverseListener.Limits(Duration.ofMillis(100), FOREVER, 10));

        assertThat(answer(connect())).startsWith("ERRF").endsWith("no ReverseHello within 100 ms");
        assertThat(answer(connect())).startsWith("ERRF");
        assertThat(said("no ReverseHello within 100 ms")).hasSize(1);
    }

    @Test
    void closesWhatSaysHalfAReverseHelloInTime() throws Exception {
        listener(new ReverseListener.Limits(Duration.ofMillis(100), FOREVER, 10));
        Socket slow = connect();
        slow.getOutputStream().write(ReverseRelay.reverseHello("urn:any", PRESS.endpoint()), 0, 20);

        assertThat(answer(slow)).endsWith("no ReverseHello within 100 ms");
    }

    @Test
    void manySilentConnectionsCostTheOldestOfThem() throws Exception {
        ReverseListener listener = listener(new ReverseListener.Limits(FOREVER, FOREVER, 3));
        CompletableFuture<Channel> press = listener.next(PRESS);
        Socket oldest = connect();
        connect();
        connect();

        Socket server = server("urn:any", PRESS.endpoint());

        assertThat(oldest.getInputStream().read()).isNegative();
        assertThat(isConnectionOf(press.get(5, TimeUnit.SECONDS), server)).isTrue();
    }

    @Test
    void closesAServerThatGoesOnWithoutAnAnswer() throws Exception {
        listener(new ReverseListener.Limits(FOREVER, FOREVER, 10));
        Socket server = server("urn:any", PRESS.endpoint());
        server.getOutputStream().write(1);

        assertThat(answer(server)).endsWith("it did not wait for an answer to its ReverseHello");
    }

    @Test
    void failsWhoeverWaitsWhenItIsClosed() {
        ReverseListener listener = listener(new ReverseListener.Limits(FOREVER, FOREVER, 10));
        CompletableFuture<Channel> press = listener.next(PRESS);
        connect();

        listener.close();

        assertThat(press).isCompletedExceptionally();
        await().until(() -> {
            try (Socket late = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return !late.isConnected();
            } catch (ConnectException e) {
                return true;
            }
        });
    }
}
