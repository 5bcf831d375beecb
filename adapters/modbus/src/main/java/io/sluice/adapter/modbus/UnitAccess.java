package io.sluice.adapter.modbus;

import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.adapter.Sample;
import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Reads and writes single tags of a unit when somebody asks. Confined to its bus's thread. */
final class UnitAccess {

    private static final Status UNREACHABLE = Status.bad(SluiceCode.DEVICE_UNREACHABLE);
    private static final Status NOT_AVAILABLE = Status.bad(SluiceCode.NOT_AVAILABLE);
    private static final Status OTHER_VALUE = Status.bad(SluiceCode.NONE);

    /** Exception code: the device does not know the function (Application Protocol V1.1b3 §7). */
    private static final int ILLEGAL_FUNCTION = 1;

    private final Wire wire;
    private final SunSpecPlaces places;
    private final LongSupplier clock;

    UnitAccess(Wire wire, SunSpecPlaces places, LongSupplier clock) {
        this.wire = wire;
        this.places = places;
        this.clock = clock;
    }

    void run(Errand errand) throws InterruptedException {
        switch (errand) {
            case Errand.Read read -> read.result().complete(read(read.device(), read.tags()));
            case Errand.Write write -> write.result().complete(write(write.device(), write.tag(), write.value()));
        }
    }

    /** A sample of each tag in the order of {@code tags}; of each that cannot be read a bad one. */
    private List<Sample> read(PolledDevice device, List<Integer> tags) throws InterruptedException {
        List<Sample> read = new ArrayList<>();
        // Where the device answers, what is missing is what it has not.
        Status missing = NOT_AVAILABLE;
        try {
            places.find(device);
            for (BlockReader reader : device.readersOf(tags)) {
                read(device, reader, read);
            }
        } catch (IOException e) {
            missing = Bus.status(e);
        }
        Map<Integer, Sample> byTag = new HashMap<>();
        read.forEach(sample -> byTag.put(sample.tag(), sample));
        List<Sample> asked = new ArrayList<>();
        for (int tag : tags) {
            asked.add(byTag.getOrDefault(tag, new Sample(tag, null, missing, clock.getAsLong())));
        }
        return asked;
    }

    /** Reads a block; where the device refuses it, its parts. */
    private void read(PolledDevice device, BlockReader reader, List<Sample> into)
            throws IOException, InterruptedException {
        Reply reply = wire.repeatedly(device, reader.block());
        places.require(device);
        long time = clock.getAsLong();
        switch (reply) {
            case Reply.Data data -> reader.samples(data, time, into);
            case Reply.Refused(int code) -> {
                List<Block> parts = ReadPlanner.split(reader.block());
                if (parts.size() > 1) {
                    for (Block part : parts) {
                        read(device, device.reader(part), into);
                    }
                } else {
                    reader.refused(code, time, into);
                }
            }
        }
    }

    private WriteResult write(PolledDevice device, int tag, Value value) throws InterruptedException {
        try {
            places.find(device);
        } catch (IOException e) {
            return new WriteResult.Failed(Bus.status(e), String.valueOf(e.getMessage()));
        }
        ModbusPlan.Point point = device.point(tag);
        if (!point.place().known()) {
            return new WriteResult.Refused("the device has no SunSpec model with this point");
        }
        return point.table().writable()
                ? write(device, point, value)
                : new WriteResult.Refused(point.table().plural() + " cannot be written");
    }

