package io.sluice.adapter.modbus;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value by SunSpec's own names, as users write it: {@code 103/W}, or {@code 101-103/W} for whichever of these models a
 * device has.
 *
 * @param lastModel inclusive
 * @param point such as {@code W} or {@code TotWhImp}
 */
record SunSpecName(int firstModel, int lastModel, String point) {

    private static final Pattern NOTATION = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?/(\\w+)");

    static Optional<SunSpecName> parse(String text) {
        Matcher words = NOTATION.matcher(text);
        if (!words.matches()) {
            return Optional.empty();
        }
        int first = Integer.parseInt(words.group(1));
        int last = words.group(2) == null ? first : Integer.parseInt(words.group(2));
        return last < first ? Optional.empty() : Optional.of(new SunSpecName(first, last, words.group(3)));
    }

    @Override
    public String toString() {
        return firstModel + (lastModel == firstModel ? "" : "-" + lastModel) + "/" + point;
    }
}
