package io.sluice.gateway.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * A broker and a meter for the gateway that the launcher runs once after a build: what Java learns from that run about
 * the paths of a reading goes into its AOT cache, so that later runs start and warm up faster.
 */
public final class Rehearsal {

    private Rehearsal() {}

    /** {@code DIRECTORY}: prints the ports of broker and meter in one line, then serves until its standard input ends. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        try (EmbeddedBroker broker = new EmbeddedBroker(directory);
                EnergyMeter meter = new EnergyMeter(RandomGenerator.getDefault())) {
            System.out.println(broker.port() + " " + meter.port());
            while (System.in.read() >= 0) {
                // Nothing is said there; only the end counts.
            }
        }
        System.exit(0);
    }
}
