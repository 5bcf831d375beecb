package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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
    record Limits(int maxRegisters, int maxCoils, int maxGap, List<AddressRange> forbidden) {
        Limits {
            forbidden = List.copyOf(forbidden);
        }

        int max(Table table) {
            return switch (table) {
                case COIL, DISCRETE -> maxCoils;
                case HOLDING, INPUT -> maxRegisters;
                case FILE -> Math.min(maxRegisters, Table.MAX_RECORDS);
            };
        }

        /** The forbidden range that these addresses touch, if any; {@code from} above {@code to} touches none. */
        Optional<AddressRange> forbidden(Table table, int from, int to) {
            return forbidden.stream()
                    .filter(range -> range.touches(table, from, to))
                    .findFirst();
        }
    }

    /**
     * What one tag needs.
     *
     * @param tag index of the tag
     * @param count registers or bits
     */
    record Span(int tag, Place place, int count) {
        int address() {
            return place.address();
        }

        int end() {
            return place.address() + count;
        }
    }

    /**
     * One request.
     *
     * @param place of the first of them
     * @param count registers or bits
     * @param spans in order of address
     */
    record Block(Place place, int count, List<Span> spans) implements Request {

        /** Sub-request of file records: its length and its type. */
        private static final int SUB_REQUEST = 7;

        private static final int REFERENCE_TYPE = 6;

        Block {
            spans = List.copyOf(spans);
        }

        static Block of(List<Span> spans) {
            Span first = spans.getFirst();
            int end = spans.stream().mapToInt(Span::end).max().orElseThrow();
            return new Block(first.place(), end - first.address(), spans);
        }

        Table table() {
            return place.table();
        }

        int address() {
            return place.address();
        }

        int end() {
            return address() + count;
        }

        /** Bytes of data in the answer: two for a register, one for each eight bits begun. */
        int dataBytes() {
            return table().bits() ? (count + 7) / 8 : 2 * count;
        }

        /** Bytes in front of the data, behind function code and byte count. */
        private int head() {
            return table() == Table.FILE ? 2 : 0;
        }

        @Override
        public int function() {
            return table().readFunction();
        }

        @Override
        public int put(byte[] frame, int at) {
            frame[at] = (byte) function();
            if (table() == Table.FILE) {
                frame[at + 1] = SUB_REQUEST;
                return 2 + putSubRequest(frame, at + 2);
            }
            Request.putWord(frame, at + 1, address());
            Request.putWord(frame, at + 3, count);
            return 5;
        }

        private int putSubRequest(byte[] frame, int at) {
            frame[at] = REFERENCE_TYPE;
            Request.putWord(frame, at + 1, place.file());
            Request.putWord(frame, at + 3, address());
            Request.putWord(frame, at + 5, count);
            return SUB_REQUEST;
        }

        @Override
        public int replyLength(byte[] frame, int at, int have) {
            return 2 + (frame[at + 1] & 0xFF);
        }

        @Override
        public Reply reply(byte[] frame, int at, int end) throws IOException {
            int expected = head() + dataBytes();
            if (end - at != 2 + expected || (frame[at + 1] & 0xFF) != expected) {
                throw new IOException("answered with " + (end - at - 2) + " bytes of data, expected " + expected
                        + " for " + describe());
            }
            if (table() == Table.FILE && ((frame[at + 2] & 0xFF) != expected - 1 || frame[at + 3] != REFERENCE_TYPE)) {
                throw new IOException("answered with something else than file records for " + describe());
            }
            return new Reply.Data(frame, at + 2 + head());
        }

        @Override
        public String describe() {
            return place.describe(count);
        }
    }

    private ReadPlanner() {}

    /** The blocks in order of table and address. */
    static List<Block> plan(List<Span> spans, Limits limits) {
        List<Span> sorted = spans.stream()
                .sorted(Comparator.comparing((Span span) -> span.place().table())
                        .thenComparingInt(span -> span.place().file())
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
        return span.place().beside(block.place())
                && span.address() - block.end() <= limits.maxGap()
                && end - block.address() <= limits.max(block.table())
                && limits.forbidden(block.table(), block.end(), span.address() - 1)
                        .isEmpty();
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
