package io.sluice.profiles;

import io.sluice.profiles.TagDefinition.Deadband;
import io.sluice.profiles.TagDefinition.Range;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The keys of devices, profiles and tags that all protocols share. */
public final class CommonKeys {

    private static final SettingType<Duration> INTERVAL =
            SettingType.duration(Duration.ofMillis(1), Duration.ofDays(1));

    public static final Setting<Integer> SCHEMA = Setting.required(
            "schema",
            SettingType.choice(new TreeMap<>(Map.of("1", 1))),
            "Version of the file's format. There is one: `1`.");

    static final Setting<String> ID =
            Setting.required("id", Id.TYPE, "Name of the device in topics and messages; no two devices share one.");
    static final Setting<String> PROFILE_OF_DEVICE = Setting.optional(
            "profile",
            SettingType.text(),
            "A profile of the library by its name, or a path relative to this file if it contains a slash or ends in "
                    + "`.yaml`. Without it, `protocol` and `tags` stand in the device.");
    static final Setting<String> PROTOCOL = Setting.optional(
            "protocol",
            SettingType.text(),
            "The protocol of the device. A profile says it; then it is not needed here.");
    static final Setting<Map<String, String>> LABELS = Setting.of(
            "labels",
            SettingType.textMap(),
            Map.of(),
            "Names and texts of your own. The topic can use them; a device's label wins over the gateway's.");
    static final Setting<Node.Mapping> CONNECTION = Setting.optional(
            "connection",
            SettingType.mapping(),
            "How to reach the device: keys of the protocol, and `use` for an entry of `connections`.");
    static final Setting<String> USE = Setting.optional(
            "use", SettingType.text(), "Name of an entry of `connections`, whose keys count as if they stood here.");
    static final Setting<Duration> POLL = Setting.of(
            "poll", INTERVAL, Duration.ofSeconds(1), "How often tags are read that do not say it themselves.");
    static final Setting<Node.Mapping> DEFAULTS =
            Setting.optional("defaults", SettingType.mapping(), "Keys that every tag has unless it says otherwise.");
    static final Setting<Node.Mapping> TAGS = Setting.optional(
            "tags",
            SettingType.mapping(),
            "The tags by name. With a profile: keys that differ from it, and further tags.");

    static final Setting<String> PROFILE = Setting.required("profile", Id.TYPE, "Name of the profile.");
    static final Setting<String> PROFILE_PROTOCOL =
            Setting.required("protocol", SettingType.text(), "The protocol of the device.");
    static final Setting<String> TITLE =
            Setting.optional("title", SettingType.text(), "What the device is, for people.");
    static final Setting<Node.Mapping> PROFILE_TAGS =
            Setting.required("tags", SettingType.mapping(), "The tags by name, at least one.");

    static final Setting<String> UNIT = Setting.of(
            "unit", SettingType.text(), "", "Unit of measure, as UCUM writes it: `V`, `kWh`, `Cel`, `\"%\"`.");
    static final Setting<String> DESCRIPTION =
            Setting.of("description", SettingType.text(), "", "What the tag is, for people.");
    static final Setting<Duration> TAG_POLL =
            Setting.optional("poll", INTERVAL, "How often this tag is read. Without it: the device's `poll`.");
    static final Setting<BigDecimal> SCALE = Setting.optional(
            "scale", TagTypes.FACTOR, "Factor, computed in exact decimal: value × `scale` + `offset`.");
    static final Setting<BigDecimal> OFFSET =
            Setting.optional("offset", SettingType.decimal(), "Added after scaling, in engineering units.");
    static final Setting<Deadband> DEADBAND = Setting.optional(
            "deadband",
            TagTypes.DEADBAND,
            "Report only a change by more than this, in engineering units or in percent of the range. Without it, polled "
                    + "tags report every poll and subscribed tags every change.");
    static final Setting<Duration> MAX_INTERVAL =
            Setting.optional("max-interval", INTERVAL, "With a deadband: report at least this often, changed or not.");
    static final Setting<Range> RANGE =
            Setting.optional("range", TagTypes.RANGE, "Lowest and highest value, in engineering units: `[0, 60]`.");
    static final Setting<SortedMap<Long, String>> STATES = Setting.optional(
            "states", SettingType.states(), "Names of the numbers of an enumeration: `{ 0: closed, 1: open }`.");
    static final Setting<Boolean> WRITABLE = Setting.of(
            "writable", SettingType.bool(), false, "Whether `sluice write` may write the tag, within its `range`.");
    static final Setting<BigDecimal> STEP = Setting.optional(
            "step", TagTypes.STEP, "What a written value must be a multiple of, in engineering units.");

    /** Keys of an entry of {@code devices:}, besides those of the protocol's profile. */
    public static final List<Setting<?>> DEVICE =
            List.of(ID, PROFILE_OF_DEVICE, PROTOCOL, LABELS, CONNECTION, POLL, DEFAULTS, TAGS);

    /** Keys at the top of a profile, besides those of the protocol. */
    public static final List<Setting<?>> PROFILE_FILE =
            List.of(SCHEMA, PROFILE, PROFILE_PROTOCOL, TITLE, DEFAULTS, PROFILE_TAGS);

    /** Keys of a tag and of {@code defaults:}, besides those of the protocol. */
    public static final List<Setting<?>> TAG =
            List.of(UNIT, DESCRIPTION, TAG_POLL, SCALE, OFFSET, DEADBAND, MAX_INTERVAL, RANGE, STATES, WRITABLE, STEP);

    private CommonKeys() {}
}
