package io.sluice.benchmarks.mqtt;

import com.sun.management.OperatingSystemMXBean;
import io.sluice.benchmarks.mqtt.Publisher.Contender;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * One contender in a process of its own. Each line of standard input, {@code PORT BYTES MILLIS}, is a connection on which it
 * publishes for that long; the answer is {@code MESSAGES CPU-NANOS NANOS}, connecting and the first moments left out.
 */
final class PublisherProcess {

    private static final int WINDOW = 100;
    private static final long RUN_UP_MILLIS = 200;

    private PublisherProcess() {}

    /** Argument: the contender. */
    public static void main(String[] arguments) throws Exception {
        Contender contender = Contender.valueOf(arguments[0]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            System.out.println(measure(
                    contender,
                    Integer.parseInt(words[0]),
                    new byte[Integer.parseInt(words[1])],
                    Long.parseLong(words[2])));
        }
        System.exit(0);
    }

    private static String measure(Contender contender, int port, byte[] payload, long millis) throws Exception {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        try (Loop loop = new Loop(contender, port, payload, WINDOW)) {
            // This time and the next one are what is measured: nothing is awaited.
            Thread.sleep(RUN_UP_MILLIS);
            long messages = loop.acknowledged();
            long cpu = machine.getProcessCpuTime();
            long begin = System.nanoTime();
            Thread.sleep(millis);
            long nanos = System.nanoTime() - begin;
            long cpuNanos = machine.getProcessCpuTime() - cpu;
            return (loop.acknowledged() - messages) + " " + cpuNanos + " " + nanos;
        }
    }
}
