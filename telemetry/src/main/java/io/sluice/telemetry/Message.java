package io.sluice.telemetry;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One message as a receiver sees it, whatever its encoding: {@code sluice.v1.Message}. The fields mean what the .proto
 * says.
 *
 * @param schema version of the contract it was written to, 1 or more
 * @param device {@link #GATEWAY_DEVICE} for the gateway itself
 * @param sequence 0 if this message has none
 * @param settled 0 if not said
 */
public record Message(
        int schema, String gateway, String device, Epoch epoch, long sequence, long settled, Lane lane, Body body) {

    /** The schema version that this code writes. */
    public static final int SCHEMA = 1;

    /** The device that stands for the gateway itself. */
    public static final String GATEWAY_DEVICE = "_gateway";

    public Message {
        if (schema < 1) {
            throw new IllegalArgumentException("schema below 1: " + schema);
        }
        if (sequence < 0 || settled < 0) {
            throw new IllegalArgumentException("sequence or settled negative: " + sequence + ", " + settled);
        }
    }

    public enum Lane {
        UNSPECIFIED,
        LIVE,
        BACKLOG,
        RETRY
    }

    /** What a message says. */
    public sealed interface Body {}

    /** A body of a kind that this code does not know; only in a message of a higher schema. */
    public record Unknown() implements Body {}

    /**
     * Readings in the order of the columns (Protobuf) or of the text (JSON).
     *
     * @param base never decreases within a clock generation; in the batch's timescale
     */
    public record Batch(ClockState clock, Origin origin, PtpTimestamp base, List<Reading> readings) implements Body {
        public Batch {
            readings = List.copyOf(readings);
        }
    }

    public enum Origin {
        UNSPECIFIED,
        /** As the device reported it. */
        LIVE,
        /** Read back from the device's own history. */
        HISTORY
    }

    /**
     * One value of one tag at one time.
     *
     * @param alias number of the tag within the epoch's table; 0 in JSON, where {@code tag} stands instead
     * @param tag name and unit, where the encoding itself says them (JSON)
     * @param type that of the value if there is one
     * @param time in the batch's timescale
     * @param value {@code null} where there is none
     */
    public record Reading(
            int alias,
            Optional<TagDescriptor> tag,
            ValueType type,
            PtpTimestamp time,
            @Nullable Value value,
            Status status) {
        public Reading {
            if (alias < 0) {
                throw new IllegalArgumentException("alias negative: " + alias);
            }
            if (value != null && value.type() != type) {
                throw new IllegalArgumentException("a value of type " + value.type() + " in a reading of " + type);
            }
        }
    }

    /**
     * Sequence 1 of every stream. Times in UTC.
     *
     * @param previousEpoch empty if the device has never been stored before
     * @param previousLast last sequence stored in it
     * @param previousClean that run ended with everything committed
     */
    public record Start(
            Optional<Epoch> previousEpoch,
            long previousLast,
            boolean previousClean,
            Optional<PtpTimestamp> lastReading,
            String bootId,
            PtpTimestamp started,
            String software)
            implements Body {
        public Start {
            requireNotNegative(previousLast, "previousLast");
        }
    }

    public enum LossReason {
        UNSPECIFIED,
        EVICTED,
        EXPIRED,
        REJECTED,
        UNREADABLE,
        HAND_OFF_FULL,
        ADAPTER_QUEUE,
        SOURCE_GAP,
        NOT_STORED
    }

    /**
     * How much was lost for one reason.
     *
     * @param messages 0 where it is not known or nothing had a number
     * @param readings as far as known
     */
    public record LossCount(LossReason reason, long messages, long readings) {
        public LossCount {
            requireNotNegative(messages, "messages");
            requireNotNegative(readings, "readings");
        }
    }

    private static void requireNotNegative(long number, String name) {
        if (number < 0) {
            throw new IllegalArgumentException(name + " is negative or above 2^63 - 1: " + number);
        }
    }

    /** What was lost before it had a number. Times in UTC: the span concerned. */
    public record Loss(List<LossCount> counts, PtpTimestamp first, PtpTimestamp last) implements Body {
        public Loss {
            counts = List.copyOf(counts);
        }
    }

    /**
     * A drop of stored messages.
     *
     * @param last 0 if it is not known: the range is open to the end of {@code lastEpoch}
     * @param counts messages: how many of the numbers in the range are lost, fewer than it holds if ranges were merged
     * @param version rises with every change of this range
     */
    public record LossRange(
            Epoch firstEpoch, long first, Epoch lastEpoch, long last, List<LossCount> counts, long version)
            implements Body {
        public LossRange {
            requireNotNegative(first, "first");
            requireNotNegative(last, "last");
            requireNotNegative(version, "version");
            counts = List.copyOf(counts);
        }
    }

    /**
     * A step of CLOCK_REALTIME, or a change of its offset to TAI.
     *
     * @param shift nanoseconds, new - old
     * @param monotonic nanoseconds of CLOCK_MONOTONIC
     * @param time UTC, after the step
     */
    public record ClockStep(long shift, long monotonic, ClockState clock, PtpTimestamp time) implements Body {
        public ClockStep {
            requireNotNegative(monotonic, "monotonic");
        }
    }

    /** Everything of an older epoch of the device is acknowledged. */
    public record EpochEnd(Epoch epoch, long last) implements Body {
        public EpochEnd {
            requireNotNegative(last, "last");
        }
    }

    /**
     * How far an epoch has come where no numbered message says it.
     *
     * @param last last sequence given; 0: none yet
     * @param connection number of the MQTT connection within the epoch of the process, from 1
     * @param opening sent before any row on the epoch's first connection
     * @param closing the last one of a clean stop
     */
    public record Heartbeat(long last, long connection, boolean opening, boolean closing) implements Body {
        public Heartbeat {
            requireNotNegative(last, "last");
            requireNotNegative(connection, "connection");
        }
    }

    /**
     * Names for aliases.
     *
     * @param id unsigned; the same for all parts
     * @param part from 0, below {@code parts}
     */
    public record Birth(long id, int part, int parts, List<AliasTable> tables) implements Body {
        public Birth {
            if (part < 0 || part >= parts) {
                throw new IllegalArgumentException("part " + part + " of " + parts);
            }
            tables = List.copyOf(tables);
        }
    }

    /** The names of one epoch's aliases. */
    public record AliasTable(Epoch epoch, Map<Integer, TagDescriptor> tags) {
        public AliasTable {
            tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        }
    }

    /** Of a device, or of the gateway itself. */
    public enum State {
        UNSPECIFIED,
        ONLINE,
        OFFLINE,
        CONNECTING,
        DEGRADED
    }

    /**
     * State of a device, or of the gateway itself.
     *
     * @param connection of the gateway itself: number of the MQTT connection in the epoch; else 0
     * @param error last error; empty if none
     * @param since UTC
     * @param counters unsigned
     */
    public record DeviceStatus(
            State state, long connection, boolean clean, String error, PtpTimestamp since, Map<String, Long> counters)
            implements Body {
        public DeviceStatus {
            requireNotNegative(connection, "connection");
            counters = Collections.unmodifiableMap(new TreeMap<>(counters));
        }
    }
}
