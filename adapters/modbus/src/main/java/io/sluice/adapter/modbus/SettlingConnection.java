package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ReadPlanner.Block;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes late replies harmless where frames have no transaction id. After a failed read it lets the line drain, and asks
 * the unit for a probe: a read whose reply is of another size than that of any planned read of the unit. A unit that
 * answers in order has then answered all that came before. Only for units that do not is there no guarantee.
 */
final class SettlingConnection implements ModbusConnection {

    /** A kind of reply that can be told from others: unit id, function code, and bytes of data. */
    private record Shape(int unit, Table table, int bytes) {
        static Shape of(int unit, Block block) {
            return new Shape(unit, block.table(), Framing.dataBytes(block));
        }
    }

    private final ModbusConnection line;
    private final Set<Shape> planned = new HashSet<>();
    private final Set<Shape> probed = new HashSet<>();
    private final Set<Integer> doubtful = new HashSet<>();
    private boolean lineInDoubt;

    SettlingConnection(ModbusConnection line) {
        this.line = line;
    }

    @Override
    public void connect() throws ConnectFailed {
        line.connect();
    }

    @Override
    public Reply read(int unit, Block block) throws IOException {
        Shape shape = Shape.of(unit, block);
        planned.add(shape);
        if (lineInDoubt) {
            line.drain();
            lineInDoubt = false;
        }
        if (doubtful.contains(unit) || probed.contains(shape)) {
            settle(unit, block);
        }
        return readOrDoubt(unit, block);
    }

    private void settle(int unit, Block block) throws IOException {
        Block probe = probe(unit, block);
        probed.add(Shape.of(unit, probe));
        readOrDoubt(unit, probe);
        doubtful.remove(unit);
        probed.removeIf(shape -> shape.unit() == unit);
    }

    /** The fewest registers, or groups of eight bits, that nobody reads from this table of the unit. */
    private Block probe(int unit, Block block) {
        int step = block.table().bits() ? 8 : 1;
        Block probe = new Block(block.table(), block.address(), step, List.of());
        while (planned.contains(Shape.of(unit, probe)) && probe.count() < 120 * step) {
            probe = new Block(block.table(), block.address(), probe.count() + step, List.of());
        }
        return probe;
    }

    private Reply readOrDoubt(int unit, Block block) throws IOException {
        try {
            return line.read(unit, block);
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
    public boolean connected() {
        return line.connected();
    }

    @Override
    public void close() {
        line.close();
    }
}
