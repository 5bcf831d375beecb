package io.sluice.gateway.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description = "Runs the gateway in the foreground until SIGTERM or Ctrl-C; what systemd runs.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:stopped",
            "70:a defect of Sluice ended it",
            "73:the outbox cannot be opened, and not because of a disk that may come back",
            "78:the configuration is not valid; every problem was printed"
        })
final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "gateway.yaml")
    private Path file;

    @Override
    public Integer call() throws InterruptedException {
        return new Foreground(file, spec.commandLine().getErr()).run();
    }
}
