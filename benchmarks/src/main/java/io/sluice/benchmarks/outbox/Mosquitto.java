package io.sluice.benchmarks.outbox;

import io.sluice.mqtt.ConnectionListener;
import io.sluice.mqtt.MqttClient;
import io.sluice.mqtt.MqttOptions;
import io.sluice.mqtt.Publish;
import io.sluice.outbox.Outcome;
import io.sluice.outbox.Outgoing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A mosquitto and one client of ours that is connected to it. */
final class Mosquitto implements AutoCloseable {

    private static final String TOPIC = "benchmark/data";
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final long PATIENCE_SECONDS = 10;

    private final Path directory;
    private final Process process;
    private final MqttClient client;

    Mosquitto() throws IOException, InterruptedException {
        directory = Files.createTempDirectory("sluice-mosquitto");
        int port = freePort();
        Path configuration = Files.write(
                directory.resolve("mosquitto.conf"),
                List.of(
                        "listener " + port + " 127.0.0.1",
                        "allow_anonymous true",
                        "max_inflight_messages 0",
                        "log_type error"));
        String program = Files.isExecutable(Path.of("/usr/sbin/mosquitto")) ? "/usr/sbin/mosquitto" : "mosquitto";
        process = new ProcessBuilder(program, "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end of mosquitto"));
        awaitListening(port);
        CountDownLatch connected = new CountDownLatch(1);
        client = new MqttClient(
                MqttOptions.defaults(List.of(URI.create("mqtt://127.0.0.1:" + port)), "benchmark")
                        .with(o -> o.window = Rig.WINDOW),
                new ConnectionListener() {
                    @Override
                    public void connected(Connected agreed) {
                        connected.countDown();
                    }

                    @Override
                    public void disconnected(Disconnected why) {
                        System.err.println("  no connection to mosquitto: " + why);
                    }
                });
        client.start();
        if (!connected.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("mosquitto did not accept a connection: " + directory);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitListening(int port) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (!listens(port)) {
            if (!process.isAlive() || System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new IOException("mosquitto does not listen: " + Files.readString(directory.resolve("log")));
            }
            Thread.sleep(5); // another process: nothing here could be notified
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** As a sink of an outbox. */
    void publish(Outgoing message, java.util.function.Consumer<Outcome> outcome) {
        byte[] payload = message.content() instanceof Outgoing.Body body ? body.bytes() : new byte[16];
        client.publish(new Publish(TOPIC, payload, 1, false), result -> outcome.accept(new Outcome.Acknowledged()));
    }

    /** Messages per second without any store, until the last is acknowledged. */
    double rawPerSecond(int messages, byte[] body) throws InterruptedException {
        Semaphore unacknowledged = new Semaphore(10 * Rig.WINDOW);
        long begin = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            unacknowledged.acquire();
            client.publish(new Publish(TOPIC, body, 1, false), result -> unacknowledged.release());
        }
        unacknowledged.acquire(10 * Rig.WINDOW);
        return messages * 1e9 / (System.nanoTime() - begin);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        client.stop(null, STOP);
        client.close();
        process.destroy();
        process.waitFor();
        Rig.delete(directory);
    }
}
