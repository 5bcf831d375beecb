package io.sluice.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.gateway.control.ExitCodes;
import io.sluice.gateway.demo.PressServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BrowseCommandTest {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void showsTheTreeWithValuesAndDraftsAProfileThatCheckAccepts() throws Exception {
        String profile = directory.resolve("press-4000.yaml").toString();
        try (PressServer press = PressServer.start()) {
            int code = run(
                    new BrowseCommand(),
                    "opc.tcp://127.0.0.1:" + press.port(),
                    "--values",
                    "--state",
                    directory.toString(),
                    "--profile",
                    profile);
            assertThat(err.toString()).isEmpty();
            assertThat(code).isEqualTo(ExitCodes.OK);
        }
        assertThat(out.toString().lines())
                .startsWith("Press/")
                .anyMatch(line -> line.startsWith("  Force = ") && line.contains(" kN  nsu=" + PressServer.NAMESPACE))
                .anyMatch(line -> line.matches("  State = \\d (idle|running)  nsu=.*;s=Press.State"))
                .anyMatch(line -> line.startsWith("    Level = "));
        assertThat(run(new CheckCommand(), profile)).isEqualTo(ExitCodes.OK);
        assertThat(run(new BrowseCommand(), "opc.tcp://127.0.0.1:1", "--profile", profile))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString()).contains("exists, write to another file");
    }

    @Test
    void showsOnlyWhatTheFilterTakes() throws Exception {
        try (PressServer press = PressServer.start()) {
            assertThat(run(
                            new BrowseCommand(),
                            "opc.tcp://127.0.0.1:" + press.port(),
                            "--filter",
                            "**/Hydraulics/*",
                            "--state",
                            directory.toString()))
                    .isEqualTo(ExitCodes.OK);
        }
        assertThat(out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("/Objects/Press/Hydraulics/Level  nsu=" + PressServer.NAMESPACE
                                        + ";s=Press.Hydraulics.Level"),
                        line -> assertThat(line).startsWith("1 of "));
    }

    @Test
    void aServerUriNeedsAnAddressToWaitAt() {
        assertThat(run(new BrowseCommand(), "opc.tcp://127.0.0.1:1", "--server-uri", "urn:press-3:server"))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString()).contains("--server-uri without --reverse-connect");
    }

    @Test
    void aCertificateOfTheUserNeedsItsKeyAndNoNameBesides() {
        String endpoint = "opc.tcp://127.0.0.1:1";
        assertThat(run(new BrowseCommand(), endpoint, "--certificate", "user.pem"))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString()).contains("--certificate and --key belong together");
        assertThat(run(
                        new BrowseCommand(),
                        endpoint,
                        "--certificate",
                        "user.pem",
                        "--key",
                        "user.key",
                        "--username",
                        "sluice"))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString()).contains("only one can count");
        assertThat(run(
                        new BrowseCommand(),
                        endpoint,
                        "--certificate",
                        "user.pem",
                        "--key",
                        directory.resolve("none").toString(),
                        "--key-password-file",
                        directory.resolve("nowhere").toString()))
                .isEqualTo(ExitCodes.UNAVAILABLE);
        assertThat(err.toString()).contains("there is no file " + directory.resolve("nowhere"));
    }

    @Test
    void saysWhenNobodyAnswers() {
        assertThat(run(new BrowseCommand(), "opc.tcp://127.0.0.1:1", "--state", directory.toString()))
                .isEqualTo(ExitCodes.UNAVAILABLE);
        assertThat(err.toString()).contains("no answer from opc.tcp://127.0.0.1:1 (connection refused)");
    }
}
