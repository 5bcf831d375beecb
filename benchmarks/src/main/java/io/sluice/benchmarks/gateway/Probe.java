package io.sluice.benchmarks.gateway;

import java.util.Optional;

/**
 * What one arrived message says of the poll that it carries.
 *
 * @param device of the server
 * @param poll registers 4 and 5
 * @param micros registers 0 to 3
 * @param readings in the message
 */
record Probe(String device, int poll, long micros, int readings) {

    static Probe of(String device, long[] registers, int readings) {
        long micros = registers[0] << 48 | registers[1] << 32 | registers[2] << 16 | registers[3];
        return new Probe(device, (int) (registers[4] << 16 | registers[5]), micros, readings);
    }

    /** Reads the messages of one contender. */
    @FunctionalInterface
    interface Decoder {
        /** Empty for a message that carries no poll. */
        Optional<Probe> decode(String topic, byte[] payload);
    }
}
