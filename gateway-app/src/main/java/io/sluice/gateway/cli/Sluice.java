package io.sluice.gateway.cli;

import io.sluice.gateway.control.ExitCodes;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: one command class each, found in this package. */
@Command(
        name = "sluice",
        description = "An industrial edge gateway whose receivers can prove that nothing is missing.",
        mixinStandardHelpOptions = true,
        versionProvider = Sluice.VersionText.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            CheckCommand.class,
            BrowseCommand.class,
            TrustCommand.class,
            StatusCommand.class,
            ReadCommand.class,
            WriteCommand.class,
            TailCommand.class,
            VerifyCommand.class,
            QueueCommand.class,
            ScanCommand.class
        })
public final class Sluice {

    private Sluice() {}

    static final class VersionText implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Version.text()};
        }
    }

    /** Runs one command and returns its exit code. */
    public static int run(String... arguments) {
        CommandLine line = new CommandLine(new Sluice());
        line.setExecutionExceptionHandler((bug, command, parsed) -> defect(bug, command.getErr()));
        if (arguments.length == 0) {
            line.usage(line.getErr());
            return ExitCodes.USAGE;
        }
        return line.execute(arguments);
    }

    /** Reports an exception that nobody expected; the exit code. */
    public static int defect(Exception bug, PrintWriter err) {
        err.println("sluice: this is a defect of Sluice, please report it with the lines below: " + bug);
        bug.printStackTrace(err);
        return ExitCodes.SOFTWARE;
    }
}
