package io.sluice.adapter.opcua;

import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Setting;
import io.sluice.profiles.Settings;
import io.sluice.profiles.TagDefinition;
import java.util.List;
import java.util.Optional;

/** Turns a tag that calls a method into a plan, or into problems. */
final class MethodPlanner {

    /** Others may come from the defaults of all tags, and mean nothing here. */
    private static final List<Setting<?>> OF_VALUES =
            List.of(OpcUaSettings.NODE, OpcUaSettings.PATH, OpcUaSettings.INDEX, OpcUaSettings.EVENTS);

    private final AddressParser addresses;
    private final Problems problems;

    MethodPlanner(AddressParser addresses, Problems problems) {
        this.addresses = addresses;
        this.problems = problems;
    }

    static boolean isMethod(TagDefinition tag) {
        return tag.settings().given(OpcUaSettings.METHOD) || tag.settings().given(OpcUaSettings.OBJECT);
    }

    Optional<OpcUaPlan.Method> method(TagDefinition tag) {
        Settings settings = tag.settings();
        Optional<String> method = settings.find(OpcUaSettings.METHOD);
        Optional<String> object = settings.find(OpcUaSettings.OBJECT);
        if (method.isEmpty() || object.isEmpty()) {
            problems.error(
                    settings.mark(method.isPresent() ? OpcUaSettings.METHOD : OpcUaSettings.OBJECT),
                    "tag '" + tag.name() + "' needs both method and object");
            return Optional.empty();
        }
        checkKeys(tag);
        Optional<TagAddress> at = address(method.get(), settings.mark(OpcUaSettings.METHOD));
        Optional<TagAddress> of = address(object.get(), settings.mark(OpcUaSettings.OBJECT));
        return at.flatMap(m -> of.map(o -> new OpcUaPlan.Method(tag.name(), o, m)));
    }

    private void checkKeys(TagDefinition tag) {
        Mark mark = tag.settings().mark(OpcUaSettings.METHOD);
        if (!tag.writable()) {
            problems.error(mark, "tag '" + tag.name() + "' calls a method, which is a write: it needs writable: true");
        }
        if (OF_VALUES.stream().anyMatch(tag.settings()::given)) {
            problems.error(mark, "tag '" + tag.name() + "' calls a method: node, path, index and events are of values");
        }
    }

    private Optional<TagAddress> address(String text, Mark mark) {
        return text.startsWith("/")
                ? addresses.path(text, mark).map(TagAddress.class::cast)
                : addresses.node(text, mark).map(TagAddress.class::cast);
    }
}
