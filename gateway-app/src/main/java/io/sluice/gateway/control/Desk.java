package io.sluice.gateway.control;

import io.sluice.gateway.runtime.Gateway;
import io.sluice.gateway.runtime.GatewayStatus;
import io.sluice.gateway.southbound.TagAccess;
import io.sluice.outbox.OutboxException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what is asked of a running gateway. Thread-safe. */
public final class Desk implements ControlServer.Handler {

    private static final Logger log = LoggerFactory.getLogger(Desk.class);

    private final Gateway gateway;

    public Desk(Gateway gateway) {
        this.gateway = gateway;
    }

    /** Answers for a gateway that waits for the disk of its outbox: how it does, and nothing else. */
    public static ControlServer.Handler waiting(String gateway, Supplier<GatewayStatus> status) {
        return call -> {
            if (isForAnother(call, gateway)) {
                return forAnother(call, gateway);
            }
            return call.request() instanceof Request.Status
                    ? status(status.get(), call.form())
                    : Reply.error(
                            ExitCodes.UNAVAILABLE,
                            "gateway %s waits until it can open its outbox: sluice status says why".formatted(gateway));
        };
    }

    private static boolean isForAnother(Call call, String gateway) {
        return !call.gateway().isEmpty() && !call.gateway().equals(gateway);
    }

    private static Reply forAnother(Call call, String gateway) {
        return Reply.error(ExitCodes.USAGE, "this is gateway " + gateway + ", not gateway " + call.gateway());
    }

    @Override
    public Reply answer(Call call) throws InterruptedException {
        if (isForAnother(call, gateway.id())) {
            return forAnother(call, gateway.id());
        }
        try {
            return answer(call.request(), call.form());
        } catch (OutboxException e) {
            return Reply.error(ExitCodes.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private Reply answer(Request request, Call.Form form) throws InterruptedException {
        return switch (request) {
            case Request.Status() -> status(gateway.status(), form);
            case Request.QueueStatistics() -> Reply.of(ExitCodes.OK, queue().statistics(form));
            case Request.QueueList(int limit) -> Reply.of(ExitCodes.OK, queue().list(limit, form));
            case Request.Read(String device, Optional<String> tag) -> read(device, tag, form);
            case Request.Write(String device, String tag, String value) -> write(device, tag, value, form);
        };
    }

    private Queue queue() {
        return new Queue(gateway.view(), gateway.forwarding());
    }

    private Reply read(String device, Optional<String> tag, Call.Form form) throws InterruptedException {
        Optional<TagAccess> access = gateway.access(device);
        return access.isPresent() ? Access.read(device, tag, access.get(), form) : noAccess(device);
    }

    private Reply write(String device, String tag, String value, Call.Form form) throws InterruptedException {
        Optional<TagAccess> access = gateway.access(device);
        if (access.isEmpty()) {
            return noAccess(device);
        }
        Reply reply = Access.write(device, tag, value, access.get(), form);
        log.info(
                "{}/{}: '{}' was asked to be written: {}",
                device,
                tag,
                value,
                reply.exit() == 0 ? "written" : reply.error());
        return reply;
    }

    private Reply noAccess(String device) {
        return gateway.devices().contains(device)
                ? Reply.error(
                        ExitCodes.UNAVAILABLE,
                        "devices of the protocol of " + device + " cannot be read or written on request yet")
                : unknownDevice(device, gateway.devices());
    }

    /** There is no such device. */
    public static Reply unknownDevice(String device, List<String> devices) {
        return Reply.error(
                ExitCodes.USAGE,
                "there is no device '%s', the file has %s".formatted(device, String.join(", ", devices)));
    }

    /** A status and its exit code. */
    public static Reply status(GatewayStatus status, Call.Form form) {
        int exit = status.running().isEmpty()
                ? ExitCodes.NOT_RUNNING
                : status.troubles().isEmpty() ? ExitCodes.OK : ExitCodes.INCOMPLETE;
        return Reply.of(
                exit,
                switch (form) {
                    case TEXT -> StatusText.of(status);
                    case JSON -> StatusJson.of(status);
                });
    }
}
