package io.sluice.gateway.cli;

import io.sluice.adapter.modbus.ModbusScan;
import io.sluice.gateway.control.ExitCodes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "scan",
        description =
                "Finds out what answers at a Modbus address and writes a draft of a profile for each unit. Only reads.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:a unit was found", "1:none answered", "69:no connection"})
final class ScanCommand implements Callable<Integer> {

    private static final int NONE = 1;
    private static final int PORT = 502;
    private static final int LAST_UNIT = 247;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PROTOCOL", description = "modbus")
    private String protocol;

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            description = "HOST, HOST:PORT or a serial port such as /dev/ttyUSB0")
    private String target;

    @Option(
            names = "--units",
            paramLabel = "FIRST-LAST",
            defaultValue = "1-247",
            description = "Unit ids. Default: 1-247")
    private String units = "1-247";

    @Option(
            names = "--addresses",
            paramLabel = "COUNT",
            defaultValue = "10000",
            description = "How many addresses of each table are tried, from 0. Default: 10000")
    private int addresses;

    @Option(names = "--timeout", defaultValue = "200ms", description = "For each answer. Default: 200ms")
    private String timeout = "200ms";

    @Option(names = "--baud", defaultValue = "9600", description = "Of a serial port. Default: 9600")
    private int baud;

    @Option(names = "--format", defaultValue = "8N1", description = "Of a serial port: 8N1, 8E1 … Default: 8N1")
    private String format = "8N1";

    @Option(
            names = "--output",
            paramLabel = "DIRECTORY",
            description = "Where unit-ID.yaml is written; without it drafts are printed.")
    private @Nullable Path output;

    @Override
    public Integer call() throws IOException {
        if (!protocol.equals("modbus")) {
            throw new ParameterException(spec.commandLine(), "only modbus can be scanned, not " + protocol);
        }
        PrintWriter err = spec.commandLine().getErr();
        Map<Integer, String> drafts = new TreeMap<>();
        try (ModbusScan scan = scan(line -> Listening.note(err, line))) {
            drafts.putAll(scan.drafts(unitIds()));
        } catch (IOException e) {
            Listening.note(err, String.valueOf(e.getMessage()));
            return ExitCodes.UNAVAILABLE;
        }
        if (drafts.isEmpty()) {
            Listening.note(err, "no unit answered with anything that can be read");
            return NONE;
        }
        for (Map.Entry<Integer, String> draft : drafts.entrySet()) {
            write(draft.getKey(), draft.getValue());
        }
        return ExitCodes.OK;
    }

    private ModbusScan scan(Consumer<String> progress) {
        Duration patience = Durations.parse(timeout)
                .filter(duration -> duration.toMillis() >= 10)
                .orElseThrow(() -> bad("--timeout", timeout, "a duration such as 200ms, at least 10ms"));
        if (addresses < 1 || addresses > 65_536) {
            throw bad("--addresses", Integer.toString(addresses), "1 to 65536");
        }
        if (target.startsWith("/")) {
            if (!format.matches("8[NEO][12]")) {
                throw bad("--format", format, "8N1, 8N2, 8E1, 8E2, 8O1 or 8O2");
            }
            return ModbusScan.serial(target, baud, format, patience, addresses, progress);
        }
        int colon = target.lastIndexOf(':');
        boolean port = (colon > 0 && target.indexOf(":") == colon) || target.contains("]:");
        String host = (port ? target.substring(0, colon) : target).replaceAll("[\\[\\]]", "");
        int number = port
                ? number(target.substring(colon + 1))
                        .filter(value -> value <= 65_535)
                        .orElseThrow(() -> bad("TARGET", target, "HOST:PORT"))
                : PORT;
        return ModbusScan.tcp(host, number, patience, addresses, progress);
    }

    private List<Integer> unitIds() {
        String[] ends = units.split("-", 2);
        int first = number(ends[0]).orElse(-1);
        int last = number(ends[ends.length - 1]).orElse(-1);
        if (first < 0 || last < first || last > 255 || (first == 0 && target.startsWith("/"))) {
            throw bad("--units", units, "unit ids such as 1-" + LAST_UNIT);
        }
        List<Integer> ids = new ArrayList<>();
        for (int id = first; id <= last; id++) {
            ids.add(id);
        }
        return ids;
    }

    private static Optional<Integer> number(String text) {
        return text.matches("\\d{1,5}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }

    private ParameterException bad(String what, String given, String expected) {
        return new ParameterException(spec.commandLine(), "bad " + what + " '" + given + "', expected " + expected);
    }

    private void write(int unit, String draft) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (output == null) {
            out.print(draft);
            out.flush();
            return;
        }
        Path file = Files.writeString(Files.createDirectories(output).resolve("unit-" + unit + ".yaml"), draft);
        out.println(file + ": draft for unit " + unit + ", check it with ./sluice check " + file);
    }
}
