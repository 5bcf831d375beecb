package io.sluice.telemetry;

/**
 * The quality class of a reading and the 32-bit code that explains it.
 *
 * @param space {@link CodeSpace#SLUICE} if the code is 0, which says nothing in any space
 * @param code as the code space defines it: OPC UA StatusCode, Modbus exception code, or one of {@link SluiceCode}
 */
public record Status(Quality quality, CodeSpace space, int code) {

    public Status {
        space = code == 0 ? CodeSpace.SLUICE : space;
    }

    public static final Status GOOD = new Status(Quality.GOOD, CodeSpace.SLUICE, 0);

    public enum Quality {
        GOOD,
        UNCERTAIN,
        BAD
    }

    /** Whose code it is. */
    public enum CodeSpace {
        /** One that this code does not know. */
        UNSPECIFIED,
        SLUICE,
        OPCUA,
        MODBUS
    }

    /** Our own codes. Their numbers are part of the wire contract and never change. */
    public enum SluiceCode {
        /** Nothing to say. */
        NONE(0),
        /** The device does not answer or the connection to it is down. */
        DEVICE_UNREACHABLE(1),
        /** The device answered with something that cannot be decoded. */
        UNDECODABLE(2),
        /** The value does not fit into a message ({@code batch.max-size}). */
        TOO_LARGE(3),
        /** The source gave no usable time; the gateway's stands in. */
        SOURCE_TIME_REPLACED(4),
        /** The value is outside the range of its type or a declared sentinel for "not available". */
        NOT_AVAILABLE(5),
        /** The tag does not exist on the device. */
        UNKNOWN_ADDRESS(6);

        private final int number;

        SluiceCode(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    public static Status bad(SluiceCode code) {
        return new Status(Quality.BAD, CodeSpace.SLUICE, code.number());
    }

    public static Status uncertain(SluiceCode code) {
        return new Status(Quality.UNCERTAIN, CodeSpace.SLUICE, code.number());
    }
}
