package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Setting;
import io.sluice.profiles.Settings;
import io.sluice.profiles.TagDefinition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MethodPlannerTest {

    private static final String PRESS = "http://vendor.example/press";

    private final Map<String, Settings.Given> written = new HashMap<>();
    private final Problems problems = new Problems();
    private boolean writable = true;

    private <T> MethodPlannerTest write(Setting<T> setting, T value, int column) {
        written.put(setting.name(), new Settings.Given(value, new Mark("press.yaml", 7, column)));
        return this;
    }

    private Optional<OpcUaPlan.Method> plan() {
        Mark mark = new Mark("press.yaml", 7, 3);
        TagDefinition tag = new TagDefinition(
                "start",
                mark,
                "",
                "",
                Optional.of(Duration.ofSeconds(1)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new TreeMap<>(),
                writable,
                Optional.empty(),
                new Settings(mark, written));
        return new MethodPlanner(new AddressParser(Map.of("p", PRESS), problems), problems).method(tag);
    }

    private void onlyProblem(String expected) {
        assertThat(problems.sorted()).singleElement().hasToString(expected);
    }

    @Test
    void takesAMethodAndItsObjectByNodeIdOrPath() {
        write(OpcUaSettings.METHOD, "p:s=Press.Start", 20).write(OpcUaSettings.OBJECT, "/Objects/p:Press", 40);
        OpcUaPlan.Method method = plan().orElseThrow();
        assertThat(method.name()).isEqualTo("start");
        assertThat(method.method()).isEqualTo(new TagAddress.Node(PRESS, new TagAddress.Text("Press.Start")));
        assertThat(method.object()).isInstanceOf(TagAddress.Path.class);
        assertThat(problems.sorted()).isEmpty();
    }

    @Test
    void needsBoth() {
        write(OpcUaSettings.METHOD, "p:s=Press.Start", 20).plan();
        onlyProblem("press.yaml:7:20: error: tag 'start' needs both method and object");
    }

    @Test
    void mustBeWritable() {
        writable = false;
        write(OpcUaSettings.METHOD, "p:s=Press.Start", 20)
                .write(OpcUaSettings.OBJECT, "p:s=Press", 40)
                .plan();
        onlyProblem("press.yaml:7:20: error: tag 'start' calls a method, which is a write: it needs writable: true");
    }

    @Test
    void isNoValueToo() {
        write(OpcUaSettings.METHOD, "p:s=Press.Start", 20)
                .write(OpcUaSettings.OBJECT, "p:s=Press", 40)
                .write(OpcUaSettings.NODE, "p:s=Press.State", 60)
                .plan();
        onlyProblem(
                "press.yaml:7:20: error: tag 'start' calls a method: node, path, index and events are of" + " values");
    }

    @Test
    void namesThePlaceOfABadAddress() {
        write(OpcUaSettings.METHOD, "Press.Start", 20)
                .write(OpcUaSettings.OBJECT, "p:s=Press", 40)
                .plan();
        assertThat(problems.sorted()).singleElement().asString().startsWith("press.yaml:7:20: error: ");
    }
}
