package io.sluice.adapter.modbus;

import io.sluice.profiles.ProtocolSchema;
import io.sluice.profiles.Setting;
import io.sluice.profiles.SettingType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.function.Function;

/** What users may write for Modbus, as data. */
final class ModbusSettings {

    /** How frames travel. */
    enum Transport {
        TCP,
        RTU_OVER_TCP,
        UDP,
        TLS,
        RTU,
        ASCII;

        String key() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        boolean serial() {
            return this == RTU || this == ASCII;
        }
    }

    static final Setting<String> HOST =
            Setting.optional("host", SettingType.text(), "Host name or address of a Modbus TCP server.");
    static final Setting<Integer> PORT = Setting.optional(
            "port", SettingType.integer(1, 65_535), "TCP or UDP port: 502 by default, with transport tls 802.");
    static final Setting<String> SERIAL =
            Setting.optional("serial", SettingType.text(), "Serial port instead of a host, such as /dev/ttyUSB0.");
    static final Setting<Integer> BAUD = Setting.of(
            "baud", SettingType.integer(300, 4_000_000), 9_600, "Speed of the serial line in bits per second.");
    static final Setting<SerialFormat> FORMAT = Setting.of(
            "format",
            SettingType.choice(named(
                    List.of("8N1", "8N2", "8E1", "8E2", "8O1", "8O2", "7N2", "7E1", "7E2", "7O1", "7O2"),
                    Function.identity(),
                    SerialFormat::of)),
            SerialFormat.of("8N1"),
            "Data bits, parity and stop bits of the serial line. Seven data bits are for transport ascii.");
    static final Setting<String> RS485 = Setting.optional(
            "rs485.send",
            SettingType.choice("high", "low"),
            "Level of RTS while sending, where the port itself has to switch a two-wire line. Most converters need no such"
                    + " thing.");
    static final Setting<Duration> RS485_BEFORE = Setting.of(
            "rs485.delay-before",
            SettingType.duration(Duration.ZERO, Duration.ofMillis(100)),
            Duration.ZERO,
            "Between switching to sending and the first character.");
    static final Setting<Duration> RS485_AFTER = Setting.of(
            "rs485.delay-after",
            SettingType.duration(Duration.ZERO, Duration.ofMillis(100)),
            Duration.ZERO,
            "Between the last character and switching back.");
    static final Setting<Boolean> RS485_TERMINATION = Setting.of(
            "rs485.termination", SettingType.bool(), false, "Whether the port's own resistor is switched on.");
    static final Setting<Boolean> RS485_ECHO =
            Setting.of("rs485.echo", SettingType.bool(), false, "Whether the port receives what it sends itself.");
    static final Setting<Transport> TRANSPORT = Setting.optional(
            "transport",
            SettingType.choice(Transport.class),
            "How frames travel: tcp by default with a host, rtu with a serial port.");
    static final Setting<Path> TLS_CA = Setting.optional(
            "tls.ca",
            SettingType.file(),
            "PEM file of who signed the device's certificate. Without it the list of the Java runtime counts.");
    static final Setting<Path> TLS_CERTIFICATE =
            Setting.optional("tls.certificate", SettingType.file(), "PEM file of the gateway's own certificate.");
    static final Setting<Path> TLS_KEY = Setting.optional(
            "tls.key", SettingType.file(), "PEM file (PKCS #8, without password) of the key of that certificate.");
    static final Setting<Boolean> TLS_VERIFY_NAME = Setting.of(
            "tls.verify-name", SettingType.bool(), true, "Whether the device's certificate has to name its `host`.");
    static final Setting<Integer> UNIT_ID = Setting.of(
            "unit-id", SettingType.integer(0, 255), 1, "Unit id of the device on its bus or behind its gateway.");
    static final Setting<Duration> TIMEOUT = Setting.optional(
            "timeout",
            SettingType.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
            "How long a reply may take: 1s by default, 500ms on a serial line.");
    static final Setting<Duration> PAUSE = Setting.optional(
            "pause",
            SettingType.duration(Duration.ZERO, Duration.ofSeconds(10)),
            "How long the line rests between a reply and the next request; by default not at all, on a serial line the"
                    + " time of 3.5 characters.");
    static final Setting<Integer> RETRIES = Setting.of(
            "retries",
            SettingType.integer(0, 10),
            1,
            "How often a request without a reply is repeated before the device counts as unreachable.");

    static final Setting<Integer> MAX_REGISTERS = Setting.of(
            "request.max-registers", SettingType.integer(1, 125), 125, "Most registers that the device gives at once.");
    static final Setting<Integer> MAX_COILS = Setting.of(
            "request.max-coils",
            SettingType.integer(1, 2_000),
            2_000,
            "Most coils or discrete inputs that the device gives at once.");
    static final Setting<Integer> MAX_GAP = Setting.of(
            "request.max-gap",
            SettingType.integer(0, 2_000),
            10,
            "Most registers (or bits) that nobody wants and that are read nevertheless so that two tags share a request.");

    static final Setting<List<AddressRange>> FORBIDDEN = Setting.optional(
            "request.forbidden",
            SettingType.list(SettingType.text(
                    "range",
                    "a table and zero-based addresses in it, such as holding 100-119 or input 0x200",
                    AddressRange::parse)),
            "Addresses that the device must never be asked for, not even between two tags that share a request:"
                    + " `[ holding 100-119, input 0x200 ]`.");

