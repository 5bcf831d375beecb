package io.sluice.benchmarks.codec;

import io.sluice.benchmarks.Benchmark;
import io.sluice.benchmarks.Figure;
import io.sluice.benchmarks.Plan;
import io.sluice.benchmarks.Rounds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes and time per reading, from values in memory to a whole message, of the wire format and of JSON with the same
 * content: one reading, and a batch of 100, all timestamps distinct at nanosecond resolution.
 */
public final class CodecBenchmark implements Benchmark {
    private static final String OURS = "sluice";
    private static final String PEER = "jackson";

    @Override
    public String summary() {
        return "bytes and time per reading against Jackson JSON with the same content";
    }

    @Override
    public List<Figure> run(Plan plan) throws IOException {
        Rounds rounds = new Rounds();
        List<Figure> figures = new ArrayList<>();
        for (int size : new int[] {1, 100}) {
            measure(plan, rounds, size);
        }
        rounds.write(plan.results().resolve("codec.csv"));
        figures.add(figure(rounds, "bytes-1", "B/reading", "0.6", "0.5"));
        figures.add(figure(rounds, "bytes-100", "B/reading", "0.25", "0.15"));
        figures.add(figure(rounds, "encode-1", "ns/reading", "0.5", "0.3"));
        figures.add(figure(rounds, "encode-100", "ns/reading", "0.4", "0.2"));
        figures.add(figure(rounds, "decode-1", "ns/reading", "-", "-"));
        figures.add(figure(rounds, "decode-100", "ns/reading", "-", "-"));
        return figures;
    }

    private static Figure figure(Rounds rounds, String name, String unit, String must, String aim) {
        return Figure.of("codec-" + name, unit, rounds.median(name, OURS), PEER, rounds.median(name, PEER), must, aim);
    }

    private static void measure(Plan plan, Rounds rounds, int size) {
        Content content = Content.of(size);
        SluiceSide ours = new SluiceSide(content);
        JacksonSide peer = new JacksonSide(content);
        rounds.add("bytes-" + size, OURS, (double) ours.encode().length / size);
        rounds.add("bytes-" + size, PEER, (double) peer.encode().length / size);
        byte[] ourBytes = ours.encode();
        byte[] peerBytes = peer.encode();
        // The same order of all four in every round, so that a slow moment of the machine meets all of them.
        long warmUpNanos = plan.warmUp().toNanos() / 8;
        long roundNanos = plan.brief() ? 300_000_000L : 1_000_000_000L;
        int count = plan.rounds() * (plan.brief() ? 1 : 3);
        for (int round = -1; round < count; round++) {
            long nanos = round < 0 ? warmUpNanos : roundNanos;
            double encodeOurs = nanosPerCall(nanos, () -> ours.encode().length) / size;
            double encodePeer = nanosPerCall(nanos, () -> peer.encode().length) / size;
            double decodeOurs = nanosPerCall(nanos, () -> ours.decode(ourBytes)) / size;
            double decodePeer = nanosPerCall(nanos, () -> peer.decode(peerBytes)) / size;
            if (round >= 0) {
                rounds.add("encode-" + size, OURS, encodeOurs);
                rounds.add("encode-" + size, PEER, encodePeer);
                rounds.add("decode-" + size, OURS, decodeOurs);
                rounds.add("decode-" + size, PEER, decodePeer);
            }
        }
    }

    /** Something whose result has to be used, or the compiler leaves it out. */
    @FunctionalInterface
    private interface Call {
        long once();
    }

    private static double nanosPerCall(long forNanos, Call call) {
        long sum = 0;
        long calls = 0;
        long begin = System.nanoTime();
        long now = begin;
        while (now - begin < forNanos) {
            for (int i = 0; i < 100; i++) {
                sum += call.once();
            }
            calls += 100;
            now = System.nanoTime();
        }
        if (sum == 0) {
            throw new IllegalStateException("the call did nothing");
        }
        return (double) (now - begin) / calls;
    }
}
