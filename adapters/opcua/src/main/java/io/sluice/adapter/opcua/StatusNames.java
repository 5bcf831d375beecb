package io.sluice.adapter.opcua;

import org.eclipse.milo.opcua.stack.core.StatusCodes;

/** Names of StatusCodes as the standard writes them (Part 6 Annex A.2). */
final class StatusNames {

    private StatusNames() {}

    static String of(long code) {
        return StatusCodes.lookup(code).map(names -> names[0]).orElseGet(() -> "0x%08X".formatted(code));
    }
}
