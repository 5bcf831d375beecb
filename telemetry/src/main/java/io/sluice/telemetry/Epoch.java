package io.sluice.telemetry;

/**
 * One run of a gateway process.
 *
 * @param order unsigned 32 bits: max(wall-clock seconds, previous order + 1)
 * @param random 64 random bits
 */
public record Epoch(int order, long random) implements Comparable<Epoch> {

    @Override
    public int compareTo(Epoch other) {
        int byOrder = Integer.compareUnsigned(order, other.order);
        return byOrder != 0 ? byOrder : Long.compareUnsigned(random, other.random);
    }

    /** {@code order} as 8 hex digits, a hyphen, {@code random} as 16 hex digits. */
    @Override
    public String toString() {
        return "%08x-%016x".formatted(order, random);
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static Epoch parse(String text) {
        if (text.length() != 25 || text.charAt(8) != '-') {
            throw new IllegalArgumentException("not an epoch (8 hex digits, '-', 16 hex digits): " + text);
        }
        return new Epoch(Integer.parseUnsignedInt(text, 0, 8, 16), Long.parseUnsignedLong(text, 9, 25, 16));
    }
}
