package io.sluice.adapter.modbus;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An RTU device that answers in order, but keeps the first reply back until the next request comes: exactly what makes a
 * client believe that it is the answer to that one. The register at each address holds its own address.
 */
final class LaggingRtuDevice {

    private final List<Integer> addresses = new CopyOnWriteArrayList<>();
    private byte @Nullable [] held;
    private boolean lagged;

    /** Addresses asked for, in order. */
    List<Integer> addresses() {
        return addresses;
    }

    /** Until the stream ends. */
    void serve(InputStream in, OutputStream out) {
        try {
            DataInputStream requests = new DataInputStream(in);
            while (true) {
                byte[] request = new byte[8];
                requests.readFully(request);
                answer(request, out);
            }
        } catch (IOException _) {
            // The other side closed the line: a client does so after a failure, and a test at its end.
        }
    }

    private synchronized void answer(byte[] request, OutputStream out) throws IOException {
        byte[] reply = reply(request);
        if (!lagged) {
            lagged = true;
            held = reply;
            return;
        }
        if (held != null) {
            out.write(held);
            held = null;
        }
        out.write(reply);
        out.flush();
    }

    private byte[] reply(byte[] request) {
        ByteBuffer asked = ByteBuffer.wrap(request);
        int address = asked.getShort(2);
        int count = asked.getShort(4);
        addresses.add(address);
        ByteBuffer frame = ByteBuffer.wrap(new byte[5 + 2 * count])
                .put(request[0])
                .put(request[1])
                .put((byte) (2 * count));
        for (int i = 0; i < count; i++) {
            frame.putShort((short) (address + i));
        }
        int crc = RtuFraming.crc(frame.array(), 3 + 2 * count);
        return frame.put((byte) crc).put((byte) (crc >> 8)).array();
    }
}
