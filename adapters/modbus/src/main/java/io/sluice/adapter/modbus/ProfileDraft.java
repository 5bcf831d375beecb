package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusScan.ReadableRange;
import io.sluice.adapter.modbus.ModbusScan.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes down what a scan found: lines for people, and a profile to start from, which is valid as it stands. Pure. */
final class ProfileDraft {

    /** A draft with more tags is nothing to edit. */
    private static final int MOST_TAGS = 500;

    private static final List<String> OBJECTS =
            List.of("vendor", "product code", "revision", "vendor URL", "product name", "model name", "application");

    private final SunSpec sunSpec;

    ProfileDraft(SunSpec sunSpec) {
        this.sunSpec = sunSpec;
    }

    /** What was found of a unit, for people. */
    List<String> describe(Unit unit) {
        List<String> lines = new ArrayList<>();
        String head = "unit " + unit.id() + ": ";
        unit.identity().forEach((object, text) -> lines.add(head + object(object) + " " + text));
        for (SunSpec.Model model : unit.models()) {
            lines.add(head + "SunSpec model " + model.number() + " (" + sunSpec.title(model.number()) + ") at "
                    + model.address() + ", " + model.length() + " registers");
        }
        if (!unit.models().isEmpty()) {
            lines.add(head + "profile: sunspec reads it without a draft, as far as it knows its models");
        }
        for (ReadableRange range : unit.ranges()) {
            lines.add(head + range.table().plural() + " " + range.first() + " to " + range.last() + " can be read");
        }
        return lines;
    }

    private static String object(int number) {
        return number < OBJECTS.size() ? OBJECTS.get(number) : "object " + number;
    }

    /** The profile; empty if nothing can be read. */
    Optional<String> of(Unit unit) {
        List<String> tags = unit.models().isEmpty() ? byAddress(unit.ranges()) : byModel(unit.models());
        if (tags.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder("# Draft by a scan of unit " + unit.id() + ".\n");
        describe(unit).forEach(line -> text.append("# ").append(line).append('\n'));
        text.append("schema: 1\nprofile: unit-").append(unit.id()).append("\nprotocol: modbus\n");
        text.append("defaults: { type: uint16 }\ntags:\n");
        tags.stream().limit(MOST_TAGS).forEach(tag -> text.append(tag).append('\n'));
        if (tags.size() > MOST_TAGS) {
            text.append("  # ").append(tags.size() - MOST_TAGS).append(" more addresses can be read.\n");
        }
        return Optional.of(text.toString());
    }

    private static List<String> byAddress(List<ReadableRange> ranges) {
        List<String> tags = new ArrayList<>();
        for (ReadableRange range : ranges) {
            for (int address = range.first(); address <= range.last(); address++) {
                String table = range.table().key();
                String type = range.table().bits() ? ", type: bool" : "";
                tags.add(String.format(
                        Locale.ROOT,
                        "  %s-%d: { table: %s, address: %s%s }",
                        table,
                        address,
                        table,
                        hex(address),
                        type));
            }
        }
        return tags;
    }

    /** In hexadecimal, so that nobody takes it for the notation that counts from 40001. */
    private static String hex(int address) {
        return address > 9_999 ? String.format(Locale.ROOT, "0x%04X", address) : Integer.toString(address);
    }

    private List<String> byModel(List<SunSpec.Model> models) {
        List<String> tags = new ArrayList<>();
        Map<Integer, Integer> seen = new HashMap<>();
        for (SunSpec.Model model : models) {
            int nth = seen.merge(model.number(), 1, Integer::sum);
            String prefix = model.number() + (nth > 1 ? "." + nth : "") + "-";
            sunSpec.points(model).forEach(point -> tags.add(tag(prefix, model, point)));
        }
        return tags;
    }

    private static String tag(String prefix, SunSpec.Model model, SunSpec.Point point) {
        StringBuilder text = new StringBuilder("  " + prefix + point.name() + ": { table: holding, address: "
                + hex(model.address() + point.offset()) + ", type: " + point.type());
        if (point.scaleOffset() >= 0) {
            text.append(", scale-register: ").append(hex(model.address() + point.scaleOffset()));
        }
        if (point.length() > 0) {
            text.append(", length: ").append(point.length()).append(", poll: 1h");
        }
        if (!point.notAvailable().isEmpty()) {
            text.append(", not-available: [").append(point.notAvailable()).append(']');
        }
        if (!point.unit().isEmpty()) {
            text.append(", unit: \"").append(point.unit()).append('"');
        }
        return text.append(" }").toString();
    }
}
