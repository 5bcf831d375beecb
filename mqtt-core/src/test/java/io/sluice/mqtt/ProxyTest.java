package io.sluice.mqtt;

import static io.sluice.mqtt.Recording.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.mqtt.TransportOptions.Proxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP CONNECT and SOCKS5, with and without a password, through processes that are not ours. */
class ProxyTest {

    @TempDir
    Path directory;

    private final Scene scene = new Scene();

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void goesThroughAnHttpProxyWithUserAndPassword() throws Exception {
        Mosquitto broker = scene.add(Mosquitto.open(directory.resolve("broker")));
        URI proxy = httpProxy("BasicAuth user secret");

        assertDelivers(Scene.options(broker.uri()), new Proxy(proxy, Optional.of("user"), Optional.of("secret")));
    }

    @Test
    void goesThroughASocks5ProxyWithUserAndPassword() throws Exception {
        Mosquitto broker = scene.add(Mosquitto.open(directory.resolve("broker")));
        URI proxy = socksProxy("-u", "user", "-P", "secret");

        assertDelivers(Scene.options(broker.uri()), new Proxy(proxy, Optional.of("user"), Optional.of("secret")));
    }

    @Test
    void goesThroughASocks5ProxyWithoutUser() throws Exception {
        Mosquitto broker = scene.add(Mosquitto.open(directory.resolve("broker")));

        assertDelivers(Scene.options(broker.uri()), new Proxy(socksProxy(), Optional.empty(), Optional.empty()));
    }

    @Test
    void aWrongPasswordForTheProxyIsToldAsSuch() throws Exception {
        Mosquitto broker = scene.add(Mosquitto.open(directory.resolve("broker")));
        Proxy http = new Proxy(httpProxy("BasicAuth user secret"), Optional.of("user"), Optional.of("wrong"));
        Proxy socks = new Proxy(socksProxy("-u", "user", "-P", "secret"), Optional.of("user"), Optional.of("wrong"));

        assertThat(failure(Scene.options(broker.uri()), http))
                .startsWith("the proxy did not reach 127.0.0.1:" + broker.port())
                .contains("401");
        assertThat(failure(Scene.options(broker.uri()), socks))
                .startsWith("the proxy did not reach 127.0.0.1:" + broker.port())
                .contains("authStatus: ");
    }

    @Test
    void aBrokerThatTheProxyCannotReachIsToldAsSuch() throws Exception {
        URI nowhere = URI.create("mqtt://127.0.0.1:" + Mosquitto.freePort());

        assertThat(failure(Scene.options(nowhere), new Proxy(socksProxy(), Optional.empty(), Optional.empty())))
                .startsWith("the proxy did not reach 127.0.0.1:");
    }

    private void assertDelivers(MqttOptions options, Proxy proxy) {
        List<Outcome> outcomes = new CopyOnWriteArrayList<>();
        MqttClient client = scene.start(through(options, proxy), new Recording());

        client.publish(message("t", "hello"), outcomes::add);

        await().until(() -> outcomes.size() == 1);
        assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Acknowledged.class);
    }

    private String failure(MqttOptions options, Proxy proxy) {
        Recording events = new Recording();
        scene.start(through(options, proxy), events);
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
            scene.add(() -> process.destroyForcibly().waitFor(5, TimeUnit.SECONDS));
            await().until(() -> Mosquitto.isListening(port));
        } catch (IOException e) {
            Assumptions.abort("needs " + program + ": apt-get install " + debianPackage);
        }
    }
}
