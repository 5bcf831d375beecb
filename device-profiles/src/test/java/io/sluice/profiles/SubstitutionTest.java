package io.sluice.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubstitutionTest {

    @TempDir
    private Path directory;

    private final Problems problems = new Problems();
    private Mark mark = new Mark("g.yaml", 1, 1);

    @BeforeEach
    void placeTheFile() {
        mark = new Mark(directory.resolve("g.yaml").toString(), 4, 7);
    }

    private Node.Scalar apply(String text, Map<String, String> environment, boolean needed) {
        return new Substitution(environment, needed).apply(new Node.Scalar(text, true, mark), problems);
    }

    @Test
    void takesVariablesInsideATextToo() {
        assertThat(apply("opc.tcp://127.0.0.1:${PORT}/${A}", Map.of("PORT", "4840", "A", "${PORT}"), true)
                        .text())
                .isEqualTo("opc.tcp://127.0.0.1:4840/${PORT}");
    }

    @Test
    void letsAPortNumberBeANumberThoughItsReferenceIsQuoted() {
        Node.Scalar port = apply("${PORT}", Map.of("PORT", "502"), true);

        assertThat(SettingType.integer(1, 65_535).parse("port", port, problems)).isEqualTo(502);
    }

    @Test
    void leavesPlaceholdersOfTheGatewayAndDoubledDollarsAlone() {
        assertThat(apply("sluice/{gateway}/$${x}", Map.of(), true).text()).isEqualTo("sluice/{gateway}/${x}");
    }

    @Test
    void readsAFileWithoutItsLastLineBreakAndKnowsItsPath() throws Exception {
        Files.writeString(directory.resolve("mqtt.password"), "top secret \n");

        Node.Scalar password = apply("${file:mqtt.password}", Map.of(), true);

        assertThat(password.text()).isEqualTo("top secret ");
        assertThat(password.path()).contains(directory.resolve("mqtt.password"));
    }

    @Test
    void takesCredentialsFromTheDirectoryOfSystemd() throws Exception {
        Files.writeString(directory.resolve("press"), "pw");
        Map<String, String> environment = Map.of("CREDENTIALS_DIRECTORY", directory.toString());

        assertThat(apply("${credential:press}", environment, true).text()).isEqualTo("pw");
        assertThat(apply("${credential:../press}", environment, true).missing()).isPresent();
    }

    @Test
    void warnsOfAnUnsetCredentialInCheckAndRefusesItInRun() {
        Node.Scalar checked = apply("${credential:press}", Map.of(), false);
        assertThat(checked.missing()).isEmpty();
        assertThat(problems.sorted()).hasSize(1);
        assertThat(problems.hasErrors()).isFalse();

        SettingType.text().parse("password", apply("${credential:press}", Map.of(), true), problems);
        assertThat(problems.sorted().getLast().toString())
                .isEqualTo(mark + ": error: credential 'press' is not set; systemd gives it with "
                        + "LoadCredential=press:PATH, wanted for password");
    }

    @Test
    void tellsOnceWhatIsMissing() {
        Node.Scalar scalar = apply("${NOT_THERE}", Map.of(), true);
        SettingType.text().parse("host", scalar, problems);
        SettingType.text().parse("host", scalar, problems);

        assertThat(problems.sorted().stream().map(Object::toString))
                .containsExactly(mark + ": error: environment variable NOT_THERE is not set, wanted for host");
    }

    @Test
    void saysHowReferencesLook() {
        assertThat(apply("${a b}", Map.of(), true).missing().orElseThrow())
                .isEqualTo("bad reference '${a b}', expected ${NAME}, ${file:PATH} or ${credential:NAME}");
        assertThat(apply("${file:nope}", Map.of(), true).missing().orElseThrow())
                .contains("there is no such file");
    }
}
