package io.sluice.telemetry;

import io.sluice.telemetry.Message.Lane;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Verifier.Arrival;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a receiver has seen of one stream: the facts, from which the verdict is computed when it is asked for. */
final class StreamRecord {

    /** Runs of received numbers that are kept; about 1 MiB. */
    static final int MAX_RUNS = 65_536;

    /** No baseline yet: nothing is judged. */
    private static final long NOT_YET = Long.MAX_VALUE;

    final Epoch epoch;

    private final NumberSet seen = new NumberSet();
    private final NumberSet unsupported = new NumberSet();

    /** First number that the messages themselves allow to judge. */
    private long baseline = NOT_YET;

    private long last;
    private long settled;
    private boolean known;
    private boolean ended;
    private long duplicates;
    private long outOfOrder;
    private long outOfOrderAcrossLanes;
    private long greatestLive;
    private long greatestBacklog;
    private long givenUp;
    private final Map<LossReason, Long> lostJudged = new EnumMap<>(LossReason.class);
    private final Map<LossReason, Long> lostBefore = new EnumMap<>(LossReason.class);

    StreamRecord(Epoch epoch) {
        this.epoch = epoch;
    }

    /**
     * @param fromOne the receiver was there before the epoch began
     */
    long first(boolean fromOne) {
        return fromOne ? 1 : baseline;
    }

    /** Whether there is anything to say of the stream. */
    boolean shows(boolean fromOne) {
        return known || (fromOne && last > 0);
    }

    boolean ended() {
        return ended;
    }

    long settled() {
        return settled;
    }

    /** The highest number known to have been given. */
    long last() {
        return last;
    }

    long duplicates() {
        return duplicates;
    }

    long outOfOrder() {
        return outOfOrder;
    }

    long outOfOrderAcrossLanes() {
        return outOfOrderAcrossLanes;
    }

    /** Unseen numbers that were given up because there were too many gaps. */
    long givenUp() {
        return givenUp;
    }

    long received(long first) {
        return seen.count(first, last) - givenUp;
    }

    long receivedBefore(long first) {
        return seen.count(1, Math.min(last, first - 1));
    }

    long unsupported(long first) {
        return unsupported.count(first, last);
    }

    /** Neither seen nor of a schema that is not judged. */
    List<NumberSet.Run> unseen(long first, long to) {
        return Runs.without(seen.gaps(first, to), unsupported);
    }

    Map<LossReason, Long> lostReadings(boolean fromOne) {
        Map<LossReason, Long> lost = new EnumMap<>(LossReason.class);
        lost.putAll(lostJudged);
        if (fromOne || baseline == 1) {
            lostBefore.forEach((reason, readings) -> lost.merge(reason, readings, Long::sum));
        }
        return lost;
    }

    // ---- what messages say

    void settled(long number) {
        settled = Math.max(settled, number);
        given(number - 1);
    }

    /** A number up to this one has been given. */
    void given(long number) {
        last = Math.max(last, number);
    }

    void end(long number) {
        given(number);
        settled(number + 1);
        ended = true;
    }

    void heartbeat(Message.Heartbeat heartbeat) {
        known = true;
        given(heartbeat.last());
        if (heartbeat.opening()) {
            baseline = 1;
        } else if (baseline == NOT_YET) {
            baseline = heartbeat.last() + 1;
        }
    }

    void lossRange() {
        known = true;
    }

    void arrivedUnsupported(long number) {
        known = true;
        if (!seen.contains(number)) {
            unsupported.add(number);
            given(number);
        }
    }

    Arrival arrived(long number, Lane lane, boolean fromOne) {
        known = true;
        if (seen.contains(number)) {
            duplicates++;
            return Arrival.DUPLICATE;
        }
        if (lane == Lane.LIVE && baseline == NOT_YET) {
            baseline = number;
        }
        boolean judged = number >= first(fromOne);
        boolean inOrder = judge(number, lane, judged);
        seen.add(number);
        given(number);
        limitRuns(first(fromOne));
        if (!judged) {
            return Arrival.NOT_JUDGED;
        }
        return inOrder ? Arrival.NEW : Arrival.OUT_OF_ORDER;
    }

    private boolean judge(long number, Lane lane, boolean judged) {
        boolean inLane = advance(number, lane);
        if (judged && !inLane) {
            outOfOrder++;
        }
        if (judged && number < seen.greatest()) {
            outOfOrderAcrossLanes++;
        }
        return inLane;
    }

    /** Whether the number goes on in its lane; a lane that promises no order always does. */
    private boolean advance(long number, Lane lane) {
        long before = switch (lane) {
            case LIVE -> greatestLive;
            case BACKLOG -> greatestBacklog;
            case RETRY, UNSPECIFIED -> 0;
        };
        switch (lane) {
            case LIVE -> greatestLive = Math.max(greatestLive, number);
            case BACKLOG -> greatestBacklog = Math.max(greatestBacklog, number);
            case RETRY, UNSPECIFIED -> {}
        }
        return number > before;
    }

    private void limitRuns(long first) {
        if (seen.runs() > MAX_RUNS) {
            NumberSet.Run gap = seen.fillLowestGap();
            if (first != NOT_YET) {
                givenUp += Math.max(0, gap.last() - Math.max(first, gap.first()) + 1);
            }
        }
    }

    void lost(List<Message.LossCount> counts, boolean judged) {
        Map<LossReason, Long> lost = judged ? lostJudged : lostBefore;
        counts.forEach(count -> lost.merge(count.reason(), count.readings(), Long::sum));
    }
}