    static final Setting<Table> TABLE =
            Setting.optional("table", SettingType.choice(Table.class), "Table in which the tag lies.");
    static final Setting<Integer> FILE = Setting.optional(
            "file",
            SettingType.integer(1, 65_535),
            "Number of the file, with `table: file`; `address` is the record then, 0 to 9999.");
    static final Setting<SunSpecName> SUNSPEC = Setting.optional(
            "sunspec",
            SettingType.text(
                    "SunSpec point", "a model and a point of it, such as 103/W or 101-103/W", SunSpecName::parse),
            "SunSpec model and point instead of place and type: the device says where the model is, and if it has it at all."
                    + " With a range of models the first that it has counts.");
    static final Setting<PduAddress> ADDRESS = Setting.optional(
            "address",
            SettingType.text("address", "a zero-based address from 0 to 65535, decimal or 0x…", PduAddress::parse),
            "Zero-based address, as it goes over the wire.");
    static final Setting<Reference> REFERENCE = Setting.optional(
            "reference",
            SettingType.text(
                    "reference",
                    "five or six digits that say table and address, such as 30001 or 400001",
                    Reference::parse),
            "Table and address in one, counted from 1: 30001 is the first input register. Instead of table and address.");
    static final Setting<DataType> TYPE = Setting.optional(
            "type",
            SettingType.choice(named(Arrays.asList(DataType.values()), DataType::key, Function.identity())),
            "How the registers are to be read; coils and discrete inputs are always bool.");
    static final Setting<RegisterOrder> ORDER = Setting.of(
            "order",
            SettingType.choice(named(Arrays.asList(RegisterOrder.values()), RegisterOrder::name, Function.identity())),
            RegisterOrder.ABCD,
            "Order of the bytes of a value wider than one register; A is the most significant.");
    static final Setting<Integer> BIT = Setting.optional(
            "bit", SettingType.integer(0, 15), "Bit of a register of type bool; 0 is the least significant.");
    static final Setting<Integer> LENGTH = Setting.optional(
            "length", SettingType.integer(1, 250), "Length of a string, or of raw bytes, in bytes; two to a register.");

    static final Setting<List<Sentinels>> NOT_AVAILABLE = Setting.optional(
            "not-available",
            SettingType.list(SettingType.text("value", "a whole number, decimal or 0x…, or nan", Sentinels::parse)),
            "Values by which the device says that it has none, such as [0x8000] or [nan]; they become bad quality.");

    static final Setting<PduAddress> SCALE_REGISTER = Setting.optional(
            "scale-register",
            SettingType.text("address", "a zero-based address from 0 to 65535, decimal or 0x…", PduAddress::parse),
            "Zero-based address, in the tag's table, of a register with the power of ten by which the number is multiplied,"
                    + " such as SunSpec's scale factors. Read with the tag; before `scale`.");
    static final Setting<SortedMap<Long, String>> BITS = Setting.optional(
            "bits",
            SettingType.states(),
            "Names of single bits of a uint16 or uint32, 0 being the least significant: `{ 0: running, 3: fault }`. The tag is"
                    + " a structure of them.");
    static final Setting<Charset> ENCODING = Setting.of(
            "encoding",
            SettingType.choice(named(
                    List.of(
                            StandardCharsets.UTF_8,
                            StandardCharsets.US_ASCII,
                            StandardCharsets.ISO_8859_1,
                            StandardCharsets.UTF_16BE),
                    charset -> charset.equals(StandardCharsets.UTF_16BE)
                            ? "utf-16"
                            : charset.name().toLowerCase(Locale.ROOT),
                    Function.identity())),
            StandardCharsets.UTF_8,
            "Characters of a string.");
    static final Setting<Byte> PADDING = Setting.of(
            "padding",
            SettingType.choice(
                    named(List.of("nul", "space"), Function.identity(), word -> (byte) (word.equals("nul") ? 0 : ' '))),
            (byte) 0,
            "What fills a string that is written; on reading both end it.");
    static final Setting<Boolean> READ_BACK = Setting.of(
            "read-back", SettingType.bool(), false, "Whether a write is verified by reading the registers again.");

    static final ProtocolSchema SCHEMA = new ProtocolSchema(
                    "modbus",
                    List.of(
                            HOST,
                            PORT,
                            SERIAL,
                            BAUD,
                            FORMAT,
                            RS485,
                            RS485_BEFORE,
                            RS485_AFTER,
                            RS485_TERMINATION,
                            RS485_ECHO,
                            TRANSPORT,
                            TLS_CA,
                            TLS_CERTIFICATE,
                            TLS_KEY,
                            TLS_VERIFY_NAME,
                            UNIT_ID,
                            TIMEOUT,
                            PAUSE,
                            RETRIES),
                    List.of(MAX_REGISTERS, MAX_COILS, MAX_GAP, FORBIDDEN),
                    List.of(
                            TABLE,
                            ADDRESS,
                            REFERENCE,
                            FILE,
                            SUNSPEC,
                            TYPE,
                            ORDER,
                            BIT,
                            BITS,
                            LENGTH,
                            ENCODING,
                            PADDING,
                            NOT_AVAILABLE,
                            SCALE_REGISTER,
                            READ_BACK))
            .withSampleConnection("{ host: localhost }");

    private ModbusSettings() {}

    private static <K, T> SequencedMap<String, T> named(List<K> items, Function<K, String> name, Function<K, T> value) {
        SequencedMap<String, T> byName = new LinkedHashMap<>();
        items.forEach(item -> byName.put(name.apply(item), value.apply(item)));
        return byName;
    }
}
