package io.sluice.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.CallsMethods;
import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.OnRequest;
import io.sluice.adapter.Sample;
import io.sluice.gateway.southbound.TagAccess;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Settings;
import io.sluice.telemetry.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A tag that is a method, through {@code write}. */
class CallTest {

    /** A device with one method and nothing else. */
    private record Plan(DeviceDefinition device) implements DevicePlan {
        @Override
        public List<PlannedTag> tags() {
            return List.of();
        }

        @Override
        public List<String> methods() {
            return List.of("start");
        }
    }

    private static final class Press implements OnRequest, CallsMethods {
        private final List<String> calls = new ArrayList<>();
        private final Value.Structure outputs;

        Press(Value.Structure outputs) {
            this.outputs = outputs;
        }

        @Override
        public CompletionStage<WriteResult> call(String device, String method, List<Value> arguments) {
            calls.add(device + "/" + method + arguments);
            return CompletableFuture.completedStage(new WriteResult.Returned(outputs));
        }

        @Override
        public CompletionStage<List<Sample>> read(String device, List<Integer> tags) {
            throw new AssertionError("nobody reads a method");
        }

        @Override
        public CompletionStage<WriteResult> write(String device, int tag, Value value) {
            throw new AssertionError("nobody writes a method");
        }
    }

    private final Press press = new Press(new Value.Structure(List.of(
            new Value.Structure.Field("accepted", new Value.Bool(true)),
            new Value.Structure.Field("job", new Value.Text("axle")))));

    private static TagAccess access(Press press) {
        Mark mark = new Mark("gateway.yaml", 1, 1);
        DeviceDefinition device = DeviceDefinition.bare("press-2", mark, "opcua", new Settings(mark, Map.of()));
        return new TagAccess(new Plan(device), press, _ -> Optional.empty(), () -> 0);
    }

    private Reply write(String arguments, Call.Form form) throws Exception {
        return Access.write("press-2", "start", arguments, access(press), form);
    }

    @Test
    void isCalledWithItsArgumentsAndPrintsWhatItGivesBack() throws Exception {
        Reply reply = write("[12, \"axle\"]", Call.Form.TEXT);
        assertThat(press.calls)
                .containsExactly("press-2/start[" + new Value.Signed(12) + ", " + new Value.Text("axle") + "]");
        assertThat(reply).isEqualTo(Reply.of(ExitCodes.OK, "press-2/start: called\n  accepted = true\n  job = axle"));
    }

    @Test
    void saysItInJson() throws Exception {
        assertThat(write("[]", Call.Form.JSON).answer())
                .isEqualTo("{\"tag\":\"press-2/start\",\"result\":\"called\","
                        + "\"outputs\":{\"accepted\":true,\"job\":\"axle\"}}");
    }

    @Test
    void isNotCalledWithWhatIsNoList() throws Exception {
        Reply reply = write("12", Call.Form.TEXT);
        assertThat(reply.exit()).isEqualTo(ExitCodes.REFUSED);
        assertThat(reply.error())
                .isEqualTo(
                        "press-2/start: refused, nothing was sent: it is a method: write its arguments as a JSON array"
                                + " such as [12, \"axle\"], or []");
        assertThat(press.calls).isEmpty();
    }

    @Test
    void cannotBeRead() throws Exception {
        Reply reply = Access.read("press-2", Optional.of("start"), access(press), Call.Form.TEXT);
        assertThat(reply.exit()).isEqualTo(ExitCodes.USAGE);
        assertThat(reply.error()).startsWith("press-2/start is a method: ");
    }
}
