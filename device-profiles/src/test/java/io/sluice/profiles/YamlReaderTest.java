package io.sluice.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {

    private final Problems problems = new Problems();

    private Optional<Node.Mapping> read(String text) {
        return YamlReader.read("g.yaml", text, new Substitution(Map.of(), false), problems);
    }

    private String onlyProblem() {
        assertThat(problems.sorted()).hasSize(1);
        return problems.sorted().getFirst().toString();
    }

    @Test
    void keepsLineAndColumnOfEveryScalarFromOne() {
        Node.Mapping root = read("schema: 1\ngateway: { id: plant-7 }\n").orElseThrow();

        Node.Mapping gateway = (Node.Mapping) root.find("gateway").orElseThrow();
        assertThat(root.find("schema").orElseThrow().mark()).isEqualTo(new Mark("g.yaml", 1, 9));
        assertThat(gateway.mark()).isEqualTo(new Mark("g.yaml", 2, 10));
        assertThat(gateway.entries().getFirst().key().mark()).isEqualTo(new Mark("g.yaml", 2, 12));
        assertThat(gateway.find("id").orElseThrow())
                .isEqualTo(new Node.Scalar("plant-7", false, new Mark("g.yaml", 2, 16)));
    }

    @Test
    void tellsQuotedFromPlain() {
        Node.Mapping root = read("a: \"5\"\nb: '5'\nc: 5\nd: |\n  5\n").orElseThrow();

        assertThat(root.entries().stream().map(entry -> ((Node.Scalar) entry.value()).quoted()))
                .containsExactly(true, true, false, true);
    }

    @Test
    void reportsAKeyThatIsThereTwice() {
        assertThat(read("a: 1\nb: 2\na: 3\n").orElseThrow().entries()).hasSize(2);
        assertThat(onlyProblem()).isEqualTo("g.yaml:3:1: error: key 'a' is there twice, first at g.yaml:1:1");
    }

    @Test
    void followsAnchors() {
        Node.Mapping root = read("a: &x { poll: 1s }\nb: *x\n").orElseThrow();

        assertThat(root.find("b")).isEqualTo(root.find("a"));
    }

    @Test
    void refusesAnAnchorThatContainsItself() {
        read("a: &x [ *x ]\n");

        assertThat(onlyProblem()).contains("the anchor contains itself");
    }

    @Test
    void refusesAFileOfAliasesThatGrowsWithoutBound() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }

        assertThat(read(bomb.toString())).isEmpty();
        assertThat(problems.hasErrors()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "topic: {gateway}/x | 1:8 | quote a value that begins with {: \"{gateway}/x\"",
                "unit: %             | 1:7 | quote a value that begins with %: \"%\"",
                "a: { unit: %, b: 1 } | 1:12 | quote a value that begins with %: \"%\"",
                "a: { port: ${PORT} } | 1:12 | quote a value that contains ${: \"${PORT}\"",
                "a: [ {x}/y ]        | 1:6 | quote a value that begins with {: \"{x}/y\"",
                "unit: @home         | 1:7 | quote a value that begins with @: \"@home\"",
                "path: *abc          | 1:7 | quote a value that begins with *: \"*abc\"",
                "unit: {stroke}/min  | 1:7 | quote a value that begins with {: \"{stroke}/min\"",
            })
    void saysToQuoteWhatYamlTakesForItsOwn(String text, String position, String message) {
        assertThat(read(text + "\nb: 1\n")).isEmpty();
        assertThat(onlyProblem()).isEqualTo("g.yaml:" + position + ": error: " + message);
    }

    @Test
    void saysToIndentWithSpaces() {
        assertThat(read("a:\n\tb: 1\n")).isEmpty();
        assertThat(onlyProblem()).isEqualTo("g.yaml:2:1: error: a tab cannot indent YAML, write spaces");
    }

    @Test
    void saysToQuoteAColonInAValue() {
        assertThat(read("title: Meter: three\n")).isEmpty();
        assertThat(onlyProblem()).startsWith("g.yaml:1:13: error: ").endsWith("quote a value that contains ': '");
    }

    @Test
    void saysToQuoteAnExclamationMark() {
        read("password: !secret\n");

        assertThat(onlyProblem()).startsWith("g.yaml:1:11: error: ").endsWith("quote a value that begins with !");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing\n",
                "- a\n- b\n",
                "text",
                "a: [1, 2",
                "a: \"b",
                "---\na: 1\n---\nb: 2\n",
                "a: b: c: d"
            })
    void reportsWhatIsNoMapWithAPosition(String text) {
        assertThat(read(text)).isEmpty();
        assertThat(onlyProblem()).startsWith("g.yaml:");
    }

    @Test
    void saysThatAFileIsMissingOrNoText(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("g.yaml");
        YamlReader.read(file, new Substitution(Map.of(), false), problems);
        assertThat(onlyProblem()).isEqualTo(file + ":1:1: error: there is no such file");

        Files.write(file, "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        YamlReader.read(file, new Substitution(Map.of(), false), problems);
        assertThat(problems.sorted().getLast().message()).isEqualTo("the file is not UTF-8 text");
    }
}
