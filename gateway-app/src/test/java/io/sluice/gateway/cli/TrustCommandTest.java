package io.sluice.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.opcua.StoredCertificate;
import io.sluice.adapter.opcua.TrustStore;
import io.sluice.gateway.control.ExitCodes;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrustCommandTest {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path file;
    private Path state;
    private TrustStore store;

    @BeforeEach
    void writeFile() throws Exception {
        state = directory.resolve("state");
        file = Files.writeString(directory.resolve("gateway.yaml"), """
                schema: 1
                gateway: { id: plant-7 }
                northbound: { cloud: { brokers: [ "mqtt://127.0.0.1:1883" ] } }
                outbox: { directory: state }
                devices:
                  - id: press-2
                    protocol: opcua
                    connection: { endpoint: "opc.tcp://127.0.0.1:4840" }
                    tags: { state: { node: i=2259 } }
                """);
        store = new TrustStore(state);
    }

    private int run(Object... arguments) {
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        return new CommandLine(new TrustCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(texts);
    }

    /** A certificate stands where the gateway puts that of a server which it does not trust. */
    private StoredCertificate rejected() throws Exception {
        StoredCertificate made = store.renew();
        Path folder = Files.createDirectories(state.resolve("opcua/rejected"));
        Files.move(made.file(), folder.resolve(made.sha1() + ".der"));
        return store.rejected().getFirst();
    }

    @Test
    void showsWhatPeopleCompareAndTrustsByThumbprint() throws Exception {
        StoredCertificate server = rejected();
        assertThat(run(file)).isEqualTo(ExitCodes.OK);
        assertThat(out.toString())
                .contains("rejected  " + server.subject())
                .contains("SHA-1        " + server.sha1())
                .contains("SHA-256      " + server.sha256())
                .contains("from " + server.from() + " until " + server.until())
                .contains("application  urn:");
        assertThat(run(file, server.sha1().substring(0, 12))).isEqualTo(ExitCodes.OK);
        assertThat(store.rejected()).isEmpty();
        assertThat(store.trusted())
                .singleElement()
                .extracting(StoredCertificate::certificate)
                .isEqualTo(server.certificate());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void worksOnADirectoryWithoutAGateway() throws Exception {
        StoredCertificate server = rejected();
        assertThat(run("--state", state, server.sha256())).isEqualTo(ExitCodes.OK);
        assertThat(store.trusted()).hasSize(1);
    }

    @Test
    void saysThatNothingWasRejected() {
        assertThat(run(file)).isEqualTo(ExitCodes.OK);
        assertThat(out.toString()).startsWith("no server was rejected");
        assertThat(run(file, "0123456789ab")).isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString()).contains("no certificate with thumbprint '0123456789ab' was rejected");
    }

    @Test
    void renewsTheGatewaysOwn() throws Exception {
        StoredCertificate before = store.renew();
        assertThat(run(file, "--renew")).isEqualTo(ExitCodes.OK);
        StoredCertificate own = store.own().orElseThrow();
        assertThat(own.sha1()).isNotEqualTo(before.sha1());
        assertThat(out.toString()).startsWith("own ").contains(own.sha1()).contains("every server must trust it");
    }

    @Test
    void refusesWhatIsTooMuchOrTooLittle() throws Exception {
        assertThat(run()).isEqualTo(ExitCodes.USAGE);
        assertThat(run(file, "0123456789ab", "--renew")).isEqualTo(ExitCodes.USAGE);
        assertThat(run("--state", state, "0123456789ab", "more")).isEqualTo(ExitCodes.USAGE);
        Path wrong = Files.writeString(directory.resolve("wrong.yaml"), "schema: 2\n");
        assertThat(run(wrong)).isEqualTo(ExitCodes.CONFIG);
        assertThat(err.toString()).contains("wrong.yaml:1:9: error: ");
    }

    @Test
    void saysAsWhomToAskWhereTheFilesBelongToAnother() {
        assertThat(Owner.refusal(state, "sluice"))
                .isEqualTo(
                        "its files in " + state + " belong to user sluice: ask as that user (sudo -u sluice sluice …)");
        assertThat(Owner.refusal(state)).isEmpty();
    }
}
