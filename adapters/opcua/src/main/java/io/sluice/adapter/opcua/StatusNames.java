package io.sluice.adapter.opcua;

import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.StatusCodes;

/** Names of StatusCodes as the standard writes them (Part 6 Annex A.2). */
public final class StatusNames {

    /** The rest says something of the value, whatever the code (Part 4 §7.39). */
    private static final long WITHOUT_INFO_BITS = 0xFFFF_0000L;

    private StatusNames() {}

    /** Without its info bits, which say nothing of the reason. */
    static String of(long code) {
        return StatusCodes.lookup(code & WITHOUT_INFO_BITS)
                .map(names -> names[0])
                .orElseGet(() -> "0x%08X".formatted(code));
    }

    /**
     * The name of a code, whatever its info bits; empty for plain good, and for what the standard does not name.
     *
     * @param code all 32 bits
     */
    public static Optional<String> find(int code) {
        long bare = code & WITHOUT_INFO_BITS;
        return bare == 0 ? Optional.empty() : StatusCodes.lookup(bare).map(names -> names[0]);
    }
}
