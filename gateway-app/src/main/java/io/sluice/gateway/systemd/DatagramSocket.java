package io.sluice.gateway.systemd;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/** An AF_UNIX datagram socket that sends to one address. The JDK has none, so the C library is called. Not safe for threads. */
final class DatagramSocket implements AutoCloseable {

    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000;

    /** {@code sun_path} of {@code struct sockaddr_un}; the family stands before it. */
    private static final int PATH_BYTES = 108;

    private static final int FAMILY_BYTES = 2;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final MethodHandle sendto;
    private final MethodHandle close;
    private final byte[] address;
    private final int descriptor;

    /**
     * @param address a path, or a name in the abstract namespace if it begins with {@code @}
     * @throws IOException if the address is too long or there is no socket to be had
     */
    DatagramSocket(String address) throws IOException {
        this.address = encode(address);
        Linker linker = Linker.nativeLinker();
        this.sendto = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("sendto"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT),
                Linker.Option.captureCallState("errno"));
        this.close = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("close"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        this.descriptor = socket(linker);
    }

    private static byte[] encode(String address) throws IOException {
        byte[] bytes = address.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= PATH_BYTES) {
            throw new IOException(
                    "the address of the socket is longer than " + (PATH_BYTES - 1) + " bytes: " + address);
        }
        if (bytes[0] == '@') {
            bytes[0] = 0;
        }
        return bytes;
    }

    private static int socket(Linker linker) throws IOException {
        MethodHandle socket = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("socket"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.captureCallState("errno"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment callState = arena.allocate(CALL_STATE);
            int descriptor = (int) socket.invokeExact(callState, (int) AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            if (descriptor < 0) {
                throw failed("socket", callState);
            }
            return descriptor;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws nothing checked", e);
        }
    }

    /**
     * Sends one datagram; does not wait.
     *
     * @throws IOException if nobody listens or the receiver's queue is full
     */
    void send(String text) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment callState = arena.allocate(CALL_STATE);
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, body);
            long sent = (long) sendto.invokeExact(
                    callState,
                    descriptor,
                    data,
                    (long) body.length,
                    MSG_DONTWAIT_NOSIGNAL,
                    socketAddress(arena),
                    FAMILY_BYTES + address.length);
            if (sent < 0) {
                throw failed("sendto", callState);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws nothing checked", e);
        }
    }

    private MemorySegment socketAddress(Arena arena) {
        MemorySegment segment = arena.allocate(FAMILY_BYTES + PATH_BYTES, 2);
        segment.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
        MemorySegment.copy(address, 0, segment, ValueLayout.JAVA_BYTE, FAMILY_BYTES, address.length);
        return segment;
    }

    private static IOException failed(String call, MemorySegment callState) {
        return new IOException(call + ": errno " + (int) ERRNO.get(callState, 0L));
    }

    @Override
    public void close() {
        try {
            int ignored = (int) close.invokeExact(descriptor);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws nothing checked", e);
        }
    }
}
