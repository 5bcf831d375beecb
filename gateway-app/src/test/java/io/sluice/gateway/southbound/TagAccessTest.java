package io.sluice.gateway.southbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.OnRequest;
import io.sluice.adapter.Sample;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Settings;
import io.sluice.profiles.TagDefinition;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class TagAccessTest {

    private static final Mark MARK = new Mark("gateway.yaml", 1, 1);
    private static final Settings NOTHING = new Settings(MARK, Map.of());

    /** A device that only knows itself whether its tag is an array. */
    private record Device(boolean array, List<Value> written) implements OnRequest {

        @Override
        public CompletionStage<List<Sample>> read(String device, List<Integer> tags) {
            return CompletableFuture.completedStage(tags.stream()
                    .map(tag -> new Sample(tag, new Value.Signed(tag), Status.GOOD, 0))
                    .toList());
        }

        @Override
        public CompletionStage<WriteResult> write(String device, int tag, Value value) {
            if (array != value instanceof Value.Elements) {
                return CompletableFuture.completedStage(
                        new WriteResult.Refused(array ? "it is an array" : "it is no array"));
            }
            written.add(value);
            return CompletableFuture.completedStage(new WriteResult.Written());
        }
    }

    private record Plan(DeviceDefinition device, List<PlannedTag> tags) implements DevicePlan {}

    private final List<Value> written = new ArrayList<>();

    private OnRequest.WriteResult write(boolean array, String text) throws Exception {
        return access(array).write("zones", text);
    }

    /** A tag of each kind. */
    private TagAccess access(boolean array) {
        DeviceDefinition device = new DeviceDefinition(
                "press-2",
                MARK,
                "opcua",
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                NOTHING,
                NOTHING,
                Duration.ofSeconds(1),
                List.of(tag("zones"), tag("alarms")));
        Plan plan = new Plan(
                device,
                List.of(
                        new DevicePlan.PlannedTag("alarms", null, "i=2253", TagDescriptor.Kind.EVENT),
                        new DevicePlan.PlannedTag("zones", null, "p:s=Zones")));
        return new TagAccess(plan, new Device(array, written), name -> Optional.empty(), () -> 0);
    }

    private static TagDefinition tag(String name) {
        return new TagDefinition(
                name,
                MARK,
                "",
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new TreeMap<>(),
                true,
                Optional.empty(),
                NOTHING);
    }

    @Test
    void aTagThatReportsEventsHasNothingToBeRead() throws Exception {
        assertThat(access(true).read(Optional.empty()))
                .extracting(reading -> reading.tag().name())
                .containsExactly("zones");
        assertThatThrownBy(() -> access(true).read(Optional.of("alarms")))
                .isInstanceOf(TagAccess.UnknownTag.class)
                .hasMessage("press-2/alarms reports events: it has no value to be read or written,"
                        + " and ./sluice tail shows them");
    }

    @Test
    void anArrayIsWrittenAsPeopleTypeIt() throws Exception {
        assertThat(write(true, "[1, 2.5, \"3\"]")).isEqualTo(new OnRequest.WriteResult.Written());
        assertThat(written)
                .containsExactly(
                        new Value.Elements(List.of(new Value.Text("1"), new Value.Text("2.5"), new Value.Text("3"))));
    }

    @Test
    void aTextThatLooksLikeAnArrayStaysOneWhereTheDeviceHasNone() throws Exception {
        assertThat(write(false, "[1, 2]")).isEqualTo(new OnRequest.WriteResult.Written());
        assertThat(write(false, "[no JSON")).isEqualTo(new OnRequest.WriteResult.Written());
        assertThat(written).containsExactly(new Value.Text("[1, 2]"), new Value.Text("[no JSON"));
    }

    @Test
    void whyItWasRefusedIsSaid() throws Exception {
        assertThat(write(true, "7")).isEqualTo(new OnRequest.WriteResult.Refused("it is an array"));
        assertThat(written).isEmpty();
    }
}
