package io.sluice.adapter.modbus;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;

/** Opens the sockets of a line: plain ones, or with TLS. */
@FunctionalInterface
interface Dialer {

    Dialer PLAIN = (server, timeoutMillis) -> {
        Socket socket = new Socket();
        connect(socket, server, timeoutMillis);
        return socket;
    };

    /**
     * A connected socket, ready for requests. Nothing stays open after a failure.
     *
     * @param timeoutMillis for the connection, and for each further step
     */
    Socket dial(InetSocketAddress server, int timeoutMillis) throws IOException;

    /** Connects and closes the socket if that fails. */
    static void connect(Socket socket, InetSocketAddress server, int timeoutMillis) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            socket.connect(server, timeoutMillis);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
