package io.sluice.benchmarks.codec;

import io.sluice.telemetry.BatchBuilder;
import io.sluice.telemetry.ClockState;
import io.sluice.telemetry.Epoch;
import io.sluice.telemetry.MalformedMessage;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.ProtobufCodec;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;

/** The path of the gateway: a batch builder, a body, and the envelope in front of it. */
final class SluiceSide {
    private final Content content;
    private final Epoch epoch;
    private final BatchBuilder builder;

    SluiceSide(Content content) {
        this.content = content;
        this.epoch = Epoch.parse(content.epoch());
        this.builder = new BatchBuilder(ClockState.UNKNOWN, Message.Origin.LIVE, content.timesNanos()[0]);
    }

    byte[] encode() {
        for (int i = 0; i < content.size(); i++) {
            Value value = new Value.Float32(content.values()[i]);
            builder.add(i + 1, ValueType.FLOAT32, value, Status.GOOD, content.timesNanos()[i]);
        }
        return ProtobufCodec.envelope(
                content.gateway(),
                content.device(),
                epoch,
                content.sequence(),
                content.sequence() - 9,
                Message.Lane.LIVE,
                builder.encode());
    }

    long decode(byte[] bytes) {
        try {
            Message message = ProtobufCodec.decode(bytes);
            return message.body() instanceof Message.Batch batch
                    ? batch.readings().size()
                    : 0;
        } catch (MalformedMessage e) {
            throw new IllegalStateException(e);
        }
    }
}
