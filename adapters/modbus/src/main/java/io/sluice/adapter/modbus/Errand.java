package io.sluice.adapter.modbus;

import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Value;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Something to do for a unit that is not a poll. */
sealed interface Errand {

    /** The unit concerned. */
    PolledDevice device();

    /**
     * @param tags indices of the plan's tags
     */
    record Read(PolledDevice device, List<Integer> tags, CompletableFuture<List<Sample>> result) implements Errand {}

    /**
     * @param tag index of the plan's tags
     */
    record Write(PolledDevice device, int tag, Value value, CompletableFuture<WriteResult> result) implements Errand {}
}
