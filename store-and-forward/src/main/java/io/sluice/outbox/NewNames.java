package io.sluice.outbox;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The numbers that a transaction gives to devices and aliases. */
final class NewNames {

    private final State base;
    private final Medium medium;
    private final Map<String, Integer> devices = new LinkedHashMap<>();
    private final Map<String, TreeMap<Integer, byte[]>> aliases = new HashMap<>();

    NewNames(State base, Medium medium) {
        this.base = base;
        this.medium = medium;
    }

    /** Gives the device a number if it has none. */
    void addDevice(String device) {
        if (!base.devices.containsKey(device) && !devices.containsKey(device)) {
            devices.put(device, base.devices.size() + devices.size() + 1);
        }
    }

    /** The number of an alias: the one it has, or the next. */
    int bind(String device, byte[] key) throws SQLException {
        Aliases known = base.aliases.get(device);
        Integer number = known == null ? null : known.number(key);
        if (number != null) {
            return number;
        }
        addDevice(device);
        TreeMap<Integer, byte[]> added = aliases.computeIfAbsent(device, none -> new TreeMap<>());
        for (Map.Entry<Integer, byte[]> entry : added.entrySet()) {
            if (Arrays.equals(entry.getValue(), key)) {
                return entry.getKey();
            }
        }
        int next = (known == null ? 1 : known.next()) + added.size();
        added.put(next, key);
        saveDevices();
        medium.saveAlias(device(device), next, key);
        return next;
    }

    void saveDevices() throws SQLException {
        for (Map.Entry<String, Integer> device : devices.entrySet()) {
            medium.saveDevice(device.getValue(), device.getKey());
        }
    }

    int device(String name) {
        Integer id = base.devices.getOrDefault(name, devices.get(name));
        if (id == null) {
            throw new IllegalStateException("device " + name + " has no number yet");
        }
        return id;
    }

    boolean hasAliases() {
        return !aliases.isEmpty();
    }

    /** Makes them part of the state. */
    void install() {
        base.devices.putAll(devices);
        aliases.forEach(
                (device, keys) -> keys.forEach(base.aliases.computeIfAbsent(device, none -> new Aliases())::put));
    }
}
