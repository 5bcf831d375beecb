package io.sluice.gateway.cli;

import io.sluice.gateway.control.Request;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "write",
        description =
                "Writes a tag that is 'writable', within its range and step, now: through the running gateway, or where"
                        + " none runs over a connection to that device alone.",
        footer =
                "%nThe value is in engineering units, or one of the tag's names (open, closed). Write a negative one after"
                        + " --: sluice write gateway.yaml -- DEVICE/TAG -5. A tag that is a method takes its arguments as a"
                        + " JSON array: '[12, \"axle\"]', and what it gives back is printed.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:written: the device has confirmed it",
            "1:the device answered with an error",
            "2:usage, or there is no such device or tag",
            "65:the value may not be written; nothing was sent",
            "69:the device, or a gateway that runs, does not answer; nothing was sent",
            "75:it was sent and no answer came: it may or may not have taken effect",
            "78:the file is not valid"
        })
final class WriteCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private LookingIn lookingIn;

    @Parameters(index = "1", paramLabel = "DEVICE/TAG")
    private String selection;

    @Parameters(index = "2", paramLabel = "VALUE")
    private String value;

    @Override
    public Integer call() {
        String[] parts = selection.split("/", 2);
        if (parts.length != 2) {
            throw new ParameterException(spec.commandLine(), "'" + selection + "' names no tag, expected DEVICE/TAG");
        }
        Request.Write request = new Request.Write(parts[0], parts[1], value);
        DirectAccess direct = new DirectAccess(lookingIn, spec.commandLine().getErr());
        return lookingIn.ask(request, config -> direct.write(request));
    }
}
