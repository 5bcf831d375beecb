package io.sluice.gateway.cli;

import io.sluice.gateway.control.ExitCodes;
import io.sluice.gateway.receiver.Lines;
import io.sluice.gateway.receiver.Receiver;
import io.sluice.telemetry.JsonCodec;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.TagTables;
import io.sluice.telemetry.Verifier;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "tail",
        description = "Prints readings as they arrive at the broker, beside a running gateway.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:stopped", "2:usage", "69:the broker cannot be reached", "78:the file is not valid"})
final class TailCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private Source source;

    @Option(names = "--json", description = "one JSON message a line")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        return Listening.listen(
                source, "tail", new Display(out), spec.commandLine().getErr(), receiver -> ExitCodes.OK);
    }

    private final class Display implements Receiver.Display {
        private final PrintWriter out;

        Display(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void message(Message message, TagTables tags, Verifier.Arrival arrival) {
            if (source.device().filter(d -> !d.equals(message.device())).isPresent()) {
                return;
            }
            if (json) {
                out.println(new String(JsonCodec.encode(message, tags.of(message)), StandardCharsets.UTF_8));
            } else {
                Lines.of(message, tags, source.tag().orElse(null)).forEach(out::println);
            }
            out.flush();
        }

        @Override
        public void note(String text) {
            Listening.note(spec.commandLine().getErr(), text);
        }
    }
}
