package io.sluice.adapter.gpio;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Asks the kernel for the label of a GPIO chip: {@code GPIO_GET_CHIPINFO_IOCTL} of {@code linux/gpio.h}. */
final class ChipInfo {

    /** {@code struct gpiochip_info}: a name and a label of 32 bytes each, and a number of lines. */
    private static final long BYTES = 68;

    private static final long LABEL = 32;

    /** {@code _IOR(0xB4, 0x01, struct gpiochip_info)}. */
    private static final long REQUEST = 0x8044B401L;

    private static final int O_RDONLY = 0;
    private static final int O_CLOEXEC = 0x80000;

    private final MethodHandle open;
    private final MethodHandle ioctl;
    private final MethodHandle close;

    private ChipInfo(Linker linker) {
        this.open = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("open"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        this.ioctl = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("ioctl"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));
        this.close = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("close"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    /** The label, or nothing where the kernel does not tell. */
    static String label(Path chip) {
        try (Arena arena = Arena.ofConfined()) {
            return new ChipInfo(Linker.nativeLinker()).read(arena.allocateFrom(chip.toString()), arena.allocate(BYTES));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws nothing checked", e);
        }
    }

    private String read(MemorySegment path, MemorySegment info) throws Throwable {
        int descriptor = (int) open.invokeExact(path, O_RDONLY | O_CLOEXEC);
        if (descriptor < 0) {
            return "";
        }
        try {
            int result = (int) ioctl.invokeExact(descriptor, REQUEST, info);
            return result < 0 ? "" : info.getString(LABEL);
        } finally {
            int ignored = (int) close.invokeExact(descriptor);
        }
    }
}
