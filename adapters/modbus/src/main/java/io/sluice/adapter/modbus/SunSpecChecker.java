package io.sluice.adapter.modbus;

import io.sluice.profiles.Nearest;
import io.sluice.profiles.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Checks a tag that is told by the names of SunSpec, which also say how it is to be read. Pure. */
final class SunSpecChecker {

    private final TagKeys tag;
    private final SunSpec known;

    SunSpecChecker(TagKeys tag, SunSpec known) {
        this.tag = tag;
        this.known = known;
    }

    /** Where the point stands in each model that has it; empty after an error was reported. */
    Optional<SortedMap<Integer, SunSpec.Point>> point() {
        refuseOtherKeys();
        Optional<SunSpecName> name = tag.find(ModbusSettings.SUNSPEC);
        if (name.isEmpty() || tag.anyError()) {
            return Optional.empty();
        }
        SortedMap<Integer, SunSpec.Point> found = known.find(name.get());
        if (found.isEmpty()) {
            tag.error(ModbusSettings.SUNSPEC, unknown(name.get()));
            return Optional.empty();
        }
        return sameEverywhere(name.get(), found) ? Optional.of(found) : Optional.empty();
    }

    /** What a profile says among its defaults is meant for other tags. */
    private void refuseOtherKeys() {
        List<Setting<?>> others = new ArrayList<>(PlaceChecker.keys());
        others.addAll(List.of(
                ModbusSettings.TYPE,
                ModbusSettings.ORDER,
                ModbusSettings.BIT,
                ModbusSettings.BITS,
                ModbusSettings.LENGTH,
                ModbusSettings.NOT_AVAILABLE,
                ModbusSettings.SCALE_REGISTER));
        others.stream()
                .filter(tag::writtenHere)
                .forEach(other -> tag.error(
                        other,
                        "sunspec says where the tag lies and how it is to be read; leave " + other.name() + " out"));
    }

    private String unknown(SunSpecName name) {
        var names = known.pointNames(name);
        if (names.isEmpty()) {
            return "the points of SunSpec model " + name.firstModel() + " (" + known.title(name.firstModel())
                    + ") are not known here: name the tag's address and type instead, as `sluice scan modbus` finds them";
        }
        return "SunSpec model " + name.firstModel() + " has no point '" + name.point() + "'"
                + Nearest.didYouMean(name.point(), names) + ", but "
                + names.stream().collect(Collectors.joining(", "));
    }

    private boolean sameEverywhere(SunSpecName name, SortedMap<Integer, SunSpec.Point> found) {
        SunSpec.Point first = found.firstEntry().getValue();
        boolean same = found.values().stream()
                .allMatch(each -> each.type().equals(first.type())
                        && each.scaled() == first.scaled()
                        && each.length() == first.length());
        if (!same) {
            tag.error(
                    ModbusSettings.SUNSPEC,
                    name + " is of another type in some of these models: name one kind of them");
        }
        return same;
    }
}
