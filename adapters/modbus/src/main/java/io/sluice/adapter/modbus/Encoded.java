package io.sluice.adapter.modbus;

/** What has to be written so that a tag has a value. */
sealed interface Encoded {

    /**
     * All registers of the tag.
     *
     * @param registers two bytes to each
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one write, never compared
    record Whole(byte[] registers) implements Encoded {}

    /**
     * Some bits of a register whose others belong to something else.
     *
     * @param bits 0 outside the mask
     */
    record Part(int mask, int bits) implements Encoded {}

    record Coil(boolean on) implements Encoded {}
}
