package io.sluice.gateway.demo;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** How the simulated press moves: 30 strokes a minute, with a pause after every tenth part. Confined to one thread. */
final class PressModel {

    static final double MAX_FORCE_KILONEWTON = 4_000;
    static final double STROKES_PER_MINUTE = 30;
    static final int ZONES = 8;

    private static final long STROKE_MILLIS = Math.round(60_000 / STROKES_PER_MINUTE);
    private static final long RUN_MILLIS = 10 * STROKE_MILLIS;
    private static final long IDLE_MILLIS = 3_000;
    private static final double HEAT_PER_ZONE = 2.5;

    private final SplittableRandom random = new SplittableRandom(4_000);
    private final double[] zones = new double[ZONES];
    private double oilPercent = 82;
    private long elapsedMillis;

    PressModel() {
        for (int zone = 0; zone < ZONES; zone++) {
            zones[zone] = target(zone);
        }
    }

    enum State {
        STOPPED(0),
        SETUP(1),
        IDLE(2),
        RUNNING(3),
        FAULT(4);

        private final int number;

        State(int number) {
            this.number = number;
        }

        /** What the server reports. */
        int number() {
            return number;
        }
    }

    /**
     * @param force kN
     * @param zoneTemperatures degrees Celsius
     * @param oilLevel percent
     */
    record Snapshot(State state, double force, List<Double> zoneTemperatures, double oilLevel) {}

    Snapshot step(long millis) {
        elapsedMillis += millis;
        long inCycle = elapsedMillis % (RUN_MILLIS + IDLE_MILLIS);
        State state = inCycle < RUN_MILLIS ? State.RUNNING : State.IDLE;
        for (int zone = 0; zone < ZONES; zone++) {
            zones[zone] += (target(zone) - zones[zone]) * 0.05 + random.nextDouble(-0.2, 0.2);
        }
        oilPercent = oilPercent < 70 ? 82 : oilPercent - 0.000_4 * millis * random.nextDouble();
        double force = state == State.RUNNING ? force(inCycle % STROKE_MILLIS) : 0;
        List<Double> shown =
                Arrays.stream(zones).map(PressModel::tenths).boxed().toList();
        return new Snapshot(state, tenths(force), shown, tenths(oilPercent));
    }

    /** Sensors have a resolution. */
    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private static double target(int zone) {
        return 180 + HEAT_PER_ZONE * zone;
    }

    /** The ram meets the part in the lower third of its way. */
    private double force(long inStrokeMillis) {
        double depth = Math.sin(Math.PI * inStrokeMillis / STROKE_MILLIS);
        double pressed = Math.max(0, (depth - 0.67) / 0.33);
        return pressed == 0 ? 0 : Math.min(MAX_FORCE_KILONEWTON, 2_650 * pressed + random.nextDouble(-15, 15));
    }
}
