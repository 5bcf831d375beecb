package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ReadPlanner.Block;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes late replies harmless where frames have no transaction id. After a failed request it lets the line drain, and asks
 * the unit for a probe: a read whose reply is of another size than that of any other read of the unit. A unit that
 * answers in order has then answered all that came before. Only for units that do not is there no guarantee.
 *
 * <p>A read that the unit refuses proves nothing, since the same exception may be the late answer to an earlier one. So the
 * probe is made where the unit has given data before; as long as it has given none, and a read was refused, it is asked for its
 * identification, which nobody polls: any answer to that settles, also that the function is not known.
 */
final class SettlingConnection implements ModbusConnection {

    /** A kind of reply that can be told from others: unit id, function code, and bytes of data. */
    private record Shape(int unit, Table table, int bytes) {
        static Shape of(int unit, Block block) {
            return new Shape(unit, block.table(), block.dataBytes());
        }
    }

    private final ModbusConnection line;
    private final Set<Shape> planned = new HashSet<>();
    private final Set<Shape> probed = new HashSet<>();
    private final Set<Integer> doubtful = new HashSet<>();

    /** By unit: the last read that was answered with data. */
    private final Map<Integer, Block> good = new HashMap<>();

    /** Units that have given no data and refused a probe. */
    private final Set<Integer> refusing = new HashSet<>();

    private boolean lineInDoubt;

    SettlingConnection(ModbusConnection line) {
        this.line = line;
    }

    @Override
    public void connect() throws ConnectFailed {
        line.connect();
    }

    @Override
    public Reply exchange(int unit, Request request, Duration timeout) throws IOException {
        if (lineInDoubt) {
            line.drain();
            lineInDoubt = false;
        }
        if (doubtful(unit, request)) {
            settle(unit, request, timeout);
        }
        return exchangeOrDoubt(unit, request, timeout);
    }

    private boolean doubtful(int unit, Request request) {
        boolean mayBeProbes = false;
        if (request instanceof Block block) {
            Shape shape = Shape.of(unit, block);
            planned.add(shape);
            mayBeProbes = probed.contains(shape);
        }
        return mayBeProbes || doubtful.contains(unit);
    }

    private void settle(int unit, Request request, Duration timeout) throws IOException {
        if (refusing.remove(unit)) {
            exchangeOrDoubt(unit, new Identification(1, 0), timeout);
        } else {
            Block probe = probe(unit, good.getOrDefault(unit, whereAsked(request)));
            probed.add(Shape.of(unit, probe));
            if (exchangeOrDoubt(unit, probe, timeout) instanceof Reply.Refused(int code)) {
                doubtful.add(unit);
                refusing.add(unit);
                throw new IOException("unit " + unit + " refuses " + probe.describe() + " (exception " + code
                        + "), so whether it still owes an answer cannot be told");
            }
        }
        doubtful.remove(unit);
        probed.removeIf(shape -> shape.unit() == unit);
    }

    private static Block whereAsked(Request request) {
        return request instanceof Block block ? block : new Block(new Place(Table.HOLDING, 0), 1, List.of());
    }

    /** The fewest registers, or groups of eight bits, that nobody reads from this table of the unit. */
    private Block probe(int unit, Block place) {
        int step = place.table().bits() ? 8 : 1;
        Block probe = new Block(place.place(), step, List.of());
        while (planned.contains(Shape.of(unit, probe)) && probe.count() < 120 * step) {
            probe = new Block(place.place(), probe.count() + step, List.of());
        }
        return probe;
    }

    private Reply exchangeOrDoubt(int unit, Request request, Duration timeout) throws IOException {
        try {
            Reply reply = line.exchange(unit, request, timeout);
            if (reply instanceof Reply.Data && request instanceof Block block) {
                good.put(unit, block);
            }
            return reply;
        } catch (IOException e) {
            doubtful.add(unit);
            lineInDoubt = true;
            throw e;
        }
    }

    @Override
    public void drain() throws IOException {
        line.drain();
    }

    @Override
    public Duration timeout() {
        return line.timeout();
    }

    @Override
    public boolean connected() {
        return line.connected();
    }

    @Override
    public void close() {
        line.close();
    }
}
