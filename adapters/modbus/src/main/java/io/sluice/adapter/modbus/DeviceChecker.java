package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusSettings.Transport;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Setting;
import io.sluice.profiles.Settings;
import io.sluice.profiles.TagDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks one device and turns it into a plan, or into problems. Pure; loads no protocol library. */
final class DeviceChecker {

    private static final int TCP_PORT = 502;
    private static final int TLS_PORT = 802;
    private static final Duration TCP_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration SERIAL_TIMEOUT = Duration.ofMillis(500);

    private final DeviceDefinition device;
    private final Settings connection;
    private final Settings profile;
    private final Problems problems;
    private @Nullable SunSpec sunSpec;
    private int errors;

    DeviceChecker(DeviceDefinition device, Problems problems) {
        this.device = device;
        this.connection = device.connection();
        this.profile = device.settings();
        this.problems = problems;
    }

    Optional<ModbusPlan> plan() {
        Optional<Endpoint> endpoint = endpoint();
        ReadPlanner.Limits limits = limits();
        List<ModbusPlan.Point> points = new ArrayList<>();
        for (TagDefinition tag : device.tags()) {
            TagChecker checker = new TagChecker(tag, device.poll(), limits, this::sunSpec, problems);
            checker.point().ifPresentOrElse(points::add, () -> errors++);
        }
        if (errors > 0 || endpoint.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ModbusPlan(
                device,
                endpoint.get(),
                connection.get(ModbusSettings.UNIT_ID),
                connection.get(ModbusSettings.RETRIES),
                limits,
                points));
    }

    private SunSpec sunSpec() {
        @Nullable SunSpec models = sunSpec;
        if (models == null) {
            models = SunSpec.load();
            sunSpec = models;
        }
        return models;
    }

    private ReadPlanner.Limits limits() {
        return new ReadPlanner.Limits(
                profile.get(ModbusSettings.MAX_REGISTERS),
                profile.get(ModbusSettings.MAX_COILS),
                profile.get(ModbusSettings.MAX_GAP),
                profile.find(ModbusSettings.FORBIDDEN).orElse(List.of()));
    }

    private Optional<Endpoint> endpoint() {
        boolean host = connection.find(ModbusSettings.HOST).isPresent();
        boolean serial = connection.find(ModbusSettings.SERIAL).isPresent();
        if (host == serial) {
            error(
                    host ? ModbusSettings.SERIAL : ModbusSettings.HOST,
                    host
                            ? "a connection has a host or a serial port, not both"
                            : "a Modbus connection needs host: or serial:");
            return Optional.empty();
        }
        Transport transport = connection.find(ModbusSettings.TRANSPORT).orElse(serial ? Transport.RTU : Transport.TCP);
        checkTransport(transport, serial);
        checkUnit(serial);
        return Optional.of(serial ? serial(transport == Transport.ASCII) : network(transport));
    }

    private void checkTransport(Transport transport, boolean serial) {
        if (transport.serial() != serial) {
            error(
                    ModbusSettings.TRANSPORT,
                    "transport " + transport.key() + " does not go with " + (serial ? "serial:" : "host:"));
        }
        checkTls(transport);
        List<Setting<?>> pointless =
                serial ? List.of(ModbusSettings.PORT) : List.of(ModbusSettings.BAUD, ModbusSettings.FORMAT);
        pointless.stream()
                .filter(connection::given)
                .forEach(setting -> problems.warning(
                        connection.mark(setting),
                        setting.name() + " is pointless with " + (serial ? "a serial port" : "a host")));
    }

    private void checkTls(Transport transport) {
        List<Setting<?>> files = List.of(ModbusSettings.TLS_CA, ModbusSettings.TLS_CERTIFICATE, ModbusSettings.TLS_KEY);
        if (transport != Transport.TLS) {
            files.stream()
                    .filter(connection::given)
                    .forEach(setting -> error(setting, setting.name() + " needs transport: tls"));
        } else if (connection.given(ModbusSettings.TLS_CERTIFICATE) != connection.given(ModbusSettings.TLS_KEY)) {
            error(ModbusSettings.TLS_CERTIFICATE, "tls.certificate and tls.key go together");
        }
    }

    private void checkUnit(boolean serial) {
        int unit = connection.get(ModbusSettings.UNIT_ID);
        if (serial && (unit == 0 || unit > 247)) {
            error(
                    ModbusSettings.UNIT_ID,
                    "unit-id " + unit + " cannot be read on a serial line, expected 1 to 247"
                            + (unit == 0 ? " (0 is for broadcasts)" : ""));
        }
    }

    private Endpoint network(Transport transport) {
        String host = connection.get(ModbusSettings.HOST);
        int port = connection.find(ModbusSettings.PORT).orElse(transport == Transport.TLS ? TLS_PORT : TCP_PORT);
        Duration timeout = connection.find(ModbusSettings.TIMEOUT).orElse(TCP_TIMEOUT);
        Duration pause = connection.find(ModbusSettings.PAUSE).orElse(Duration.ZERO);
        return switch (transport) {
            case RTU_OVER_TCP -> new Endpoint.RtuOverTcp(host, port, timeout, pause);
            case UDP -> new Endpoint.Udp(host, port, timeout, pause);
            case TLS -> new Endpoint.Secure(host, port, tls(), timeout, pause);
            // The others are serial, which was reported.
            case TCP, RTU, ASCII -> new Endpoint.Tcp(host, port, timeout, pause);
        };
    }

    private Tls tls() {
        return new Tls(
                connection.find(ModbusSettings.TLS_CA),
                connection
                        .find(ModbusSettings.TLS_CERTIFICATE)
                        .flatMap(certificate ->
                                connection.find(ModbusSettings.TLS_KEY).map(key -> new Tls.Identity(certificate, key))),
                connection.get(ModbusSettings.TLS_VERIFY_NAME));
    }

    private Endpoint serial(boolean ascii) {
        int baud = connection.get(ModbusSettings.BAUD);
        SerialFormat format = connection.get(ModbusSettings.FORMAT);
        if (!ascii && format.dataBits() != 8) {
            error(ModbusSettings.FORMAT, "transport rtu needs 8 data bits, such as 8E1; 7 are for transport ascii");
        }
        return new Endpoint.Serial(
                connection.get(ModbusSettings.SERIAL),
                baud,
                format,
                ascii,
                rs485(),
                connection.find(ModbusSettings.TIMEOUT).orElse(SERIAL_TIMEOUT),
                connection.find(ModbusSettings.PAUSE).orElseGet(() -> SerialFormat.silence(baud, format)));
    }

    private Optional<Rs485> rs485() {
        return connection
                .find(ModbusSettings.RS485)
                .map(level -> new Rs485(
                        level.equals("high"),
                        connection.get(ModbusSettings.RS485_BEFORE),
                        connection.get(ModbusSettings.RS485_AFTER),
                        connection.get(ModbusSettings.RS485_TERMINATION),
                        connection.get(ModbusSettings.RS485_ECHO)));
    }

    private void error(Setting<?> setting, String message) {
        errors++;
        problems.error(connection.mark(setting), message);
    }
}
