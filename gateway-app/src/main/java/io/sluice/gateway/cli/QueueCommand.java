package io.sluice.gateway.cli;

import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.control.ExitCodes;
import io.sluice.gateway.control.Queue;
import io.sluice.gateway.control.Reply;
import io.sluice.gateway.control.Request;
import io.sluice.outbox.OutboxView;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "queue",
        description = "Shows what waits in the outbox, of a gateway that runs or of the files of one that does not.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "stats|list",
        subcommands = {QueueCommand.Stats.class, QueueCommand.Listing.class})
final class QueueCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "give one of: stats, list");
    }

    private static Function<GatewayConfig, Reply> ofFiles(Function<Queue, String> look) {
        return config -> new Reply(
                ExitCodes.OK,
                "",
                look.apply(new Queue(OutboxView.ofStopped(config.outbox().directory()), Optional.empty())));
    }

    @Command(
            name = "stats",
            description = "Counts what waits, by device, epoch and lane, and says what is held and why.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {
                "0:shown",
                "2:usage",
                "3:not running, and there are no files to look at",
                "69:running, but it does not answer",
                "78:the file is not valid"
            })
    static final class Stats implements Callable<Integer> {

        @Mixin
        private LookingIn lookingIn;

        @Override
        public Integer call() {
            return lookingIn.ask(new Request.QueueStatistics(), ofFiles(queue -> queue.statistics(lookingIn.form())));
        }
    }

    @Command(
            name = "list",
            description =
                    "Lists the messages that wait, oldest first, dead letters with their reason, and losses to be told.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {
                "0:shown",
                "2:usage",
                "3:not running, and there are no files to look at",
                "69:running, but it does not answer",
                "78:the file is not valid"
            })
    static final class Listing implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private LookingIn lookingIn;

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "most messages, up to 10000 (default: ${DEFAULT-VALUE})")
        private int limit = 100;

        @Override
        public Integer call() {
            if (limit < 1 || limit > Request.QueueList.MOST) {
                throw new ParameterException(
                        spec.commandLine(), "bad --limit " + limit + ", expected 1 to " + Request.QueueList.MOST);
            }
            return lookingIn.ask(new Request.QueueList(limit), ofFiles(queue -> queue.list(limit, lookingIn.form())));
        }
    }
}
