package io.sluice.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ProfileLibraryTest {

    static final List<String> NAMES = ProfileLibrary.NAMES;

    @Test
    void listsExactlyTheFilesThatAreThere() throws Exception {
        Path directory = Path.of(
                ProfileLibrary.class.getResource("library/eastron-sdm630.yaml").toURI());
        try (Stream<Path> files = Files.list(directory.resolveSibling("."))) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(NAMES);
        }
        assertThat(NAMES).isSorted();
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void everyProfileIsNamedAsItsFileAndWithoutProblem(String name) {
        Problems problems = new Problems();
        Substitution substitution = new Substitution(Map.of(), true);
        Node.Mapping root = YamlReader.read(name, ProfileLibrary.text(name), substitution, problems)
                .orElseThrow();

        new ProfileLoader(MeterSchema.ALL, substitution, problems).check(root);

        assertThat(problems.sorted()).isEmpty();
        assertThat(root.find("profile"))
                .get()
                .isInstanceOfSatisfying(
                        Node.Scalar.class, scalar -> assertThat(scalar.text()).isEqualTo(name));
    }

    @Test
    void refusesAnUnknownName() {
        assertThatThrownBy(() -> ProfileLibrary.text("nope")).isInstanceOf(IllegalArgumentException.class);
    }
}
