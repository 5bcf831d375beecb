package io.sluice.adapter.modbus;

import java.io.IOException;
import java.time.Duration;

/**
 * A line to one or more Modbus servers: one request at a time. Confined to one thread, but for {@link #close}, which any
 * thread may call to end a read that hangs.
 *
 * <p>A reply is handed out only if unit id, function code and length, and where there is one the transaction id, are those
 * of the request. After any {@link IOException} the connection is closed: what arrives later on that line can never
 * become the answer to another request.
 */
interface ModbusConnection extends AutoCloseable {

    /**
     * Connects, or does nothing if it is connected.
     *
     * @throws ConnectFailed with a message for people, naming the address
     */
    void connect() throws ConnectFailed;

    /**
     * Asks one unit.
     *
     * @param unit 0 to 255
     * @param timeout for the whole reply
     * @throws ConnectionLost if the other side ended the connection
     * @throws IOException if there is no valid reply in time; the message is for people and names the address. The
     *     connection is closed then
     */
    Reply exchange(int unit, Request request, Duration timeout) throws IOException;

    /** Asks one unit, which may take as long as a connection may. */
    default Reply exchange(int unit, Request request) throws IOException {
        return exchange(unit, request, timeout());
    }

    /** How long a connection may take. */
    Duration timeout();

    /** Throws away what arrives until the line has been silent for a while, at most for the timeout. */
    void drain() throws IOException;

    boolean connected();

    /** Any thread; idempotent. {@link #connect} may follow. */
    @Override
    void close();

    /** What a server answered. */
    sealed interface Reply {

        /**
         * The data, valid until the next call.
         *
         * @param bytes contains the reply
         * @param offset of the first register's high byte, or of the first eight bits; of what follows the function code
         *     where nothing was read
         */
        @SuppressWarnings("ArrayRecordComponent") // a view of the receive buffer: never compared, never kept
        record Data(byte[] bytes, int offset) implements Reply {}

        /**
         * An exception response.
         *
         * @param code Modbus exception code (Application Protocol V1.1b3 §7)
         */
        record Refused(int code) implements Reply {}
    }
}
