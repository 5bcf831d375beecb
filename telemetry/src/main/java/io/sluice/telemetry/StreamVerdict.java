package io.sluice.telemetry;

import java.util.List;
import java.util.Map;

/**
 * What is known of one stream. Counts are of sequence numbers from {@code first} to {@code last}.
 *
 * @param first the baseline: lowest number that is judged
 * @param last highest number known to have been given
 * @param received seen at least once
 * @param pending not seen, still with the gateway
 * @param missing not seen, and the gateway holds it acknowledged: a defect of the path after the gateway
 * @param missingNumbers the first 100 of them
 * @param duplicates repeats of numbers already seen
 * @param outOfOrder arrivals below an earlier one of the same lane (live or backlog)
 * @param lost unseen numbers inside loss ranges
 * @param lostReadings by reason, including what was lost before it had a number, as far as the records say
 * @param notJudged messages below the baseline
 */
public record StreamVerdict(
        String gateway,
        String device,
        Epoch epoch,
        long first,
        long last,
        long received,
        long pending,
        long missing,
        List<Long> missingNumbers,
        long duplicates,
        long outOfOrder,
        long lost,
        Map<Message.LossReason, Long> lostReadings,
        long notJudged) {

    public StreamVerdict {
        missingNumbers = List.copyOf(missingNumbers);
        lostReadings = Map.copyOf(lostReadings);
    }

    /** Nothing missing, nothing out of order, nothing lost; there may be more pending. */
    public boolean complete() {
        return missing == 0 && outOfOrder == 0 && lost == 0 && lostReadings.isEmpty();
    }
}
