package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Plans which blocks are read, so that all tags are covered by few requests: tags are merged across holes up to a limit,
 * within the device's maximum per request, and never across ranges that the device forbids. A tag is never split, because
 * two requests do not see one moment.
 *
 * <p>Pure: the same spans and limits give the same blocks.
 */
final class ReadPlanner {

    /**
     * What a device allows.
     *
     * @param maxRegisters 1 to 125 in one request
     * @param maxCoils 1 to 2000 in one request, of coils and discrete inputs
     * @param maxGap registers or bits that nobody wants, read so that two tags share a request; 0: none
     * @param forbidden ranges that must not be read, not even in a hole
     */
    record Limits(int maxRegisters, int maxCoils, int maxGap, List<Range> forbidden) {
        Limits {
            forbidden = List.copyOf(forbidden);
        }

        int max(Table table) {
            return table.bits() ? maxCoils : maxRegisters;
        }
    }

    /**
     * Addresses of one table.
     *
     * @param first zero-based
     * @param last inclusive
     */
    record Range(Table table, int first, int last) {
        boolean touches(Table other, int from, int to) {
            return table == other && first <= to && last >= from;
        }
    }

    /**
     * What one tag needs.
     *
     * @param tag index of the tag
     * @param address zero-based
     * @param count registers or bits
     */
    record Span(int tag, Table table, int address, int count) {
        int end() {
            return address + count;
        }
    }

    /**
     * One request.
     *
     * @param address zero-based
     * @param count registers or bits
     * @param spans in order of address
     */
    record Block(Table table, int address, int count, List<Span> spans) implements Request {
        Block {
            spans = List.copyOf(spans);
        }

        static Block of(List<Span> spans) {
            Span first = spans.getFirst();
            int end = spans.stream().mapToInt(Span::end).max().orElseThrow();
            return new Block(first.table(), first.address(), end - first.address(), spans);
        }

        int end() {
            return address + count;
        }

        /** Bytes of data in the answer: two for a register, one for each eight bits begun. */
        int dataBytes() {
            return table.bits() ? (count + 7) / 8 : 2 * count;
        }

        @Override
        public int function() {
            return table.readFunction();
        }

        @Override
        public int put(byte[] frame, int at) {
            frame[at] = (byte) table.readFunction();
            Request.putWord(frame, at + 1, address);
            Request.putWord(frame, at + 3, count);
            return 5;
        }

        @Override
        public int replyLength(byte[] frame, int at, int have) {
            return 2 + (frame[at + 1] & 0xFF);
        }

        @Override
        public Reply reply(byte[] frame, int at, int end) throws IOException {
            int expected = dataBytes();
            if (end - at != 2 + expected || (frame[at + 1] & 0xFF) != expected) {
                throw new IOException("answered with " + (end - at - 2) + " bytes of data, expected " + expected
                        + " for " + describe());
            }
            return new Reply.Data(frame, at + 2);
        }

        @Override
        public String describe() {
            return table.plural() + " " + address + (count == 1 ? "" : " to " + (end() - 1));
        }
    }

    private ReadPlanner() {}

    /** The blocks in order of table and address. */
    static List<Block> plan(List<Span> spans, Limits limits) {
        List<Span> sorted = spans.stream()
                .sorted(Comparator.comparing(Span::table)
                        .thenComparingInt(Span::address)
                        .thenComparingInt(Span::count)
                        .thenComparingInt(Span::tag))
                .toList();
        List<Block> blocks = new ArrayList<>();
        List<Span> open = new ArrayList<>();
        for (Span span : sorted) {
            if (!open.isEmpty() && !joins(Block.of(open), span, limits)) {
                blocks.add(Block.of(open));
                open.clear();
            }
            open.add(span);
        }
        if (!open.isEmpty()) {
            blocks.add(Block.of(open));
        }
        return blocks;
    }

    private static boolean joins(Block block, Span span, Limits limits) {
        int end = Math.max(block.end(), span.end());
        return span.table() == block.table()
                && span.address() - block.end() <= limits.maxGap()
                && end - block.address() <= limits.max(block.table())
                && limits.forbidden().stream()
                        .noneMatch(range -> range.touches(block.table(), block.end(), span.address() - 1));
    }

    /**
     * Cuts a block that the device refused into two, at its widest hole if it has one, else in the middle; the block alone
     * if it holds a single span.
     */
    static List<Block> split(Block block) {
        List<Span> spans = block.spans();
        if (spans.size() == 1) {
            return List.of(block);
        }
        int cut = cutPoint(spans);
        return List.of(Block.of(spans.subList(0, cut)), Block.of(spans.subList(cut, spans.size())));
    }

    private static int cutPoint(List<Span> spans) {
        int cut = spans.size() / 2;
        int widest = 0;
        int end = spans.getFirst().end();
        for (int i = 1; i < spans.size(); i++) {
            int hole = spans.get(i).address() - end;
            if (hole > widest) {
                widest = hole;
                cut = i;
            }
            end = Math.max(end, spans.get(i).end());
        }
        return cut;
    }
}
