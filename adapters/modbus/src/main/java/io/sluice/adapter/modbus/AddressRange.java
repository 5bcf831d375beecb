package io.sluice.adapter.modbus;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses of one table.
 *
 * @param first zero-based
 * @param last inclusive
 */
record AddressRange(Table table, int first, int last) {

    private static final Pattern NOTATION = Pattern.compile("([a-z]+) (\\w+)(?:-(\\w+))?");

    AddressRange {
        if (first > last) {
            throw new IllegalArgumentException("ends before it begins: " + first + " to " + last);
        }
    }

    /** As users write it: {@code holding 100-119}, {@code input 0x200}; empty if it is no such thing. */
    static Optional<AddressRange> parse(String text) {
        Matcher words = NOTATION.matcher(text);
        if (!words.matches()) {
            return Optional.empty();
        }
        Optional<Table> table = Table.DATA_MODEL.stream()
                .filter(each -> each.key().equals(words.group(1)))
                .findFirst();
        Optional<PduAddress> first = PduAddress.parse(words.group(2));
        Optional<PduAddress> last = words.group(3) == null ? first : PduAddress.parse(words.group(3));
        return table.isPresent()
                        && first.isPresent()
                        && last.isPresent()
                        && first.get().value() <= last.get().value()
                ? Optional.of(new AddressRange(
                        table.get(), first.get().value(), last.get().value()))
                : Optional.empty();
    }

    boolean touches(Table other, int from, int to) {
        return table == other && from <= to && first <= to && last >= from;
    }

    @Override
    public String toString() {
        return table.key() + " " + first + (first == last ? "" : "-" + last);
    }
}
