package io.sluice.outbox;

import java.util.EnumMap;
import java.util.Map;

/**
 * What a drop of stored messages left behind, until a broker has it.
 *
 * @param first first number, in {@code firstEpoch}
 * @param last last number, in {@code lastEpoch}; between them there may be numbers that were not lost
 * @param version goes up with every change, so that an acknowledgement of an older version removes nothing
 */
record LossRange(
        long id,
        String device,
        RunEpoch firstEpoch,
        long first,
        RunEpoch lastEpoch,
        long last,
        Map<LossReason, Outgoing.Count> counts,
        long version) {

    private static final int VERSION_BITS = 20;
    private static final long VERSION_MASK = (1L << VERSION_BITS) - 1;

    LossRange {
        counts = Map.copyOf(counts);
    }

    /** The position under which this version goes out: negative, the id above the lowest 20 bits of the version. */
    long position() {
        return -(id << VERSION_BITS | version & VERSION_MASK);
    }

    static long idOf(long position) {
        return -position >>> VERSION_BITS;
    }

    /** Whether the position names this version. */
    boolean isAt(long position) {
        return position() == position;
    }

    /** Whether numbers of the device's epoch may lie in it. */
    boolean touches(RunEpoch epoch) {
        return firstEpoch.compareTo(epoch) <= 0 && epoch.compareTo(lastEpoch) <= 0;
    }

    /** The lowest number of an epoch that it touches. */
    long lowestIn(RunEpoch epoch) {
        return epoch.equals(firstEpoch) ? first : 1;
    }

    /**
     * Whether a range that begins later lies in this one or goes on where this one ends. A range whose messages nobody could
     * count takes in nothing, since the sum would look like a count.
     */
    boolean takes(LossRange later) {
        boolean reaches =
                compareEnd(this, later) >= 0 || (lastEpoch.equals(later.firstEpoch) && last + 1 >= later.first);
        return device.equals(later.device) && reaches && isCounted() && later.isCounted();
    }

    private boolean isCounted() {
        return counts.values().stream().anyMatch(count -> count.messages() > 0);
    }

    /**
     * One range from the begin of the earlier to the end of the later, under this one's id; if the messages of one of them
     * were not counted, those of the sum are not.
     */
    LossRange mergedWith(LossRange other) {
        boolean begins = compareBegin(this, other) <= 0;
        boolean ends = compareEnd(this, other) >= 0;
        LossRange low = begins ? this : other;
        LossRange high = ends ? this : other;
        return new LossRange(
                id,
                device,
                low.firstEpoch,
                low.first,
                high.lastEpoch,
                high.last,
                isCounted() && other.isCounted() ? sum(counts, other.counts) : uncounted(sum(counts, other.counts)),
                Math.max(version, other.version) + 1);
    }

    private static Map<LossReason, Outgoing.Count> uncounted(Map<LossReason, Outgoing.Count> sum) {
        Map<LossReason, Outgoing.Count> uncounted = new EnumMap<>(sum);
        uncounted.replaceAll((reason, count) -> new Outgoing.Count(0, count.readings()));
        return uncounted;
    }

    static int compareBegin(LossRange a, LossRange b) {
        int byEpoch = a.firstEpoch.compareTo(b.firstEpoch);
        return byEpoch != 0 ? byEpoch : Long.compare(a.first, b.first);
    }

    private static int compareEnd(LossRange a, LossRange b) {
        int byEpoch = a.lastEpoch.compareTo(b.lastEpoch);
        return byEpoch != 0 ? byEpoch : Long.compare(a.last, b.last);
    }

    private static Map<LossReason, Outgoing.Count> sum(
            Map<LossReason, Outgoing.Count> a, Map<LossReason, Outgoing.Count> b) {
        Map<LossReason, Outgoing.Count> sum = new EnumMap<>(LossReason.class);
        sum.putAll(a);
        b.forEach((reason, count) -> sum.merge(
                reason, count, (x, y) -> new Outgoing.Count(x.messages() + y.messages(), x.readings() + y.readings())));
        return sum;
    }

    Outgoing.Range content() {
        return new Outgoing.Range(firstEpoch, first, lastEpoch, last, counts, version);
    }

    /** The counts as the database keeps them: {@code REASON=messages/readings}, separated by blanks. */
    String countsText() {
        StringBuilder text = new StringBuilder();
        counts.forEach((reason, count) -> text.append(text.isEmpty() ? "" : " ")
                .append(reason)
                .append('=')
                .append(count.messages())
                .append('/')
                .append(count.readings()));
        return text.toString();
    }

    /** @throws IllegalArgumentException if the text has another form */
    static Map<LossReason, Outgoing.Count> parseCounts(String text) {
        Map<LossReason, Outgoing.Count> counts = new EnumMap<>(LossReason.class);
        for (String part : text.split(" ", -1)) {
            int equals = part.indexOf('=');
            int slash = part.indexOf('/', equals);
            if (equals < 0 || slash < 0) {
                throw new IllegalArgumentException("not counts by reason: " + text);
            }
            counts.put(
                    LossReason.valueOf(part.substring(0, equals)),
                    new Outgoing.Count(
                            Long.parseLong(part.substring(equals + 1, slash)),
                            Long.parseLong(part.substring(slash + 1))));
        }
        return counts;
    }
}
