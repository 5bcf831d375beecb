package io.sluice.gateway.cli;

import io.sluice.gateway.control.ExitCodes;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description = "Validates a gateway file or a device profile without connecting to anything.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:valid", "78:not valid; every problem was printed as FILE:LINE:COLUMN: error: …"})
final class CheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "gateway.yaml or profile.yaml")
    private Path file;

    @Override
    public Integer call() {
        boolean valid = Configured.check(file, spec.commandLine().getErr());
        if (valid) {
            spec.commandLine().getOut().println(file + ": valid");
        }
        return valid ? ExitCodes.OK : ExitCodes.CONFIG;
    }
}
