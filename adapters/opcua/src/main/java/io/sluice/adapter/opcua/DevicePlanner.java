package io.sluice.adapter.opcua;

import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Setting;
import io.sluice.profiles.Settings;
import io.sluice.profiles.TagDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a device's definition into a plan, or into problems. */
final class DevicePlanner {

    private final DeviceDefinition device;
    private final Problems problems;
    private final AddressParser addresses;
    private final ItemPlanner planner;

    DevicePlanner(DeviceDefinition device, Problems problems) {
        this.device = device;
        this.problems = problems;
        this.addresses = new AddressParser(
                device.settings().find(OpcUaSettings.NAMESPACES).orElse(Map.of()), problems);
        this.planner = new ItemPlanner(device, addresses, problems);
    }

    /** Empty if there was an error. */
    Optional<OpcUaPlan> plan() {
        int before = problems.errors();
        Settings connection = device.connection();
        Optional<String> endpoint = endpoint(connection);
        Optional<Identity> identity = new IdentityPlanner(connection, problems).identity();
        warnOfSecurity(connection, identity);
        Optional<OpcUaPlan.ReverseConnect> reverse = reverse(connection);
        List<OpcUaPlan.Item> items = new ArrayList<>();
        planner.addressed().forEach(tag -> planner.item(tag).ifPresent(items::add));
        List<OpcUaPlan.Template> templates = new ArrayList<>();
        List<OpcUaPlan.Method> calls = new ArrayList<>();
        MethodPlanner methods = new MethodPlanner(addresses, problems);
        for (TagDefinition tag : device.tags()) {
            if (MethodPlanner.isMethod(tag)) {
                methods.method(tag).ifPresent(calls::add);
            } else if (ItemPlanner.isTemplate(tag)) {
                template(tag, items.size()).ifPresent(template -> {
                    templates.add(template);
                    items.addAll(Collections.nCopies(
                            template.limit(), planner.item(tag, template.pattern(), template.source())));
                });
            } else {
                refuse(tag, OpcUaSettings.LIMIT);
                refuse(tag, OpcUaSettings.FOLLOW);
            }
        }
        if (endpoint.isEmpty() || problems.errors() > before) {
            return Optional.empty();
        }
        return Optional.of(new OpcUaPlan(
                device,
                new OpcUaPlan.Connection(
                        endpoint.get(),
                        connection.get(OpcUaSettings.SECURITY),
                        identity,
                        connection.get(OpcUaSettings.ACCEPT_EXPIRED),
                        connection.get(OpcUaSettings.TIMEOUT),
                        reverse),
                device.settings().get(OpcUaSettings.PUBLISHING),
                items,
                calls,
                templates));
    }

    private void refuse(TagDefinition tag, Setting<?> ofPatterns) {
        if (tag.settings().given(ofPatterns)) {
            problems.error(tag.settings().mark(ofPatterns), ofPatterns.name() + " without a path that has * or **");
        }
    }

    private Optional<OpcUaPlan.Template> template(TagDefinition tag, int firstPlace) {
        Settings settings = tag.settings();
        String path = settings.find(OpcUaSettings.PATH).orElseThrow();
        Mark mark = settings.mark(OpcUaSettings.PATH);
        if (settings.given(OpcUaSettings.NODE)
                || settings.given(OpcUaSettings.EVENTS)
                || settings.given(OpcUaSettings.TRIGGERED_BY)) {
            problems.error(
                    mark,
                    "tag '" + tag.name() + "' stands for many variables: it can have neither node, events nor"
                            + " triggered-by");
        }
        if (planner.isTooShort(tag)) {
            return Optional.empty();
        }
        return addresses
                .pattern(path, mark)
                .map(pattern -> new OpcUaPlan.Template(
                        tag.name(),
                        pattern,
                        path,
                        settings.get(OpcUaSettings.LIMIT),
                        settings.get(OpcUaSettings.FOLLOW),
                        firstPlace));
    }

    private Optional<String> endpoint(Settings connection) {
        Optional<String> endpoint = connection.find(OpcUaSettings.ENDPOINT_URL);
        if (endpoint.isEmpty()) {
            problems.error(
                    connection.mark(OpcUaSettings.ENDPOINT_URL),
                    "endpoint is missing, expected endpoint: \"opc.tcp://HOST:4840\"");
        }
        return endpoint;
    }

    private Optional<OpcUaPlan.ReverseConnect> reverse(Settings connection) {
        Optional<String> serverUri = connection.find(OpcUaSettings.SERVER_URI);
        if (serverUri.isPresent() && !connection.given(OpcUaSettings.LISTEN)) {
            problems.error(
                    connection.mark(OpcUaSettings.SERVER_URI),
                    "reverse-connect.server-uri without reverse-connect.listen, expected listen: \"HOST:PORT\" too");
        }
        return connection.find(OpcUaSettings.LISTEN).map(listen -> new OpcUaPlan.ReverseConnect(listen, serverUri));
    }

    private void warnOfSecurity(Settings connection, Optional<Identity> identity) {
        Security security = connection.get(OpcUaSettings.SECURITY);
        if (security.policy().withdrawn()) {
            problems.warning(
                    connection.mark(OpcUaSettings.SECURITY),
                    security.policy().written() + " rests on SHA-1 and is withdrawn: use Basic256Sha256 or newer if the"
                            + " server can");
        }
        if (security.equals(Security.NONE)) {
            identity.ifPresent(user -> warnOfNoSecurity(connection, user));
        }
    }

    private void warnOfNoSecurity(Settings connection, Identity identity) {
        switch (identity) {
            case Identity.UserName _ ->
                problems.warning(
                        connection.mark(OpcUaSettings.USERNAME),
                        "a user name with security None: values are readable on the network, and so is the password if"
                                + " the server does not ask for its encryption");
            case Identity.Certificate _ ->
                problems.warning(
                        connection.mark(OpcUaSettings.CERTIFICATE),
                        "a user's certificate with security None: values are readable on the network, and whoever stands"
                                + " in between can change them");
        }
    }
}
