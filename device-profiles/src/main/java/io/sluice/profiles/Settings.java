package io.sluice.profiles;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values of declared settings, with the marks of those that were written. Immutable. */
public final class Settings {

    /** A value that somebody wrote, and where. */
    public record Given(Object value, Mark mark) {}

    private final Map<String, Given> given;
    private final Mark owner;

    /**
     * @param owner mark of what contains the settings, for problems about what is not there
     * @param given by the setting's name; values are of the setting's type
     */
    public Settings(Mark owner, Map<String, Given> given) {
        this.owner = owner;
        this.given = Map.copyOf(given);
    }

    /**
     * The settings of a map, checked. Unknown keys, wrong values and missing keys are reported.
     *
     * @param where what messages call the map: {@code unknown key 'unit' in WHERE}
     */
    public static Settings read(Node.Mapping map, List<Setting<?>> known, String where, Problems problems) {
        return Written.of(map, known, where, problems).read(known, problems);
    }

    /**
     * The value given, else the setting's fallback.
     *
     * @throws IllegalStateException if neither is there
     */
    public <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new IllegalStateException(setting.name() + " is not set at " + owner));
    }

    /** The value given, else the setting's fallback, else empty. */
    @SuppressWarnings("unchecked")
    public <T> Optional<T> find(Setting<T> setting) {
        @Nullable Given value = given.get(setting.name());
        return value == null ? Optional.ofNullable(setting.fallback()) : Optional.of((T) value.value());
    }

    /** Whether somebody wrote it. */
    public boolean given(Setting<?> setting) {
        return given.containsKey(setting.name());
    }

    /** Where the value stands, or what contains the settings if nobody wrote it. */
    public Mark mark(Setting<?> setting) {
        @Nullable Given value = given.get(setting.name());
        return value == null ? owner : value.mark();
    }
}
