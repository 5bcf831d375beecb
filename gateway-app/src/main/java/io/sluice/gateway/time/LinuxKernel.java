package io.sluice.gateway.time;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Linux. CLOCK_REALTIME comes from {@link Instant}, which is one {@code clock_gettime} of the vDSO and gives nanoseconds:
 * a call of our own would not be cheaper. {@code adjtimex} is called through the foreign-function API, in read-only mode,
 * which needs no privilege.
 */
final class LinuxKernel implements Kernel {

    private static final Logger LOG = LoggerFactory.getLogger(LinuxKernel.class);

    /** {@code struct timex} of 64-bit Linux is 208 bytes long; the fields in front of these are not named. */
    private static final long TIMEX_BYTES = 208;

    private static final long MAXERROR = 24;
    private static final long ESTERROR = 32;
    private static final long STATUS = 40;
    private static final long TAI = 160;

    private static final int STA_UNSYNC = 0x0040;
    private static final int TIME_ERROR = 5;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final @Nullable MethodHandle adjtimex = lookUp();
    private boolean complained;

    private static @Nullable MethodHandle lookUp() {
        if (AddressLayout.ADDRESS.byteSize() != 8) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("adjtimex")
                .map(symbol -> linker.downcallHandle(
                        symbol,
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
                        Linker.Option.captureCallState("errno")))
                .orElse(null);
    }

    @Override
    public long realtime() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    @Override
    public long monotonic() {
        return System.nanoTime();
    }

    @Override
    public Optional<Timex> timex() {
        if (adjtimex == null) {
            complainOnce("this platform has no adjtimex");
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment callState = arena.allocate(CALL_STATE);
            MemorySegment timex = arena.allocate(TIMEX_BYTES, 8);
            int result = (int) adjtimex.invokeExact(callState, timex);
            if (result < 0) {
                complainOnce("adjtimex: errno " + (int) ERRNO.get(callState, 0L)
                        + " (a unit with ProtectClock=yes may not read it: drop CAP_SYS_TIME instead)");
                return Optional.empty();
            }
            return Optional.of(read(timex, result));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws nothing checked", e);
        }
    }

    private static Timex read(MemorySegment timex, int result) {
        boolean unsynchronised = result == TIME_ERROR || (timex.get(ValueLayout.JAVA_INT, STATUS) & STA_UNSYNC) != 0;
        return new Timex(
                !unsynchronised,
                timex.get(ValueLayout.JAVA_LONG, ESTERROR),
                timex.get(ValueLayout.JAVA_LONG, MAXERROR),
                timex.get(ValueLayout.JAVA_INT, TAI));
    }

    private void complainOnce(String what) {
        if (!complained) {
            complained = true;
            LOG.warn("The quality of the clock is unknown: {}", what);
        }
    }
}
