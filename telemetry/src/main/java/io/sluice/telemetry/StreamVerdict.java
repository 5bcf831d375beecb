package io.sluice.telemetry;

import java.util.List;
import java.util.Map;

/**
 * What is known of one stream. Every number from {@code first} to {@code last} is either received, pending, missing, lost
 * or unsupported.
 *
 * @param first the baseline: lowest number that is judged; {@code last + 1} if nothing is judged yet
 * @param last highest number known to have been given; 0 if none
 * @param settled below it the gateway waits for nothing more; 0 if it was never said
 * @param ended everything of the epoch is acknowledged, and nothing more will be given
 * @param received seen at least once
 * @param pending not seen, still with the gateway
 * @param missing not seen, and the gateway holds it acknowledged: a defect of the path after the gateway
 * @param missingNumbers the first 100 of them
 * @param duplicates repeats of numbers already seen
 * @param outOfOrder arrivals below an earlier one of the same lane (live or backlog)
 * @param outOfOrderAcrossLanes arrivals below an earlier one of any lane: 0 with {@code replay: in-order}
 * @param lost unseen numbers inside loss ranges
 * @param lostReadings by reason, including what was lost before it had a number, as far as the records say; a reason with 0
 *     is a loss of unknown size
 * @param notJudged messages below the baseline
 * @param unsupported messages of a higher schema than this code's
 */
public record StreamVerdict(
        String gateway,
        String device,
        Epoch epoch,
        long first,
        long last,
        long settled,
        boolean ended,
        long received,
        long pending,
        long missing,
        List<Long> missingNumbers,
        long duplicates,
        long outOfOrder,
        long outOfOrderAcrossLanes,
        long lost,
        Map<Message.LossReason, Long> lostReadings,
        long notJudged,
        long unsupported) {

    public StreamVerdict {
        missingNumbers = List.copyOf(missingNumbers);
        lostReadings = Map.copyOf(lostReadings);
    }

    /** Nothing missing, nothing out of order, nothing lost; there may be more pending. */
    public boolean complete() {
        return missing == 0 && outOfOrder == 0 && lost == 0 && lostReadings.isEmpty();
    }
}
