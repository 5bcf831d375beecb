package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.CodeSpace;
import io.sluice.telemetry.Status.Quality;
import io.sluice.telemetry.Value;
import java.util.Arrays;
import java.util.List;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.junit.jupiter.api.Test;

/** Fields as few servers send them. */
class EventStreamTest {

    private final EventStream stream = new EventStream(1, new NamespaceTable("urn:server", "urn:press"));

    /** An event with these fields alone. */
    private Sample take(Object... fieldsAndValues) {
        Variant[] fields = new Variant[EventFields.values().length];
        Arrays.fill(fields, Variant.NULL_VALUE);
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            fields[((EventFields) fieldsAndValues[i]).ordinal()] = new Variant(fieldsAndValues[i + 1]);
        }
        return ((EventStream.Taken.Reading) stream.take(0, fields)).sample();
    }

    private static Value.Structure.Field field(String name, Value value) {
        return new Value.Structure.Field(name, value);
    }

    @Test
    void aFieldThatTheServerDoesNotTellIsLeftOutAndMakesTheReadingUncertain() {
        Sample sample = take(
                EventFields.CONDITION, "Level", EventFields.ACTIVE, new StatusCode(StatusCodes.Bad_UserAccessDenied));
        assertThat(sample.value()).isEqualTo(new Value.Structure(List.of(field("condition", new Value.Text("Level")))));
        assertThat(sample.status())
                .isEqualTo(new Status(Quality.UNCERTAIN, CodeSpace.OPCUA, (int) StatusCodes.Bad_UserAccessDenied));
    }

    @Test
    void theStateThatADisabledConditionDoesNotHaveIsNothingUncertain() {
        Sample sample = take(
                EventFields.ENABLED, false,
                EventFields.ACTIVE, new StatusCode(StatusCodes.Bad_ConditionDisabled),
                EventFields.ACKNOWLEDGED, new StatusCode(StatusCodes.Bad_ConditionDisabled));
        assertThat(sample.value()).isEqualTo(new Value.Structure(List.of(field("enabled", new Value.Bool(false)))));
        assertThat(sample.status()).isEqualTo(Status.GOOD);
    }

    @Test
    void theStateOfABranchIsItsOwn() {
        NodeId condition = new NodeId(2, "Level");
        Sample branch = take(
                EventFields.EVENT_ID,
                ByteString.of(new byte[] {1}),
                EventFields.CONDITION_ID,
                condition,
                EventFields.BRANCH_ID,
                new NodeId(2, "before"),
                EventFields.ACKNOWLEDGED,
                false);
        assertThat(branch.value())
                .isEqualTo(new Value.Structure(List.of(
                        field("event-id", new Value.Bytes(new byte[] {1})),
                        field("condition-id", new Value.Text("nsu=urn:press;s=Level")),
                        field("branch-id", new Value.Text("nsu=urn:press;s=before")),
                        field("acknowledged", new Value.Bool(false)))));
        Sample now = take(
                EventFields.EVENT_ID,
                ByteString.of(new byte[] {2}),
                EventFields.CONDITION_ID,
                condition,
                EventFields.BRANCH_ID,
                NodeId.NULL_VALUE,
                EventFields.ACKNOWLEDGED,
                true);
        assertThat(((Value.Structure) java.util.Objects.requireNonNull(now.value())).fields())
                .extracting(Value.Structure.Field::name)
                .doesNotContain("branch-id");
    }
}
