package io.sluice.gateway.cli;

import io.sluice.gateway.control.ExitCodes;
import io.sluice.gateway.receiver.Lines;
import io.sluice.gateway.receiver.Receiver;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.StreamVerdict;
import io.sluice.telemetry.TagTables;
import io.sluice.telemetry.Verifier;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        description =
                "Listens until Ctrl-C or --duration, then says of every stream whether anything is missing, doubled, out of order or lost.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:complete so far",
            "1:something is missing, out of order or lost",
            "2:usage, or nothing was received",
            "69:the broker cannot be reached",
            "78:the file is not valid"
        })
final class VerifyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private Source source;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        return Listening.listen(source, "verify", new Notes(err), err, this::verdict);
    }

    private int verdict(Receiver receiver) {
        List<StreamVerdict> streams = receiver.verifier().verdict().stream()
                .filter(v -> source.device().filter(d -> !d.equals(v.device())).isEmpty())
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        Lines.of(streams).forEach(out::println);
        out.flush();
        if (streams.isEmpty()) {
            Listening.note(
                    spec.commandLine().getErr(),
                    "nothing was received: is the gateway running, and does it publish under these topics?");
            return ExitCodes.USAGE;
        }
        return streams.stream().allMatch(StreamVerdict::complete) ? ExitCodes.OK : ExitCodes.INCOMPLETE;
    }

    private record Notes(PrintWriter err) implements Receiver.Display {

        @Override
        public void message(Message message, TagTables tags, Verifier.Arrival arrival) {}

        @Override
        public void note(String text) {
            Listening.note(err, text);
        }
    }
}
