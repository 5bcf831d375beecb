package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Finds out what answers at a Modbus address: unit ids, who they are, their SunSpec models, and which addresses can be read.
 * Only reads. What a device refuses or keeps silent about is not found; so is a group of
 * fewer than ten registers between others that are refused. Confined to one thread.
 */
public final class ModbusScan implements AutoCloseable {

    /** A TCP server that answers these, which hardly anybody gives to a device, answers any. */
    private static final List<Integer> UNLIKELY_UNITS = List.of(199, 246, 247);

    private static final int PATH_UNAVAILABLE = 10;
    private static final int TARGET_SILENT = 11;

    private final ModbusConnection connection;
    private final Consumer<String> progress;
    private final int addresses;
    private final boolean shared;

    /** A unit that answers, and what it told. */
    record Unit(
            int id, SequencedMap<Integer, String> identity, List<SunSpec.Model> models, List<ReadableRange> ranges) {}

    /**
     * Addresses that were answered.
     *
     * @param last inclusive
     */
    record ReadableRange(Table table, int first, int last) {}

    /**
     * @param shared several units share the line for certain, so that the answers of all are their own
     */
    private ModbusScan(ModbusConnection connection, boolean shared, int addresses, Consumer<String> progress) {
        this.connection = connection;
        this.shared = shared;
        this.addresses = addresses;
        this.progress = progress;
    }

    /**
     * A scan over Modbus TCP.
     *
     * @param timeout how long a unit may take to answer
     * @param addresses how many addresses of each table are tried, from 0
     * @param progress told what is being done and found, line by line
     */
    public static ModbusScan tcp(String host, int port, Duration timeout, int addresses, Consumer<String> progress) {
        SplittableRandom random = new SplittableRandom();
        Endpoint.Tcp tcp = new Endpoint.Tcp(host, port, timeout, Duration.ZERO);
        return new ModbusScan(ModbusAdapter.connection(tcp, random), false, addresses, progress);
    }

    /**
     * A scan over a serial line, RTU.
     *
     * @param format such as {@code 8N1}
     */
    public static ModbusScan serial(
            String port, int baud, String format, Duration timeout, int addresses, Consumer<String> progress) {
        SerialFormat checked = SerialFormat.of(format);
        Endpoint.Serial serial = new Endpoint.Serial(
                port, baud, checked, false, Optional.empty(), timeout, SerialFormat.silence(baud, checked));
        return new ModbusScan(ModbusAdapter.connection(serial, new SplittableRandom()), true, addresses, progress);
    }

    /**
     * Scans these units.
     *
     * @param units 1 to 247 where nothing better is known
     * @return a draft of a profile for each unit of which something can be read, by unit id
     * @throws IOException if there is no connection at all; the message is for people
     */
    public SequencedMap<Integer, String> drafts(List<Integer> units) throws IOException {
        connection.connect();
        SequencedMap<Integer, String> drafts = new LinkedHashMap<>();
        ProfileDraft draft = new ProfileDraft(SunSpec.load());
        boolean any = !shared && units.size() > 1 && answersAnyUnit();
        if (any) {
            progress.accept("every unit id is answered: only unit " + units.getFirst() + " is looked at");
        }
        for (int id : any ? units.subList(0, 1) : units) {
            if (answers(id)) {
                Unit unit = unit(id);
                draft.describe(unit).forEach(progress);
                draft.of(unit).ifPresent(text -> drafts.put(id, text));
            }
        }
        return drafts;
    }

    private boolean answersAnyUnit() throws IOException {
        for (int unit : UNLIKELY_UNITS) {
            if (!answers(unit)) {
                return false;
            }
        }
        return true;
    }

    private Unit unit(int id) throws IOException {
        progress.accept("unit " + id + " answers");
        SequencedMap<Integer, String> identity = identity(id);
        List<SunSpec.Model> models = models(id);
        List<ReadableRange> ranges = new ArrayList<>();
        if (models.isEmpty()) {
            for (Table table : Table.DATA_MODEL) {
                progress.accept("unit " + id + ": looking for " + table.plural());
                ranges.addAll(new RangeFinder(id, table).find());
            }
        }
        return new Unit(id, identity, models, ranges);
    }

    /** Any reply shows that a unit is there, but not a gateway's word that it is not. */
    private boolean answers(int unit) throws IOException {
        for (Request request : List.of(new Identification(1, 0), read(Table.HOLDING, 0, 1))) {
            Optional<Reply> reply = ask(unit, request);
            if (reply.isPresent()) {
                return !(reply.get() instanceof Reply.Refused(int code)
                        && (code == PATH_UNAVAILABLE || code == TARGET_SILENT));
            }
        }
        return false;
    }

    /** Empty if there is no valid reply in time. */
    private Optional<Reply> ask(int unit, Request request) throws IOException {
        if (!connection.connected()) {
            connection.connect();
        }
        try {
            return Optional.of(connection.exchange(unit, request));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private SequencedMap<Integer, String> identity(int unit) throws IOException {
        SequencedMap<Integer, String> identity = new LinkedHashMap<>();
        int next = 0;
        while (next >= 0) {
            int before = next;
            next = ask(unit, new Identification(1, next)).orElse(null) instanceof Reply.Data data
                    ? Identification.objects(data, identity)
                    : -1;
            // A device that points back to where it began would be asked for ever.
            next = next > before ? next : -1;
        }
        return identity;
    }

    private List<SunSpec.Model> models(int unit) throws IOException {
        SunSpecChain chain = new SunSpecChain();
        while (!chain.complete()) {
            chain.answered(ask(unit, chain.next()).orElse(new Reply.Refused(0)));
        }
        return chain.models();
    }

    private static Block read(Table table, int address, int count) {
        return new Block(new Place(table, address), count, List.of());
    }

    @Override
    public void close() {
        connection.close();
    }

    /**
     * Finds what can be read of one table of one unit. Blocks that are refused are looked into only if one of a few addresses
     * in them is answered.
     */
    private final class RangeFinder {

        private static final int BLOCK = 64;
        private static final int STEP = 8;

        private final int unit;
        private final Table table;
        private final List<ReadableRange> found = new ArrayList<>();

        RangeFinder(int unit, Table table) {
            this.unit = unit;
            this.table = table;
        }

        List<ReadableRange> find() throws IOException {
            for (int at = 0; at < addresses; at += BLOCK) {
                int count = Math.min(BLOCK, addresses - at);
                if (readable(at, count)) {
                    add(at, count);
                } else if (anythingIn(at, count)) {
                    split(at, count);
                }
            }
            return found;
        }

        private boolean readable(int address, int count) throws IOException {
            return ask(unit, read(table, address, count)).orElse(null) instanceof Reply.Data;
        }

        private boolean anythingIn(int address, int count) throws IOException {
            for (int at = address; at < address + count; at += STEP) {
                // Two registers: some devices refuse to give half of a wider value.
                if (readable(at, table.bits() ? 1 : 2)) {
                    return true;
                }
            }
            return false;
        }

        private void split(int address, int count) throws IOException {
            if (count == 1) {
                return;
            }
            int half = count / 2;
            part(address, half);
            part(address + half, count - half);
        }

        private void part(int address, int count) throws IOException {
            if (readable(address, count)) {
                add(address, count);
            } else {
                split(address, count);
            }
        }

        private void add(int first, int count) {
            int last = first + count - 1;
            if (!found.isEmpty() && found.getLast().last() + 1 == first) {
                first = found.removeLast().first();
            }
            found.add(new ReadableRange(table, first, last));
        }
    }
}
