package io.sluice.gateway.config;

import io.sluice.gateway.config.Northbound.Format;
import io.sluice.profiles.Node;
import io.sluice.profiles.Problems;
import io.sluice.profiles.SettingType;
import org.jspecify.annotations.Nullable;

/** The choice of formats, one of which is known but not built. */
record FormatType() implements SettingType<Format> {

    private static final SettingType<Format> BUILT = SettingType.choice(Format.class);

    @Override
    public String expected() {
        return BUILT.expected();
    }

    @Override
    public @Nullable Format parse(String name, Node node, Problems problems) {
        if (node instanceof Node.Scalar scalar && scalar.text().equals("sparkplug-b")) {
            problems.error(node.mark(), "format 'sparkplug-b' is known, but not yet available");
            return null;
        }
        return BUILT.parse(name, node, problems);
    }

    @Override
    public String written(Format value) {
        return BUILT.written(value);
    }
}
