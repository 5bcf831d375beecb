package io.sluice.gateway.cli;

import io.sluice.gateway.control.Request;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "read",
        description =
                "Reads a tag, or all tags of a device, from the device now: through the running gateway, or where none"
                        + " runs over a connection to that device alone.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:read",
            "1:at least one tag has bad quality",
            "2:usage, or there is no such device or tag",
            "69:the device, or a gateway that runs, does not answer",
            "78:the file is not valid"
        })
final class ReadCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private LookingIn lookingIn;

    @Parameters(index = "1", paramLabel = "DEVICE[/TAG]")
    private String selection;

    @Override
    public Integer call() {
        String[] parts = selection.split("/", 2);
        Request.Read request = new Request.Read(parts[0], parts.length == 2 ? Optional.of(parts[1]) : Optional.empty());
        DirectAccess direct = new DirectAccess(lookingIn, spec.commandLine().getErr());
        return lookingIn.ask(request, config -> direct.read(request));
    }
}
