package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.DeviceLoader;
import io.sluice.profiles.Node;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Substitution;
import io.sluice.profiles.YamlReader;
import io.sluice.telemetry.TagDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows loads as it stands. */
final class SampleTest {

    private static final String PRESS = "http://vendor.example/press";

    @TempDir
    Path directory;

    @Test
    void theReadmeShowsTheSampleFiles() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(readme).contains("```yaml\n" + sample("sample-profile.yaml") + "```");
        assertThat(readme).contains("```yaml\n" + sample("sample-devices.yaml") + "```");
    }

    @Test
    void theReadmeNamesEverySetting() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        for (var settings : List.of(
                OpcUaSettings.SCHEMA.connection(), OpcUaSettings.SCHEMA.profile(), OpcUaSettings.SCHEMA.tag())) {
            assertThat(settings).allSatisfy(setting -> assertThat(readme).contains("`" + setting.name() + "`"));
        }
    }

    @Test
    void theSampleIsWithoutProblem() throws IOException {
        Files.writeString(directory.resolve("press-4000.yaml"), sample("sample-profile.yaml"));
        Files.writeString(directory.resolve("press-2"), "secret\n");

        Problems problems = new Problems();
        List<OpcUaPlan> plans = plans(sample("sample-devices.yaml"), problems);

        assertThat(problems.sorted()).isEmpty();
        assertThat(plans).hasSize(3);
        OpcUaPlan plain = plans.getFirst();
        assertThat(plain.connection().security()).isEqualTo(Security.NONE);
        assertThat(plain.connection().identity()).isEmpty();
        assertThat(plain.publishing()).isEqualTo(Duration.ofMillis(500));
        assertThat(plain.tags())
                .hasSize(9 + 50)
                .filteredOn(tag -> tag.kind() == TagDescriptor.Kind.VALUE)
                .hasSize(8 + 50)
                .allSatisfy(tag -> assertThat(tag.type()).isNull());
        assertThat(plain.items().get(2))
                .isEqualTo(
                        ItemBuilder.of("zone-temps", new TagAddress.Node(PRESS, new TagAddress.Text("Press.ZoneTemps")))
                                .source("p:s=Press.ZoneTemps")
                                .indexRange("0:7")
                                .sampling(Duration.ofMillis(250))
                                .queue(20)
                                .item());
        assertThat(plain.items().get(6).poll()).contains(Duration.ofSeconds(30));
        OpcUaPlan.Item alarms = plain.items().get(8);
        assertThat(alarms.queue()).isEqualTo(20);
        assertThat(alarms.events())
                .contains(new OpcUaPlan.EventSelection(
                        Optional.of(new TagAddress.Node(TagAddress.STANDARD_NAMESPACE, new TagAddress.Numeric(2782))),
                        400));
        assertThat(plain.methods()).containsExactly("start");
        OpcUaPlan secure = plans.get(1);
        assertThat(secure.connection().security().written()).isEqualTo("Basic256Sha256/SignAndEncrypt");
        assertThat(secure.connection().identity())
                .hasValueSatisfying(user -> assertThat(user)
                        .isInstanceOfSatisfying(
                                Identity.UserName.class,
                                name -> assertThat(name.username()).isEqualTo("sluice")));
        assertThat(secure.connection().timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(plans)
                .extracting(plan -> plan.connection().reverse())
                .containsExactly(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new OpcUaPlan.ReverseConnect(
                                new ListenAddress("0.0.0.0", 4841), Optional.of("urn:press-3:server"))));
    }

    @Test
    void reportsEveryProblemOfADeviceAtOnce() throws IOException {
        Problems problems = new Problems();
        plans("""
                devices:
                  - id: press-1
                    protocol: opcua
                    namespaces: { p: "http://vendor.example/press" }
                    connection: { endpoint: "opc.tcp://10.0.0.20:4840", security: None, identity: { password: "x" } }
                    tags:
                      by-index: { node: "ns=2;s=A" }
                      both:     { node: "p:s=A", path: "/Objects/p:A" }
                      neither:  { queue: 5 }
                      prefix:   { path: "/Objects/q:A" }
                """, problems);

        assertThat(problems.sorted())
                .extracting(problem -> problem.mark().line() + ": " + problem.message())
                .satisfiesExactly(
                        text -> assertThat(text).isEqualTo("5: identity.password without identity.username"),
                        text -> assertThat(text).startsWith("7: node 'ns=2;s=A' names its namespace by index"),
                        text -> assertThat(text).isEqualTo("8: tag 'both' needs either node or path, not both"),
                        text -> assertThat(text).isEqualTo("9: tag 'neither' needs either node or path"),
                        text -> assertThat(text).startsWith("10: unknown namespace prefix 'q'"));
    }

    @Test
    void saysWhatIsWrongWithReverseConnect() throws IOException {
        Problems problems = new Problems();
        plans("""
                devices:
                  - id: good
                    protocol: opcua
                    connection: { endpoint: "opc.tcp://a", reverse-connect: { listen: "[::]:4841" } }
                    tags: { state: { node: i=2259 } }
                  - id: nowhere
                    protocol: opcua
                    connection: { endpoint: "opc.tcp://b", reverse-connect: { server-uri: "urn:b" } }
                    tags: { state: { node: i=2259 } }
                  - id: portless
                    protocol: opcua
                    connection: { endpoint: "opc.tcp://c", reverse-connect: { listen: "0.0.0.0", server-uri: "urn:c" } }
                    tags: { state: { node: i=2259 } }
                  - id: zero
                    protocol: opcua
                    connection: { endpoint: "opc.tcp://d", reverse-connect: { listen: "0.0.0.0:0", port: 4841 } }
                    tags: { state: { node: i=2259 } }
                """, problems);

        assertThat(problems.sorted())
                .extracting(
                        problem -> problem.mark().line() + ":" + problem.mark().column() + ": " + problem.message())
                .containsExactly(
                        "8:75: reverse-connect.server-uri without reverse-connect.listen, expected listen: \"HOST:PORT\""
                                + " too",
                        "12:71: bad address '0.0.0.0' for reverse-connect.listen, expected HOST:PORT such as"
                                + " \"0.0.0.0:4841\"",
                        "16:71: bad address '0.0.0.0:0' for reverse-connect.listen, expected HOST:PORT such as"
                                + " \"0.0.0.0:4841\"",
                        "16:84: unknown key 'port' in reverse-connect");
    }

    @Test
    void aTagReportsEitherValuesOrEvents() throws IOException {
        Problems problems = new Problems();
        plans("""
                devices:
                  - id: press-1
                    protocol: opcua
                    connection: { endpoint: "opc.tcp://10.0.0.20:4840" }
                    tags:
                      good:     { node: i=2253, events: all }
                      typed:    { node: i=2253, events: i=2130, min-severity: 1000 }
                      unknown:  { node: i=2253, events: alarms }
                      severity: { node: i=2258, min-severity: 5 }
                      polled:   { node: i=2253, events: all, poll: 1s }
                """, problems);

        assertThat(problems.sorted())
                .extracting(problem -> problem.mark().line() + ": " + problem.message())
                .containsExactly(
                        "8: bad events 'alarms', expected all, conditions, or the NodeId of an EventType such as"
                                + " \"p:i=7\"",
                        "9: min-severity without events",
                        "10: tag 'polled' reports events: index, poll, deadband and writable are of values");
    }

    @Test
    void aDeadbandIsLeftToTheServerOnlyWhereItCanBe() throws IOException {
        Problems problems = new Problems();
        List<OpcUaPlan> plans = plans("""
                devices:
                  - id: press-1
                    protocol: opcua
                    connection: { endpoint: "opc.tcp://10.0.0.20:4840" }
                    tags:
                      plain:    { node: i=2258 }
                      banded:   { node: i=2258, deadband: 0.5, scale: -0.1 }
                      percent:  { node: i=2258, deadband: 1%, range: [0, 50], filter: server }
                      kept:     { node: i=2258, deadband: 0.5, filter: gateway }
                      repeated: { node: i=2258, deadband: 0.5, max-interval: 60s }
                      polled:   { node: i=2258, deadband: 0.5, poll: 1s }
                      part:     { node: i=2258, deadband: 0.5, index: "3" }
                      single:   { node: i=2258, deadband: 0.5, queue: 1 }
                      change:   { node: i=2258, deadband: 0 }
                """, problems);

        assertThat(problems.sorted()).isEmpty();
        assertThat(plans.getFirst().items())
                .filteredOn(item -> item.band().isPresent())
                .extracting(OpcUaPlan.Item::name)
                .containsExactly("banded", "percent");
        assertThat(plans.getFirst().items().get(1).band())
                .contains(new SourceBand(
                        new BigDecimal("0.5"),
                        false,
                        new BigDecimal("0.1"),
                        Optional.empty(),
                        Optional.empty(),
                        false));
        assertThat(plans.getFirst().items().get(2).band())
                .contains(new SourceBand(
                        new BigDecimal("1"),
                        true,
                        BigDecimal.ONE,
                        Optional.of(new BigDecimal("0")),
                        Optional.of(new BigDecimal("50")),
                        true));
    }

    @Test
    void aFilterThatCannotBeIsAnError() throws IOException {
        Problems problems = new Problems();
        plans("""
                devices:
                  - id: press-1
                    protocol: opcua
                    connection: { endpoint: "opc.tcp://10.0.0.20:4840" }
                    tags:
                      none:     { node: i=2258, filter: server }
                      repeated: { node: i=2258, deadband: 1, max-interval: 60s, filter: server }
                """, problems);

        assertThat(problems.sorted())
                .extracting(problem -> problem.mark().line() + ": " + problem.message())
                .containsExactly(
                        "6: filter: server of tag 'none' needs a deadband, and a queue of 2 or more without poll,"
                                + " max-interval, index, events and triggered-by",
                        "7: filter: server of tag 'repeated' needs a deadband, and a queue of 2 or more without poll,"
                                + " max-interval, index, events and triggered-by");
    }

    @Test
    void aTagWithAPatternHasAsManyPlacesAsItsLimitBehindTheOthers() throws IOException {
        Problems problems = new Problems();
        OpcUaPlan plan = plans("""
                devices:
                  - id: press-1
                    protocol: opcua
                    connection: { endpoint: "opc.tcp://10.0.0.20:4840" }
                    tags:
                      all:   { path: "/Objects/**", limit: 3, poll: 5s, follow: 10s }
                      plain: { node: i=2258 }
                      later: { node: i=2258, triggered-by: plain }
                """, problems).getFirst();

        assertThat(problems.sorted()).isEmpty();
        assertThat(plan.tags())
                .extracting(tag -> tag.name() + " " + tag.template())
                .containsExactly("plain false", "later false", "all true", "all true", "all true");
        assertThat(plan.items().get(1).trigger()).contains(0);
        assertThat(plan.items().getLast().poll()).contains(Duration.ofSeconds(5));
        assertThat(plan.templates())
                .extracting(OpcUaPlan.Template::firstPlace, OpcUaPlan.Template::limit, OpcUaPlan.Template::follow)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(2, 3, Duration.ofSeconds(10)));
    }

    @Test
    void aTagWithAPatternIsOfValues() throws IOException {
        Problems problems = new Problems();
        plans("""
                devices:
                  - id: press-1
                    protocol: opcua
                    connection: { endpoint: "opc.tcp://10.0.0.20:4840" }
                    tags:
                      events:  { path: "/Objects/**", events: all }
                      set:     { path: "/Objects/**", writable: true }
                      start:   { path: "/**" }
                      limited: { node: i=2258, limit: 5 }
                      follows: { node: i=2258, follow: 5s }
                """, problems);

        assertThat(problems.sorted())
                .extracting(problem -> problem.mark().line() + ": " + problem.message())
                .containsExactly(
                        "6: tag 'events' stands for many variables: it can have neither node, events nor triggered-by",
                        "8: path '/**' begins with a pattern, expected a name such as /Objects first",
                        "9: limit without a path that has * or **",
                        "10: follow without a path that has * or **");
    }

    @Test
    void thePatternsOfAServerAreNotSearchedAllTheTime() throws IOException {
        Problems problems = new Problems();
        plans("""
                devices:
                  - id: press-1
                    protocol: opcua
                    connection: { endpoint: "opc.tcp://10.0.0.20:4840" }
                    tags:
                      often: { path: "/Objects/*", follow: 10ms }
                """, problems);

        assertThat(problems.sorted())
                .extracting(problem -> problem.mark().line() + ": " + problem.message())
                .containsExactly("6: bad duration '10ms' for follow, expected a duration such as 500ms, 2s or 1h,"
                        + " from 1s to 7d");
    }

    @Test
    void aTriggerIsATagThatReportsByItself() throws IOException {
        Problems problems = new Problems();
        plans("""
                devices:
                  - id: press-1
                    protocol: opcua
                    connection: { endpoint: "opc.tcp://10.0.0.20:4840" }
                    tags:
                      cycle:   { node: i=2258 }
                      force:   { node: i=2258, triggered-by: cycle }
                      nobody:  { node: i=2258, triggered-by: cycel }
                      itself:  { node: i=2258, triggered-by: itself }
                      chained: { node: i=2258, triggered-by: force }
                      polled:  { node: i=2258, poll: 1s, triggered-by: cycle }
                      events:  { node: i=2253, events: all }
                      late:    { node: i=2258, triggered-by: events }
                """, problems);

        assertThat(problems.sorted())
                .extracting(problem -> problem.mark().line() + ": " + problem.message())
                .containsExactly(
                        "8: tag 'nobody' is triggered by 'cycel', which is no tag of the device",
                        "9: tag 'itself' cannot trigger itself",
                        "10: tag 'force' cannot trigger 'chained': it is triggered itself",
                        "11: tag 'polled' is triggered by 'cycle': it can have neither poll nor events",
                        "13: tag 'events' cannot trigger 'late': a trigger has neither poll nor events, and is one variable");
    }

    @Test
    void whatATriggerReportsIsTheValueOfNow() throws IOException {
        Problems problems = new Problems();
        OpcUaPlan plan = plans("""
                devices:
                  - id: press-1
                    protocol: opcua
                    connection: { endpoint: "opc.tcp://10.0.0.20:4840" }
                    tags:
                      cycle: { node: i=2258, queue: 20 }
                      force: { node: i=2258, queue: 20, deadband: 5, triggered-by: cycle }
                """, problems).getFirst();

        assertThat(problems.sorted()).isEmpty();
        assertThat(plan.items()).extracting(OpcUaPlan.Item::trigger).containsExactly(Optional.empty(), Optional.of(0));
        assertThat(plan.items()).extracting(OpcUaPlan.Item::queue).containsExactly(20, 1);
        assertThat(plan.items().get(1).band()).isEmpty();
    }

    private List<OpcUaPlan> plans(String gateway, Problems problems) throws IOException {
        Path file = Files.writeString(directory.resolve("gateway.yaml"), gateway);
        Substitution substitution = new Substitution(Map.of("CREDENTIALS_DIRECTORY", directory.toString()), true);
        Node.Mapping root =
                YamlReader.read(file, substitution, problems).orElseThrow(() -> new AssertionError(problems.sorted()));
        List<DeviceDefinition> devices =
                DeviceLoader.load(root, Map.of("opcua", OpcUaSettings.SCHEMA), substitution, problems);
        return devices.stream()
                .flatMap(device -> new DevicePlanner(device, problems).plan().stream())
                .toList();
    }

    private static String sample(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(SampleTest.class.getResourceAsStream("/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
