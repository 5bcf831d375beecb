package io.sluice.gateway.cli;

import io.sluice.gateway.control.Desk;
import io.sluice.gateway.control.Request;
import io.sluice.gateway.runtime.GatewayStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "status",
        description =
                "Says how a gateway does: devices, broker, outbox, balance, clock. Of one that does not run: what its"
                        + " files say.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:running, and all is well",
            "1:running, and something is wrong: the lines with TROUBLE say what",
            "2:usage",
            "3:not running",
            "69:running, but it does not answer",
            "78:the file is not valid"
        })
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private LookingIn lookingIn;

    @Override
    public Integer call() {
        return lookingIn.ask(
                new Request.Status(),
                config -> Desk.status(GatewayStatus.stopped(config.id(), config.outbox()), lookingIn.form()));
    }
}
