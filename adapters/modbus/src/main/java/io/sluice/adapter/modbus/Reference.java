package io.sluice.adapter.modbus;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The notation of manuals that says table and address in one, counted from 1: {@code 30001} and {@code 300001} are the
 * first input register.
 *
 * @param address zero-based
 */
record Reference(Table table, int address) {

    private static final Pattern NOTATION = Pattern.compile("[0134](\\d{4}|\\d{5})");

    static Optional<Reference> parse(String text) {
        if (!NOTATION.matcher(text).matches()) {
            return Optional.empty();
        }
        int number = Integer.parseInt(text.substring(1));
        return number < 1 || number > 65_536 ? Optional.empty() : Optional.of(new Reference(table(text), number - 1));
    }

    private static Table table(String text) {
        return switch (text.charAt(0)) {
            case '0' -> Table.COIL;
            case '1' -> Table.DISCRETE;
            case '3' -> Table.INPUT;
            case '4' -> Table.HOLDING;
            default -> throw new IllegalArgumentException("no table begins with " + text.charAt(0));
        };
    }

    /**
     * What a zero-based address would mean if it were this notation; empty if it does not look like it.
     *
     * @param address zero-based, as written
     */
    static Optional<Reference> mistakenFor(int address) {
        return address > 9_999 ? parse(Integer.toString(address)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "address " + address + " of the " + table.plural();
    }
}
