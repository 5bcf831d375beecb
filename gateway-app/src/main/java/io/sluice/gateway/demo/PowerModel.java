package io.sluice.gateway.demo;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * What a three-phase meter of a small workshop measures: voltages wander around 230 V, a machine comes and goes, and each
 * power is voltage × current × power factor of the same moment. Confined to one thread.
 */
final class PowerModel {

    /** Registers of the meter; the highest in use is 381. */
    static final int REGISTERS = 382;

    private static final int PHASES = 3;
    private static final double MACHINE_PERIOD_SECONDS = 20;
    private static final double[] BASE_CURRENT = {8.0, 6.5, 7.2};
    private static final double[] POWER_FACTOR = {0.95, 0.97, 0.93};

    private final RandomGenerator random;
    private final double[] drift = new double[PHASES];
    private final double[] energy = {6_120.4, 5_644.9, 6_469.2};
    private final float[] values = new float[REGISTERS / 2];
    private double seconds;

    PowerModel(RandomGenerator random) {
        this.random = random;
        advance(0);
    }

    /** Lets time pass; the energies count up by what the powers were. */
    void advance(double elapsedSeconds) {
        for (int phase = 0; phase < PHASES; phase++) {
            energy[phase] += get(12 + 2 * phase) * elapsedSeconds / 3_600_000;
        }
        seconds += elapsedSeconds;
        Arrays.fill(values, 0);
        for (int phase = 0; phase < PHASES; phase++) {
            measure(phase);
        }
        total();
        set(70, 50 + 0.02 * Math.sin(seconds / 11) + 0.002 * random.nextGaussian());
    }

    /** The value in the two registers from {@code address}; zero where the meter measures nothing. */
    float get(int address) {
        return values[address / 2];
    }

    /** One register as it goes over the wire: the high or the low half of a float, high half first. */
    int register(int address) {
        int bits = Float.floatToIntBits(values[address / 2]);
        return address % 2 == 0 ? bits >>> 16 : bits & 0xFFFF;
    }

    private void measure(int phase) {
        drift[phase] = Math.clamp(drift[phase] + 0.05 * random.nextGaussian(), -3, 3);
        float voltage = (float) (230 + drift[phase] + 1.5 * Math.sin(seconds / 47 + phase));
        boolean machine = seconds % MACHINE_PERIOD_SECONDS > MACHINE_PERIOD_SECONDS / 2;
        float current = (float) (BASE_CURRENT[phase] + (machine ? 4.5 : 0) + 0.1 * random.nextGaussian());
        double angle = Math.acos(POWER_FACTOR[phase]);
        int at = 2 * phase;
        set(at, voltage);
        set(6 + at, current);
        set(12 + at, voltage * current * POWER_FACTOR[phase]);
        set(18 + at, voltage * current);
        set(24 + at, voltage * current * Math.sin(angle));
        set(30 + at, POWER_FACTOR[phase]);
        set(36 + at, Math.toDegrees(angle));
        set(234 + at, 1.8 + 0.05 * random.nextGaussian());
        set(240 + at, 6.0 + 0.1 * random.nextGaussian());
        set(258 + at, current);
        set(264 + at, BASE_CURRENT[phase] + 5);
        set(346 + at, energy[phase]);
        set(358 + at, energy[phase]);
    }

    private void total() {
        set(42, sum(0) / PHASES);
        set(46, sum(6) / PHASES);
        set(48, sum(6));
        set(52, sum(12));
        set(56, sum(18));
        set(60, sum(24));
        set(62, sum(12) / sum(18));
        set(66, Math.toDegrees(Math.acos(sum(12) / sum(18))));
        set(72, sum(346));
        set(84, sum(12));
        set(86, 9_400);
        for (int pair = 0; pair < PHASES; pair++) {
            set(200 + 2 * pair, Math.sqrt(3) * (get(2 * pair) + get(2 * ((pair + 1) % PHASES))) / 2);
        }
        set(206, sum(200) / PHASES);
        set(248, sum(234) / PHASES);
        set(250, sum(240) / PHASES);
        set(342, sum(346));
    }

    private double sum(int address) {
        return (double) get(address) + get(address + 2) + get(address + 4);
    }

    private void set(int address, double value) {
        values[address / 2] = (float) value;
    }
}
