package io.sluice.profiles;

import org.jspecify.annotations.Nullable;

/**
 * One setting as data: it drives parsing, nearest names, and reference pages.
 *
 * @param name as users write it; a dot stands for nesting: {@code request.max-gap} is {@code request: { max-gap: 10 }}
 * @param fallback the value where none is given; {@code null} if there is none
 * @param required whether leaving it out is a problem
 * @param available {@code false}: the key is known, its function not yet built; using it is an error that says so
 * @param documentation one sentence for the reference page
 */
public record Setting<T>(
        String name,
        SettingType<T> type,
        @Nullable T fallback,
        boolean required,
        boolean available,
        String documentation) {

    public static <T> Setting<T> required(String name, SettingType<T> type, String documentation) {
        return new Setting<>(name, type, null, true, true, documentation);
    }

    public static <T> Setting<T> optional(String name, SettingType<T> type, String documentation) {
        return new Setting<>(name, type, null, false, true, documentation);
    }

    public static <T> Setting<T> of(String name, SettingType<T> type, T fallback, String documentation) {
        return new Setting<>(name, type, fallback, false, true, documentation);
    }

    public static <T> Setting<T> notYet(String name, SettingType<T> type, String documentation) {
        return new Setting<>(name, type, null, false, false, documentation);
    }
}
