package io.sluice.gateway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory a Java process holds, over time: resident, and heap in use after a full collection that is asked for. */
final class Footprint {

    record Sample(double minute, double residentMebibytes, double heapMebibytes) {}

    /** A line through samples: what it says at the begin and at the end of them. */
    record Trend(double first, double last) {
        double growth() {
            return last - first;
        }
    }

    private static final Pattern USED = Pattern.compile("(?m)^ *(?:def new|DefNew|tenured|Tenured).* used (\\d+)K");

    private final Path directory;
    private final long pid;
    private final List<Sample> samples = new ArrayList<>();

    Footprint(Path directory, long pid) {
        this.directory = directory;
        this.pid = pid;
    }

    Sample take(double minute) throws IOException {
        double resident = residentMebibytes();
        jcmd("GC.run");
        Sample sample = new Sample(minute, resident, heapMebibytes(jcmd("GC.heap_info")));
        samples.add(sample);
        return sample;
    }

    private double residentMebibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / 1024.0;
    }

    private static double heapMebibytes(String info) {
        Matcher used = USED.matcher(info);
        double kibibytes = 0;
        int generations = 0;
        for (; used.find(); generations++) {
            kibibytes += Long.parseLong(used.group(1));
        }
        if (generations != 2) {
            throw new IllegalStateException("not the heap of a serial collector: " + info);
        }
        return kibibytes / 1024;
    }

    private String jcmd(String command) {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try (Peer jcmd = Peer.start("jcmd", directory, program, Long.toString(pid), command)) {
            if (jcmd.awaitExit(Peer.PATIENCE) != 0) {
                throw new AssertionError(jcmd.transcript());
            }
            return String.join("\n", jcmd.output());
        }
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** The least-squares line through the samples from this minute on; there must be two. */
    Trend trend(double fromMinute, ToDoubleFunction<Sample> value) {
        List<Sample> judged =
                samples.stream().filter(s -> s.minute() >= fromMinute).toList();
        double meanX = judged.stream().mapToDouble(Sample::minute).average().orElseThrow();
        double meanY = judged.stream().mapToDouble(value).average().orElseThrow();
        double covariance = judged.stream()
                .mapToDouble(s -> (s.minute() - meanX) * (value.applyAsDouble(s) - meanY))
                .sum();
        double variance = judged.stream()
                .mapToDouble(s -> (s.minute() - meanX) * (s.minute() - meanX))
                .sum();
        double slope = covariance / variance;
        return new Trend(
                meanY + slope * (judged.getFirst().minute() - meanX),
                meanY + slope * (judged.getLast().minute() - meanX));
    }
}
