package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.Sample;
import io.sluice.adapter.opcua.TagAddress.Step;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternsTest {

    private static final Mark MARK = new Mark("press.yaml", 4, 12);

    @TempDir
    Path state;

    private final Problems problems = new Problems();

    private TagAddress.Pattern pattern(String text) {
        return new AddressParser(Map.of("t", MiloServer.NAMESPACE), problems)
                .pattern(text, MARK)
                .orElseThrow(() -> new AssertionError(problems.sorted()));
    }

    private static MiloServer server() throws Exception {
        return MiloServer.start()
                .addBelow("Line/Zone1/Temp", NodeIds.Int32, Variant.ofInt32(1))
                .addBelow("Line/Zone2/Temp", NodeIds.Int32, Variant.ofInt32(2))
                .addBelow("Line/Zone2/Pressure", NodeIds.Int32, Variant.ofInt32(3))
                .addBelow("Line/Speed", NodeIds.Int32, Variant.ofInt32(4));
    }

    private static Value signed(int value) {
        return new Value.Signed(value);
    }

    @ParameterizedTest
    @CsvSource({
        "/Objects/t:Test/t:Line/*/t:Temp, 'all.Zone1.Temp, all.Zone2.Temp'",
        "/Objects/t:Test/t:Line/t:Zone*/*, 'all.Zone1.Temp, all.Zone2.Pressure, all.Zone2.Temp'",
        "/Objects/t:Test/t:Line/*, all.Speed",
        "/Objects/t:Test/**/t:*re, all.Line.Zone2.Pressure",
        "/Objects/t:Test/**, 'all.Line.Speed, all.Line.Zone1.Temp, all.Line.Zone2.Pressure, all.Line.Zone2.Temp'",
        "/Objects/t:Test/t:Line/**/t:Speed, all.Speed",
    })
    void everyVariableThatFitsBecomesATagWithANameMadeOfItsPath(String path, String names) throws Exception {
        List<String> expected = List.of(names.split(", "));
        try (MiloServer server = server();
                Bench bench = new Bench(Bench.following(server.endpoint(), "all", pattern(path), 10), state)) {
            await().until(() -> bench.sink.samples.size() >= expected.size());
            assertThat(bench.sink.names.values()).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(bench.sink.samples)
                    .hasSize(expected.size())
                    .allSatisfy(sample -> assertThat(sample.value()).isNotNull());
            assertThat(bench.bugs).isEmpty();
        }
    }

    @Test
    void aPatternThatFindsNothingHasNoTags() throws Exception {
        TagAddress.Pattern nothing = pattern("/Objects/t:Nowhere/*");
        try (MiloServer server = server();
                Bench bench = new Bench(
                        Bench.following(server.endpoint(), "all", nothing, 10, Bench.node("Line/Speed")), state)) {
            await().until(() -> signed(4).equals(bench.sink.lastValue(0)));
            assertThat(bench.sink.names).isEmpty();
            assertThat(bench.sink.samples).allMatch(sample -> sample.tag() == 0);
        }
    }

    @Test
    void whatIsAddedIsFoundByTheNextSessionAndNothingElseMoves() throws Exception {
        TagAddress.Pattern temps = pattern("/Objects/t:Test/t:Line/*/t:Temp");
        try (MiloServer server = server();
                Bench bench = new Bench(Bench.following(server.endpoint(), "all", temps, 10), state)) {
            await().until(() -> signed(2).equals(bench.sink.lastValue("all.Zone2.Temp")));
            Map<Integer, String> before = Map.copyOf(bench.sink.names);
            server.addBelow("Line/Zone0/Temp", NodeIds.Int32, Variant.ofInt32(9));
            server.endSessions();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> signed(9).equals(bench.sink.lastValue("all.Zone0.Temp")));
            assertThat(bench.sink.names).containsAllEntriesOf(before).hasSize(3);
            assertThat(bench.sink.sources.values()).contains("nsu=urn:sluice:test;s=Line/Zone0/Temp");
        }
    }

    @Test
    void aServerThatAllowsLittleInOneCallIsWalkedToo() throws Exception {
        int tags = 5_000;
        try (NodeOpcua server = NodeOpcua.start(state, "limits=announced");
                Bench bench = new Bench(
                        Bench.following(server.endpoint(), "all", pattern("/Objects/t:Test/t:T*"), tags),
                        state,
                        Timings.DEFAULT)) {
            // A tag may be told twice before another one has come.
            await().atMost(Duration.ofSeconds(60)).until(() -> tagsOf(bench) == tags);
            assertThat(bench.sink.names).hasSize(tags);
            assertThat(bench.sink.lastValue("all.T4711")).isEqualTo(signed(4711));
        }
    }

    private static long tagsOf(Bench bench) {
        return bench.sink.samples.stream().map(Sample::tag).distinct().count();
    }

    private static final boolean WHOLE = false;
    private static final boolean TROUBLED = true;

    private OpcUaPlan plan(int limit, OpcUaPlan.Item... addressed) {
        return Bench.following("opc.tcp://nowhere", "all", pattern("/Objects/**"), limit, addressed);
    }

    private static List<String> follow(Followed followed, OpcUaPlan plan, boolean troubled, String... paths) {
        List<PatternWalker.Match> matches = Stream.of(paths)
                .map(path -> new PatternWalker.Match(
                        new NodeId(1, path),
                        Stream.of(path.split("/"))
                                .map(name -> new Step("urn:a", name))
                                .toList()))
                .sorted(PatternWalker.BY_PATH)
                .toList();
        return followed.follow(plan.templates().getFirst(), new PatternWalker.Found(matches, false, troubled)).stream()
                .map(tag -> tag.tag() + " " + tag.name() + (tag.node().isPresent() ? "" : " gone"))
                .toList();
    }

    @Test
    void aPathKeepsItsPlaceAlsoWhileItIsGone() {
        OpcUaPlan plan = plan(10);
        Followed followed = new Followed(plan);
        assertThat(follow(followed, plan, WHOLE, "b", "c")).containsExactly("0 all.b", "1 all.c");
        assertThat(follow(followed, plan, WHOLE, "a", "c")).containsExactly("0 all.b gone", "1 all.c", "2 all.a");
        assertThat(followed.tagsByName()).isEqualTo(Map.of("all.b", 0, "all.c", 1, "all.a", 2));
        assertThat(follow(followed, plan, WHOLE, "a", "b", "c")).containsExactly("0 all.b", "1 all.c", "2 all.a");
    }

    @Test
    void whatAWalkThatTheServerDidNotLetEndDoesNotFindIsNotGone() {
        OpcUaPlan plan = plan(10);
        Followed followed = new Followed(plan);
        assertThat(follow(followed, plan, WHOLE, "b", "c")).containsExactly("0 all.b", "1 all.c");
        assertThat(follow(followed, plan, TROUBLED, "a")).containsExactly("0 all.b", "1 all.c", "2 all.a");
        assertThat(followed.node(0)).contains(new NodeId(1, "b"));
        followed.begin();
        assertThat(follow(followed, plan, TROUBLED, "a")).containsExactly("0 all.b gone", "1 all.c gone", "2 all.a");
    }

    @Test
    void beyondTheLimitTheFirstByPathAreTaken() {
        OpcUaPlan plan = plan(2);
        Followed followed = new Followed(plan);
        assertThat(follow(followed, plan, WHOLE, "c", "b", "a")).containsExactly("0 all.a", "1 all.b");
        assertThat(follow(followed, plan, WHOLE, "c")).containsExactly("0 all.a gone", "1 all.b gone");
    }

    @Test
    void aNameThatIsTakenLeavesTheVariableOut() {
        OpcUaPlan plan = plan(10);
        assertThat(follow(new Followed(plan), plan, WHOLE, "x y", "x_y", "x/y"))
                .containsExactly("0 all.x.y", "1 all.x_y");
        OpcUaPlan taken = plan(10, Bench.node("all.b"));
        assertThat(follow(new Followed(taken), taken, WHOLE, "a", "b")).containsExactly("1 all.a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/**/t:Temp", "/*", "/Objects//*", "Objects/*", "/Objects/x:*"})
    void refusesWhatIsNoPattern(String path) {
        assertThat(new AddressParser(Map.of("t", MiloServer.NAMESPACE), problems).pattern(path, MARK))
                .isEmpty();
        assertThat(problems.sorted()).isNotEmpty();
    }

    @Test
    void aStarThatIsEscapedIsAName() {
        assertThat(AddressParser.isPattern("/Objects/t:a&*")).isFalse();
        assertThat(AddressParser.isPattern("/Objects/t:a*")).isTrue();
        TagAddress.PatternStep step =
                Objects.requireNonNull(pattern("/Objects/t:a&*b*").rest().getFirst());
        assertThat("a*bc").matches(step.regex());
        assertThat("axbc").doesNotMatch(step.regex());
    }
}