    private WriteResult write(PolledDevice device, ModbusPlan.Point point, Value value) throws InterruptedException {
        Encoded encoded;
        try {
            encoded = encode(device, point, value);
        } catch (DoesNotFit e) {
            return new WriteResult.Refused(e.getMessage());
        } catch (IOException e) {
            return new WriteResult.Failed(Bus.status(e), String.valueOf(e.getMessage()));
        }
        try {
            return write(device, point, encoded);
        } catch (ConnectFailed e) {
            return new WriteResult.Failed(UNREACHABLE, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new WriteResult.Unknown(String.valueOf(e.getMessage()));
        }
    }

    private Encoded encode(PolledDevice device, ModbusPlan.Point point, Value value)
            throws DoesNotFit, IOException, InterruptedException {
        if (point.table() == Table.COIL) {
            return RegisterEncoder.coil(value);
        }
        int exponent = point.scaledByRegister() ? exponent(device, point) : 0;
        return new RegisterEncoder(point.decoder(), exponent).encode(value);
    }

    private int exponent(PolledDevice device, ModbusPlan.Point point)
            throws DoesNotFit, IOException, InterruptedException {
        int exponent = (short) word(device, new Block(point.scalePlace(), 1, List.of()));
        if (exponent == Short.MIN_VALUE) {
            throw new DoesNotFit("the device gives no scale factor in register " + point.scaleRegister());
        }
        return exponent;
    }

    /** A single register or record. */
    private int word(PolledDevice device, Block block) throws IOException, InterruptedException {
        return switch (wire.repeatedly(device, block)) {
            case Reply.Data data -> Request.word(data.bytes(), data.offset());
            case Reply.Refused(int code) -> throw new IOException(refusal("a read of " + block.describe(), code));
        };
    }

    private WriteResult write(PolledDevice device, ModbusPlan.Point point, Encoded encoded)
            throws IOException, InterruptedException {
        return switch (encoded) {
            case Encoded.Coil(boolean on) -> {
                Write write = Write.coil(point.place().address(), on);
                yield write(device, point, write, write.data());
            }
            case Encoded.Whole(byte[] registers) -> write(device, point, writing(point, registers), registers);
            case Encoded.Part(int mask, int bits) -> {
                MaskWrite part = new MaskWrite(point.place().address(), mask, bits);
                boolean mayMask = point.table() == Table.HOLDING && device.knowsMaskWrite();
                yield mayMask ? maskWrite(device, point, part) : change(device, point, part);
            }
        };
    }

    private static Request writing(ModbusPlan.Point point, byte[] registers) {
        return point.table() == Table.FILE
                ? new FileWrite(point.place(), registers)
                : Write.registers(point.place().address(), registers);
    }

    private WriteResult write(PolledDevice device, ModbusPlan.Point point, Request write, byte[] data)
            throws IOException, InterruptedException {
        return switch (send(device, write)) {
            case Reply.Data _ when point.readBack() -> readBack(device, point.block(), data);
            case Reply.Data _ -> new WriteResult.Written();
            case Reply.Refused(int code) -> failed(write, code);
        };
    }

    /** A device may know only the function that writes several; an exception 1 says that nothing was written. */
    private Reply send(PolledDevice device, Request request) throws IOException, InterruptedException {
        Reply reply = wire.once(device, request);
        boolean unknown = reply instanceof Reply.Refused(int code) && code == ILLEGAL_FUNCTION;
        return unknown && request instanceof Write write && !write.multiple()
                ? wire.once(device, write.asMultiple())
                : reply;
    }

    private static WriteResult failed(Request write, int code) {
        return new WriteResult.Failed(BlockReader.refused(code), refusal("a write to " + write.describe(), code));
    }

    private static String refusal(String what, int code) {
        return "the device refused " + what + " with exception " + code;
    }

    private WriteResult readBack(PolledDevice device, Block block, byte[] written)
            throws IOException, InterruptedException {
        return switch (wire.repeatedly(device, block)) {
            case Reply.Data data -> {
                byte[] held = Arrays.copyOfRange(data.bytes(), data.offset(), data.offset() + written.length);
                boolean same = block.table().bits() ? (held[0] & 1) == written[0] : Arrays.equals(held, written);
                yield same ? new WriteResult.Written() : differs(block, written, held);
            }
            case Reply.Refused(int code) ->
                new WriteResult.Unknown("written, but " + refusal("to read " + block.describe() + " back", code));
        };
    }

    private static WriteResult differs(Block block, byte[] written, byte[] held) {
        HexFormat hex = HexFormat.of();
        return new WriteResult.Failed(
                OTHER_VALUE,
                "wrote " + hex.formatHex(written) + " to " + block.describe() + ", but the device holds "
                        + hex.formatHex(held));
    }

    private WriteResult maskWrite(PolledDevice device, ModbusPlan.Point point, MaskWrite part)
            throws IOException, InterruptedException {
        return switch (wire.once(device, part)) {
            case Reply.Data _ when point.readBack() -> verify(device, point, part);
            case Reply.Data _ -> new WriteResult.Written();
            case Reply.Refused(int code)
            when code == ILLEGAL_FUNCTION -> {
                device.lacksMaskWrite();
                yield change(device, point, part);
            }
            case Reply.Refused(int code) -> failed(part, code);
        };
    }

    /**
     * Reads the register, changes the bits and writes it back, then reads again whether they hold. Nothing else of ours goes
     * to the unit in between; what the device or others change in that moment cannot be kept.
     */
    private WriteResult change(PolledDevice device, ModbusPlan.Point point, MaskWrite part)
            throws IOException, InterruptedException {
        int before;
        try {
            before = word(device, point.block());
        } catch (IOException e) {
            return new WriteResult.Failed(Bus.status(e), String.valueOf(e.getMessage()));
        }
        byte[] register = new byte[2];
        Request.putWord(register, 0, part.applied(before));
        Request write = writing(point, register);
        return switch (send(device, write)) {
            case Reply.Data _ -> verify(device, point, part);
            case Reply.Refused(int code) -> failed(write, code);
        };
    }

    private WriteResult verify(PolledDevice device, ModbusPlan.Point point, MaskWrite part)
            throws IOException, InterruptedException {
        int held = word(device, point.block());
        return (held & part.mask()) == part.bits()
                ? new WriteResult.Written()
                : new WriteResult.Failed(
                        OTHER_VALUE,
                        "wrote bits " + Integer.toHexString(part.bits()) + " of mask "
                                + Integer.toHexString(part.mask()) + " to "
                                + point.block().describe()
                                + ", but the device holds " + Integer.toHexString(held));
    }
}
