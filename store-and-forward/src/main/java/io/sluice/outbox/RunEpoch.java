package io.sluice.outbox;

/**
 * One run of the process.
 *
 * @param order unsigned 32 bits: max(wall-clock seconds, previous order + 1)
 * @param random 64 random bits
 */
public record RunEpoch(int order, long random) implements Comparable<RunEpoch> {

    /**
     * The epoch of its text.
     *
     * @throws IllegalArgumentException if it has another form than {@link #toString} gives
     */
    public static RunEpoch parse(String text) {
        if (!text.matches("[0-9a-f]{8}-[0-9a-f]{16}")) {
            throw new IllegalArgumentException("not an epoch (8 hex digits, a hyphen, 16 hex digits): " + text);
        }
        return new RunEpoch(Integer.parseUnsignedInt(text, 0, 8, 16), Long.parseUnsignedLong(text, 9, 25, 16));
    }

    @Override
    public int compareTo(RunEpoch other) {
        int byOrder = Integer.compareUnsigned(order, other.order);
        return byOrder != 0 ? byOrder : Long.compareUnsigned(random, other.random);
    }

    /** {@code order} as 8 hex digits, a hyphen, {@code random} as 16 hex digits. */
    @Override
    public String toString() {
        return "%08x-%016x".formatted(order, random);
    }
}
