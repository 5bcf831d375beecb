package io.sluice.telemetry;

/** The field {@code kind}. */
enum JsonKind {
    BATCH,
    START,
    LOSS,
    CLOCK_STEP,
    EPOCH_END,
    LOSS_RANGE,
    HEARTBEAT,
    BIRTH,
    STATUS,
    UNKNOWN;

    String text() {
        return JsonText.name(this);
    }

    static JsonKind of(Message.Body body) {
        return switch (body) {
            case Message.Batch _ -> BATCH;
            case Message.Start _ -> START;
            case Message.Loss _ -> LOSS;
            case Message.ClockStep _ -> CLOCK_STEP;
            case Message.EpochEnd _ -> EPOCH_END;
            case Message.LossRange _ -> LOSS_RANGE;
            case Message.Heartbeat _ -> HEARTBEAT;
            case Message.Birth _ -> BIRTH;
            case Message.DeviceStatus _ -> STATUS;
            case Message.Unknown _ -> UNKNOWN;
        };
    }
}
