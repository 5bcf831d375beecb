package io.sluice.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns decoded messages into a verdict per stream. Pure: no I/O, no clock; the verdict depends only on the messages and
 * their order. Confined to one thread.
 *
 * <p>It has to be given every message that the receiver got, from one subscription to the gateway's {@code data} topics
 * that was not interrupted. It begins without knowledge, and so judges a stream only from where it can know that it was
 * there: from 1 if it got the heartbeat that opens the epoch's first connection, or a live message of an earlier epoch of
 * the same gateway; else from the first heartbeat or live message on.
 *
 * <p>Memory: 16 bytes for each gap between received numbers and up to 65,536 gaps for each stream; beyond that the lowest
 * gap counts as missing for good. One record for each loss range.
 */
public final class Verifier {

    private static final int MISSING_NUMBERS = 100;

    private final TreeMap<String, GatewayRecord> gateways = new TreeMap<>();

    private static final class GatewayRecord {
        final TreeMap<String, DeviceRecord> devices = new TreeMap<>();

        /** Lowest epoch whose own process was heard: what a later process sends, this receiver was there to get. */
        @Nullable
        Epoch heard;

        boolean judgesFromOne(Epoch epoch) {
            return heard != null && epoch.compareTo(heard) > 0;
        }

        void heard(Epoch epoch) {
            heard = heard == null || epoch.compareTo(heard) < 0 ? epoch : heard;
        }

        DeviceRecord device(String id) {
            return devices.computeIfAbsent(id, _ -> new DeviceRecord());
        }
    }

    private static final class DeviceRecord {
        final TreeMap<Epoch, StreamRecord> streams = new TreeMap<>();
        final LossLedger losses = new LossLedger();

        StreamRecord stream(Epoch epoch) {
            return streams.computeIfAbsent(epoch, StreamRecord::new);
        }
    }

    public Verifier() {}

    /** What happened to a message on the way, for printing it. */
    public enum Arrival {
        NEW,
        DUPLICATE,
        OUT_OF_ORDER,
        /** Below the baseline, without a sequence, or of a higher schema. */
        NOT_JUDGED
    }

    /** Takes the next message. */
    public Arrival accept(Message message) {
        GatewayRecord gateway = gateways.computeIfAbsent(message.gateway(), _ -> new GatewayRecord());
        if (message.schema() > Message.SCHEMA) {
            return unsupported(gateway, message);
        }
        if (message.sequence() > 0) {
            return numbered(gateway, message);
        }
        unnumbered(gateway, message);
        return Arrival.NOT_JUDGED;
    }

    private static Arrival unsupported(GatewayRecord gateway, Message message) {
        if (message.sequence() > 0) {
            gateway.device(message.device()).stream(message.epoch()).arrivedUnsupported(message.sequence());
        }
        return Arrival.NOT_JUDGED;
    }

    private static Arrival numbered(GatewayRecord gateway, Message message) {
        DeviceRecord device = gateway.device(message.device());
        StreamRecord stream = device.stream(message.epoch());
        if (message.lane() == Message.Lane.LIVE) {
            gateway.heard(message.epoch());
        }
        boolean fromOne = gateway.judgesFromOne(message.epoch());
        Arrival arrival = stream.arrived(message.sequence(), message.lane(), fromOne);
        stream.settled(message.settled());
        if (arrival != Arrival.DUPLICATE) {
            event(device, stream, message.body(), arrival);
        }
        return arrival;
    }

    /** What numbered messages say beyond their number. */
    private static void event(DeviceRecord device, StreamRecord stream, Message.Body body, Arrival arrival) {
        switch (body) {
            case Message.Start start ->
                start.previousEpoch().ifPresent(epoch -> device.stream(epoch).given(start.previousLast()));
            case Message.EpochEnd end -> device.stream(end.epoch()).end(end.last());
            case Message.Loss loss -> stream.lost(loss.counts(), arrival != Arrival.NOT_JUDGED);
            case Message.Batch _,
                    Message.ClockStep _,
                    Message.LossRange _,
                    Message.Heartbeat _,
                    Message.Birth _,
                    Message.DeviceStatus _,
                    Message.Unknown _ -> {}
        }
    }

    private static void unnumbered(GatewayRecord gateway, Message message) {
        switch (message.body()) {
            case Message.Heartbeat heartbeat -> {
                StreamRecord stream = gateway.device(message.device()).stream(message.epoch());
                stream.heartbeat(heartbeat);
                stream.settled(message.settled());
            }
            case Message.LossRange range -> lossRange(gateway.device(message.device()), message, range);
            case Message.Batch _,
                    Message.Start _,
                    Message.Loss _,
                    Message.ClockStep _,
                    Message.EpochEnd _,
                    Message.Birth _,
                    Message.DeviceStatus _,
                    Message.Unknown _ -> {}
        }
    }

    private static void lossRange(DeviceRecord device, Message message, Message.LossRange range) {
        device.losses.add(range);
        StreamRecord stream = device.stream(message.epoch());
        stream.lossRange();
        stream.settled(message.settled());
        device.stream(range.firstEpoch());
        device.stream(range.lastEpoch());
        device.streams.forEach((epoch, record) -> record.given(device.losses.last(epoch)));
    }

    /** One entry per stream seen, in order of gateway, device and epoch. */
    public List<StreamVerdict> verdict() {
        List<StreamVerdict> verdicts = new ArrayList<>();
        gateways.forEach((gatewayId, gateway) -> gateway.devices.forEach((deviceId, device) -> {
            LossLedger.Settlement settlement = device.losses.new Settlement();
            for (StreamRecord stream : device.streams.values()) {
                boolean fromOne = gateway.judgesFromOne(stream.epoch);
                if (stream.shows(fromOne)) {
                    verdicts.add(verdict(gatewayId, deviceId, stream, fromOne, settlement));
                }
            }
        }));
        return verdicts;
    }

    private static StreamVerdict verdict(
            String gateway, String device, StreamRecord stream, boolean fromOne, LossLedger.Settlement settlement) {
        long last = stream.last();
        long first = Math.min(stream.first(fromOne), last + 1);
        List<NumberSet.Run> settled = stream.unseen(first, Math.min(last, stream.settled() - 1));
        LossLedger.Settlement.Share share = settlement.settle(stream.epoch, settled);
        Map<Message.LossReason, Long> lostReadings = stream.lostReadings(fromOne);
        share.counts().forEach(count -> lostReadings.merge(count.reason(), count.readings(), Long::sum));
        return new StreamVerdict(
                gateway,
                device,
                stream.epoch,
                first,
                last,
                stream.settled(),
                stream.ended(),
                stream.received(first),
                Runs.size(stream.unseen(Math.max(first, stream.settled()), last)),
                Runs.size(share.missing()) + stream.givenUp(),
                Runs.numbers(share.missing(), MISSING_NUMBERS),
                stream.duplicates(),
                stream.outOfOrder(),
                stream.outOfOrderAcrossLanes(),
                share.lost(),
                lostReadings,
                stream.receivedBefore(first),
                stream.unsupported(first));
    }
}
