package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Setting;
import io.sluice.profiles.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityPlannerTest {

    private static final Mark OWNER = new Mark("gateway.yaml", 10, 5);

    @TempDir
    Path directory;

    private final Map<String, Settings.Given> written = new HashMap<>();
    private final Problems problems = new Problems();

    private <T> IdentityPlannerTest write(Setting<T> setting, T value, int line) {
        written.put(setting.name(), new Settings.Given(value, new Mark("gateway.yaml", line, 20)));
        return this;
    }

    private Optional<Identity> plan() {
        return new IdentityPlanner(new Settings(OWNER, written), problems).identity();
    }

    private void onlyProblem(String expected) {
        assertThat(problems.sorted()).singleElement().hasToString(expected);
    }

    @Test
    void isAnonymousWhereNothingIsWritten() {
        assertThat(plan()).isEmpty();
        assertThat(problems.sorted()).isEmpty();
    }

    @Test
    void takesACertificateWithItsKey() throws Exception {
        UserFiles user = UserFiles.make(directory);
        write(OpcUaSettings.CERTIFICATE, user.certificate, 11).write(OpcUaSettings.KEY, user.key, 12);
        assertThat(plan()).contains(user.identity());
        assertThat(problems.sorted()).isEmpty();
    }

    @Test
    void namesThePlaceOfAFileThatIsNotThere() throws Exception {
        UserFiles user = UserFiles.make(directory);
        Path nowhere = directory.resolve("nowhere.key");
        write(OpcUaSettings.CERTIFICATE, user.certificate, 11).write(OpcUaSettings.KEY, nowhere, 12);
        plan();
        onlyProblem("gateway.yaml:12:20: error: cannot read key '" + nowhere + "': there is no such file");
    }

    @Test
    void leavesACredentialToSystemd() throws Exception {
        UserFiles user = UserFiles.make(directory);
        write(OpcUaSettings.CERTIFICATE, user.certificate, 11)
                .write(OpcUaSettings.KEY, Path.of("${credential:press-2.key}"), 12);
        assertThat(plan()).isPresent();
        assertThat(problems.sorted()).isEmpty();
    }

    @Test
    void wantsTheKeyWithTheCertificate() {
        write(OpcUaSettings.CERTIFICATE, Path.of("user.pem"), 11).plan();
        onlyProblem("gateway.yaml:11:20: error: identity.certificate and identity.key belong together, one of them is"
                + " missing");
    }

    @Test
    void wantsAKeyForItsPassword() {
        write(OpcUaSettings.KEY_PASSWORD, "secret", 13).plan();
        onlyProblem("gateway.yaml:13:20: error: identity.certificate and identity.key belong together, both are"
                + " missing");
    }

    @Test
    void refusesAUserNameBesideACertificate() throws Exception {
        UserFiles user = UserFiles.make(directory);
        write(OpcUaSettings.USERNAME, "sluice", 10)
                .write(OpcUaSettings.CERTIFICATE, user.certificate, 11)
                .write(OpcUaSettings.KEY, user.key, 12)
                .plan();
        onlyProblem("gateway.yaml:11:20: error: identity has a user name and a certificate, only one can count");
    }
}
