package io.sluice.adapter;

import io.sluice.telemetry.Value;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * An optional power of an {@link Adapter}: the methods of {@link DevicePlan#methods} called when somebody asks. Returns at once,
 * on any thread, and its stage completes on a thread of the adapter; trouble in the field is a result, never an exception.
 */
public interface CallsMethods {

    /**
     * Calls one method now, in the order of the calls and writes for a device.
     *
     * @param device id
     * @param method name of one of {@link DevicePlan#methods}
     * @param arguments in their order, fitted by the adapter to what the method takes
     * @return {@link OnRequest.WriteResult.Returned} if the method was carried out
     * @throws IllegalArgumentException if the adapter has no such device or method
     */
    CompletionStage<OnRequest.WriteResult> call(String device, String method, List<Value> arguments);
}
