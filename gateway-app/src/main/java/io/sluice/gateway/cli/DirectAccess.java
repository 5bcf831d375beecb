package io.sluice.gateway.cli;

import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.DevicePlan;
import io.sluice.gateway.config.ConfigLoader;
import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.config.Protocols;
import io.sluice.gateway.control.Access;
import io.sluice.gateway.control.Desk;
import io.sluice.gateway.control.ExitCodes;
import io.sluice.gateway.control.Reply;
import io.sluice.gateway.control.Request;
import io.sluice.gateway.runtime.Direct;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Problems;
import io.sluice.profiles.TagDefinition;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code read} and {@code write} where no gateway runs: a connection to that one device, for that one request. */
final class DirectAccess {

    private interface Ask {
        Reply of(Direct direct) throws Direct.Unreachable, InterruptedException;
    }

    private final LookingIn lookingIn;
    private final PrintWriter err;

    DirectAccess(LookingIn lookingIn, PrintWriter err) {
        this.lookingIn = lookingIn;
        this.err = err;
    }

    Reply read(Request.Read request) {
        return with(
                request.device(),
                request.tag(),
                direct -> Access.read(request.device(), request.tag(), direct.access(), lookingIn.form()));
    }

    Reply write(Request.Write request) {
        return with(
                request.device(),
                Optional.of(request.tag()),
                direct -> Access.write(
                        request.device(), request.tag(), request.value(), direct.access(), lookingIn.form()));
    }

    private Reply with(String device, Optional<String> tag, Ask ask) {
        Protocols protocols = Protocols.installed();
        Problems problems = new Problems();
        Optional<GatewayConfig> config = ConfigLoader.load(
                lookingIn.file(), protocols.schemas(), ConfigLoader.Mode.RUN, lookingIn.environment(), problems);
        if (config.isEmpty() || problems.hasErrors()) {
            return told(problems);
        }
        Optional<DeviceDefinition> definition = config.get().devices().stream()
                .filter(d -> d.id().equals(device))
                .findFirst();
        if (definition.isEmpty()) {
            return Desk.unknownDevice(
                    device,
                    config.get().devices().stream().map(DeviceDefinition::id).toList());
        }
        Optional<String> stranger = Owner.refusal(config.get().outbox().directory());
        if (stranger.isPresent()) {
            return new Reply(ExitCodes.UNAVAILABLE, "the gateway does not run, and " + stranger.get(), "");
        }
        AdapterFactory factory = protocols.factory(definition.get().protocol());
        // A tag may rest on others, such as its trigger.
        Optional<? extends DevicePlan> narrow = factory.plan(narrowed(definition.get(), tag), new Problems());
        Optional<? extends DevicePlan> plan = narrow.isPresent() ? narrow : factory.plan(definition.get(), problems);
        return plan.isEmpty()
                ? told(problems)
                : connected(factory, plan.get(), config.get().outbox().directory(), ask);
    }

    private Reply told(Problems problems) {
        problems.sorted().forEach(err::println);
        err.flush();
        return new Reply(ExitCodes.CONFIG, "", "");
    }

    /** The device with the one tag that is asked for, if it has it: nothing else needs to be polled. */
    private static DeviceDefinition narrowed(DeviceDefinition device, Optional<String> tag) {
        List<TagDefinition> wanted = device.tags().stream()
                .filter(t -> tag.filter(t.name()::equals).isPresent())
                .toList();
        return wanted.isEmpty() ? device : device.withTags(wanted);
    }

    private static Reply connected(AdapterFactory factory, DevicePlan plan, Path stateDirectory, Ask ask) {
        try (Direct direct = Direct.connect(factory, plan, stateDirectory)) {
            return ask.of(direct);
        } catch (Direct.Unreachable e) {
            return new Reply(ExitCodes.UNAVAILABLE, String.valueOf(e.getMessage()), "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply(ExitCodes.UNAVAILABLE, "interrupted", "");
        }
    }
}
