package io.sluice.profiles;

/**
 * How a setting's YAML becomes a value. Implementations are constants or made by the factories of this interface
 * (text, whole numbers with a range, decimal, boolean, duration, size, choice, map of text, list).
 */
public interface SettingType<T> {

    /** What is expected, for error messages and reference pages: {@code "a duration such as 500ms, 2s or 1h"}. */
    String expected();

    /**
     * The value, or {@code null} after a problem was reported with the node's mark.
     */
    @org.jspecify.annotations.Nullable
    T parse(Node node, Problems problems);
}
