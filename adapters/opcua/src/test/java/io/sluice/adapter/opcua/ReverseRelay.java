package io.sluice.adapter.opcua;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands for the server's side of the ReverseHello, which no server has that the suite may use: it connects to the gateway, says
 * the ReverseHello, and from the gateway's first byte on passes all bytes to a real server and back. Like open62541 it has one
 * connection at a time, and makes the next one when that has ended. So what the tests show of the ReverseHello is what is
 * believed of servers; what was seen with open62541 stands in the README.
 */
final class ReverseRelay implements AutoCloseable {

    private static final int PAUSE_MILLIS = 50;

    private final int gatewayPort;
    private final int serverPort;
    private final byte[] reverseHello;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger used = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    ReverseRelay(int gatewayPort, String serverUri, String endpointUrl, int serverPort) {
        this.gatewayPort = gatewayPort;
        this.serverPort = serverPort;
        this.reverseHello = reverseHello(serverUri, endpointUrl);
        Thread.ofVirtual().name("reverse-relay").start(this::run);
    }

    /** Part 6 §7.1.2.6. */
    static byte[] reverseHello(String serverUri, String endpointUrl) {
        byte[] uri = serverUri.getBytes(StandardCharsets.UTF_8);
        byte[] url = endpointUrl.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeBytes("RHEF");
            out.writeInt(Integer.reverseBytes(16 + uri.length + url.length));
            out.writeInt(Integer.reverseBytes(uri.length));
            out.write(uri);
            out.writeInt(Integer.reverseBytes(url.length));
            out.write(url);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Connections over which the gateway has said anything. */
    int used() {
        return used.get();
    }

    private void run() {
        try {
            do {
                connect();
            } while (!closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connect() throws InterruptedException {
        try (Socket gateway = new Socket(InetAddress.getLoopbackAddress(), gatewayPort)) {
            sockets.add(gateway);
            gateway.getOutputStream().write(reverseHello);
            int first = gateway.getInputStream().read();
            if (first >= 0) {
                used.incrementAndGet();
                pass(gateway, first);
            }
        } catch (IOException e) {
            // The gateway does not listen, or the connection was cut: it is tried again.
            return;
        }
    }

    private void pass(Socket gateway, int first) throws IOException, InterruptedException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            sockets.add(server);
            server.getOutputStream().write(first);
            Thread back = Thread.ofVirtual().start(() -> pump(server, gateway));
            pump(gateway, server);
            back.join();
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            in.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either side closed: the other is closed by the resources of the block.
            return;
        }
    }

    void cut() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        cut();
    }
}
