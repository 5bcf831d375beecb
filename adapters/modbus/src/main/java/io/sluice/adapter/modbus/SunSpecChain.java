package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the models of a SunSpec device: the marker "SunS" stands at one of three addresses, behind it one model after the
 * other, each beginning with its number and length. Says what to read next and is told the answer; no I/O.
 */
final class SunSpecChain {

    private static final int MARKER_HIGH = 0x5375;
    private static final int MARKER_LOW = 0x6E53;

    /** Model number behind the last model. */
    private static final int END = 0xFFFF;

    /** Where the marker may stand: holding registers, zero-based. */
    static final List<Integer> BASES = List.of(40_000, 50_000, 0);

    private static final int LAST_HEAD = 0xFFFE;

    /** A device with more of them has none at all. */
    private static final int MOST_MODELS = 200;

    private final List<SunSpec.Model> models = new ArrayList<>();
    private int base;
    private boolean marked;
    private int next = BASES.getFirst();
    private boolean complete;

    boolean complete() {
        return complete;
    }

    /** Two registers that tell more; only until {@link #complete}. */
    Block next() {
        return new Block(new Place(Table.HOLDING, next), 2, List.of());
    }

    /** The answer to {@link #next}; a refusal means that nothing is there. */
    void answered(Reply reply) {
        switch (reply) {
            case Reply.Data data ->
                read(Request.word(data.bytes(), data.offset()), Request.word(data.bytes(), data.offset() + 2));
            case Reply.Refused _ -> read(END, END);
        }
    }

    private void read(int first, int second) {
        if (marked) {
            head(first, second);
        } else if (first == MARKER_HIGH && second == MARKER_LOW) {
            marked = true;
            next += 2;
        } else {
            base++;
            complete = base == BASES.size();
            next = complete ? next : BASES.get(base);
        }
    }

    private void head(int number, int length) {
        if (number == END) {
            complete = true;
            return;
        }
        models.add(new SunSpec.Model(number, next, length));
        next += 2 + length;
        complete = next > LAST_HEAD || models.size() == MOST_MODELS;
    }

    /** In the order of the device; none if it has no marker. */
    List<SunSpec.Model> models() {
        return List.copyOf(models);
    }

    /** Where the marker stands; empty if there is none. */
    Optional<Block> marker() {
        return marked
                ? Optional.of(new Block(new Place(Table.HOLDING, BASES.get(base)), 2, List.of()))
                : Optional.empty();
    }

    /** Whether this is the answer to a read of {@link #marker}, and the marker is there. */
    static boolean marks(Reply reply) {
        return reply instanceof Reply.Data data
                && Request.word(data.bytes(), data.offset()) == MARKER_HIGH
                && Request.word(data.bytes(), data.offset() + 2) == MARKER_LOW;
    }
}
