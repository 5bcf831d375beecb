package io.sluice.gateway.config;

import io.sluice.profiles.Setting;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes settings as the table of a reference page. */
final class ReferenceTable {

    private ReferenceTable() {}

    static String of(List<Setting<?>> settings) {
        return settings.stream()
                .map(ReferenceTable::row)
                .collect(Collectors.joining("\n", "| key | expected | default | meaning |\n|---|---|---|---|\n", "\n"));
    }

    private static String row(Setting<?> setting) {
        String meaning =
                setting.available() ? setting.documentation() : "*Not yet available.* " + setting.documentation();
        return "| `" + setting.name() + "` | " + setting.type().expected() + " | " + fallback(setting) + " | " + meaning
                + " |";
    }

    static <T> String fallback(Setting<T> setting) {
        @Nullable T value = setting.fallback();
        if (value == null || value.equals("") || value.equals(Map.of())) {
            return setting.required() ? "required" : "–";
        }
        return "`" + setting.type().written(value) + "`";
    }
}
