package io.sluice.adapter.gpio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySampleOfTheReadmeLoads() throws Exception {
        List<String> samples = YAML.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();

        assertThat(samples)
                .isNotEmpty()
                .allSatisfy(sample -> assertThat(Yaml.file(sample).plans()).isNotEmpty());
    }
}
