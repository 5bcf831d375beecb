package io.sluice.telemetry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message as a receiver sees it, whatever its encoding: {@code sluice.v1.Message}. The fields mean what the .proto
 * says.
 *
 * @param sequence unsigned; 0 if this message has none
 * @param settled unsigned; 0 if not said
 */
public record Message(
        int schema, String gateway, String device, Epoch epoch, long sequence, long settled, Lane lane, Body body) {

    /** The schema version that this code writes. */
    public static final int SCHEMA = 1;

    public enum Lane {
        UNSPECIFIED,
        LIVE,
        BACKLOG,
        RETRY
    }

    public sealed interface Body {}

    /** Readings in the order of the columns (Protobuf) or of the text (JSON). */
    public record Batch(ClockState clock, Origin origin, List<Reading> readings) implements Body {
        public Batch {
            readings = List.copyOf(readings);
        }
    }

    public enum Origin {
        LIVE,
        HISTORY
    }

    /**
     * @param alias number of the tag within the epoch's table; 0 in JSON, where {@code tag} stands instead
     * @param tag name and unit, where the encoding itself says them (JSON)
     * @param time in the batch's timescale
     * @param value {@code null} where there is none
     */
    public record Reading(
            int alias,
            Optional<TagDescriptor> tag,
            PtpTimestamp time,
            @Nullable Value value,
            Status status) {}

    /** Times in UTC. */
    public record Start(
            Optional<Epoch> previousEpoch,
            long previousLast,
            boolean previousClean,
            Optional<PtpTimestamp> lastReading,
            String bootId,
            PtpTimestamp started,
            String software)
            implements Body {}

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

    public record LossCount(LossReason reason, long messages, long readings) {}

    /** Times in UTC. */
    public record Loss(List<LossCount> counts, PtpTimestamp first, PtpTimestamp last) implements Body {
        public Loss {
            counts = List.copyOf(counts);
        }
    }

    public record LossRange(
            Epoch firstEpoch, long first, Epoch lastEpoch, long last, List<LossCount> counts, long version)
            implements Body {
        public LossRange {
            counts = List.copyOf(counts);
        }
    }

    /**
     * @param shift nanoseconds, new - old
     * @param monotonic nanoseconds of CLOCK_MONOTONIC
     * @param time UTC, after the step
     */
    public record ClockStep(long shift, long monotonic, ClockState clock, PtpTimestamp time) implements Body {}

    public record EpochEnd(Epoch epoch, long last) implements Body {}

    public record Heartbeat(long last, long connection, boolean opening, boolean closing) implements Body {}

    public record Birth(long id, int part, int parts, List<AliasTable> tables) implements Body {
        public Birth {
            tables = List.copyOf(tables);
        }
    }

    public record AliasTable(Epoch epoch, Map<Integer, TagDescriptor> tags) {
        public AliasTable {
            tags = Map.copyOf(tags);
        }
    }

    public enum State {
        UNSPECIFIED,
        ONLINE,
        OFFLINE,
        CONNECTING,
        DEGRADED
    }

    /**
     * @param error last error; empty if none
     * @param since UTC
     */
    public record DeviceStatus(
            State state, long connection, boolean clean, String error, PtpTimestamp since, Map<String, Long> counters)
            implements Body {
        public DeviceStatus {
            counters = Map.copyOf(counters);
        }
    }
}
