package io.sluice.telemetry;

/** Numbers of the enums in the .proto. They are said here and not taken from the order of the constants. */
final class EnumNumbers {

    private EnumNumbers() {}

    static int of(Message.Lane lane) {
        return switch (lane) {
            case UNSPECIFIED -> 0;
            case LIVE -> 1;
            case BACKLOG -> 2;
            case RETRY -> 3;
        };
    }

    static Message.Lane lane(int number) {
        return switch (number) {
            case 1 -> Message.Lane.LIVE;
            case 2 -> Message.Lane.BACKLOG;
            case 3 -> Message.Lane.RETRY;
            default -> Message.Lane.UNSPECIFIED;
        };
    }

    static int of(Message.Origin origin) {
        return switch (origin) {
            case UNSPECIFIED -> 0;
            case LIVE -> 1;
            case HISTORY -> 2;
        };
    }

    static Message.Origin origin(int number) {
        return switch (number) {
            case 1 -> Message.Origin.LIVE;
            case 2 -> Message.Origin.HISTORY;
            default -> Message.Origin.UNSPECIFIED;
        };
    }

    static int of(ClockState.Timescale timescale) {
        return switch (timescale) {
            case TAI -> 1;
            case ARB -> 2;
        };
    }

    /** A timescale that is not known has, like ARB, no known offset to TAI. */
    static ClockState.Timescale timescale(int number) {
        return number == 1 ? ClockState.Timescale.TAI : ClockState.Timescale.ARB;
    }

    static int of(ClockState.Synchronised synchronised) {
        return switch (synchronised) {
            case UNKNOWN -> 0;
            case YES -> 1;
            case NO -> 2;
        };
    }

    static ClockState.Synchronised synchronised(int number) {
        return switch (number) {
            case 1 -> ClockState.Synchronised.YES;
            case 2 -> ClockState.Synchronised.NO;
            default -> ClockState.Synchronised.UNKNOWN;
        };
    }

    static int of(Status.Quality quality) {
        return switch (quality) {
            case GOOD -> 1;
            case UNCERTAIN -> 2;
            case BAD -> 3;
        };
    }

    static Status.Quality quality(int number) {
        return switch (number) {
            case 1 -> Status.Quality.GOOD;
            case 3 -> Status.Quality.BAD;
            default -> Status.Quality.UNCERTAIN;
        };
    }

    static int of(Status.CodeSpace space) {
        return switch (space) {
            case UNSPECIFIED -> 0;
            case SLUICE -> 1;
            case OPCUA -> 2;
            case MODBUS -> 3;
        };
    }

    static Status.CodeSpace codeSpace(int number) {
        return switch (number) {
            case 1 -> Status.CodeSpace.SLUICE;
            case 2 -> Status.CodeSpace.OPCUA;
            case 3 -> Status.CodeSpace.MODBUS;
            default -> Status.CodeSpace.UNSPECIFIED;
        };
    }

    static int of(Message.LossReason reason) {
        return switch (reason) {
            case UNSPECIFIED -> 0;
            case EVICTED -> 1;
            case EXPIRED -> 2;
            case REJECTED -> 3;
            case UNREADABLE -> 4;
            case HAND_OFF_FULL -> 5;
            case ADAPTER_QUEUE -> 6;
            case SOURCE_GAP -> 7;
            case NOT_STORED -> 8;
        };
    }

    static Message.LossReason lossReason(int number) {
        return switch (number) {
            case 1 -> Message.LossReason.EVICTED;
            case 2 -> Message.LossReason.EXPIRED;
            case 3 -> Message.LossReason.REJECTED;
            case 4 -> Message.LossReason.UNREADABLE;
            case 5 -> Message.LossReason.HAND_OFF_FULL;
            case 6 -> Message.LossReason.ADAPTER_QUEUE;
            case 7 -> Message.LossReason.SOURCE_GAP;
            case 8 -> Message.LossReason.NOT_STORED;
            default -> Message.LossReason.UNSPECIFIED;
        };
    }

    static int of(Message.State state) {
        return switch (state) {
            case UNSPECIFIED -> 0;
            case ONLINE -> 1;
            case OFFLINE -> 2;
            case CONNECTING -> 3;
            case DEGRADED -> 4;
        };
    }

    static Message.State state(int number) {
        return switch (number) {
            case 1 -> Message.State.ONLINE;
            case 2 -> Message.State.OFFLINE;
            case 3 -> Message.State.CONNECTING;
            case 4 -> Message.State.DEGRADED;
            default -> Message.State.UNSPECIFIED;
        };
    }

    static int of(ValueType type) {
        return switch (type) {
            case FLOAT32 -> 1;
            case FLOAT64 -> 2;
            case SIGNED -> 3;
            case UNSIGNED -> 4;
            case BOOL -> 5;
            case STRING -> 6;
            case BYTES -> 7;
            case STRUCTURE -> 8;
        };
    }

    static int of(TagDescriptor.Kind kind) {
        return switch (kind) {
            case VALUE -> 0;
            case EVENT -> 1;
        };
    }

    static TagDescriptor.Kind kind(int number) {
        return number == 1 ? TagDescriptor.Kind.EVENT : TagDescriptor.Kind.VALUE;
    }

    static boolean knowsValueType(int number) {
        return number >= 1 && number <= 8;
    }

    static ValueType valueType(int number) {
        return switch (number) {
            case 1 -> ValueType.FLOAT32;
            case 2 -> ValueType.FLOAT64;
            case 3 -> ValueType.SIGNED;
            case 4 -> ValueType.UNSIGNED;
            case 5 -> ValueType.BOOL;
            case 6 -> ValueType.STRING;
            case 7 -> ValueType.BYTES;
            case 8 -> ValueType.STRUCTURE;
            default -> throw new IllegalArgumentException("no value type has the number " + number);
        };
    }
}
