package io.sluice.adapter.opcua;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between client and server, and can swallow what passes or cut it. */
final class TcpProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final int target;
    private volatile boolean dark;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Link> links = new CopyOnWriteArrayList<>();

    private static final class Link {
        private volatile boolean swallowing;
    }

    TcpProxy(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String endpoint() {
        return "opc.tcp://127.0.0.1:" + listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                connect(listener.accept());
                if (dark) {
                    blackHole();
                }
            }
        } catch (IOException e) {
            assert listener.isClosed() : e;
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (ConnectException e) {
            // The server is down: nobody answers here either.
            client.close();
            return;
        }
        Link link = new Link();
        sockets.addAll(List.of(client, server));
        links.add(link);
        Thread.ofVirtual().start(() -> forward(client, server, link));
        Thread.ofVirtual().start(() -> forward(server, client, link));
    }

    private static void forward(Socket from, Socket to, Link link) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[65_536];
            int read;
            while ((read = in.read(buffer)) >= 0) {
                if (!link.swallowing) {
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException e) {
            // Either side closed: the other is closed by the resources of the block.
            return;
        }
    }

    /** The connections of now stay open and carry nothing any more, as behind a router that forgot them. */
    void blackHole() {
        links.forEach(link -> link.swallowing = true);
    }

    /** Nothing passes any more, also over new connections, until {@link #lighten}. */
    void darken() {
        dark = true;
        blackHole();
    }

    /** What was open in the dark stays dead. */
    void lighten() {
        dark = false;
    }

    void cut() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
