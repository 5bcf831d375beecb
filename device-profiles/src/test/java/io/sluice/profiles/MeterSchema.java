package io.sluice.profiles;

import java.util.List;
import java.util.Map;

/** A small protocol, shaped like Modbus. */
final class MeterSchema {

    static final Setting<String> HOST = Setting.optional("host", SettingType.text(), "Host.");
    static final Setting<Integer> PORT = Setting.of("port", SettingType.integer(1, 65_535), 502, "Port.");
    static final Setting<String> SERIAL = Setting.optional("serial", SettingType.text(), "Serial port.");
    static final Setting<Integer> UNIT_ID = Setting.required("unit-id", SettingType.integer(0, 255), "Unit id.");
    static final Setting<Integer> MAX_GAP = Setting.of("request.max-gap", SettingType.integer(0, 100), 10, "Gap.");
    static final Setting<Integer> MAX_REGISTERS =
            Setting.of("request.max-registers", SettingType.integer(1, 125), 125, "Registers.");
    static final Setting<String> TABLE =
            Setting.of("table", SettingType.choice("input", "holding"), "holding", "Table.");
    static final Setting<String> TYPE =
            Setting.of("type", SettingType.choice("float32", "int16", "int32"), "int16", "Type.");
    static final Setting<String> ORDER = Setting.of("order", SettingType.choice("ABCD", "CDAB"), "ABCD", "Order.");
    static final Setting<Integer> ADDRESS =
            Setting.optional("address", SettingType.integer(0, 65_535), "Zero-based address.");
    static final Setting<String> SUNSPEC = Setting.optional("sunspec", SettingType.text(), "Model and point.");
    static final Setting<Boolean> COIL_OUTPUT = Setting.notYet("pulse", SettingType.bool(), "Pulse.");

    static final ProtocolSchema SCHEMA = new ProtocolSchema(
            "modbus",
            List.of(HOST, PORT, SERIAL, UNIT_ID),
            List.of(MAX_GAP, MAX_REGISTERS),
            List.of(TABLE, TYPE, ORDER, ADDRESS, SUNSPEC, COIL_OUTPUT));

    static final Map<String, ProtocolSchema> ALL = Map.of("modbus", SCHEMA);

    private MeterSchema() {}
}
