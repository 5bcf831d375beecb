package io.sluice.adapter.modbus;

import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Setting;
import io.sluice.profiles.Settings;
import io.sluice.profiles.TagDefinition;
import java.util.Optional;

/** What is written of one tag, and what is wrong with it. Confined to one thread. */
final class TagKeys {

    private final TagDefinition tag;
    private final Settings settings;
    private final Problems problems;
    private int errors;

    TagKeys(TagDefinition tag, Problems problems) {
        this.tag = tag;
        this.settings = tag.settings();
        this.problems = problems;
    }

    String name() {
        return tag.name();
    }

    <T> T get(Setting<T> setting) {
        return settings.get(setting);
    }

    <T> Optional<T> find(Setting<T> setting) {
        return settings.find(setting);
    }

    boolean given(Setting<?> setting) {
        return settings.given(setting);
    }

    /** Whether the tag itself says it, not the defaults that stand before it. */
    boolean writtenHere(Setting<?> setting) {
        Mark mark = settings.mark(setting);
        Mark begin = tag.mark();
        return settings.given(setting)
                && mark.file().equals(begin.file())
                && (mark.line() > begin.line() || (mark.line() == begin.line() && mark.column() >= begin.column()));
    }

    /** A problem of the tag as a whole. */
    void error(String message) {
        errors++;
        problems.error(tag.mark(), message);
    }

    void error(Setting<?> setting, String message) {
        errors++;
        problems.error(settings.mark(setting), message);
    }

    void warning(Setting<?> setting, String message) {
        problems.warning(settings.mark(setting), message);
    }

    boolean anyError() {
        return errors > 0;
    }
}
