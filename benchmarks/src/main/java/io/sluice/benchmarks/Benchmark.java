package io.sluice.benchmarks;

import java.util.List;

/** One name of {@code benchmarks/run}. */
public interface Benchmark {

    /** One line for the list of names. */
    String summary();

    List<Figure> run(Plan plan) throws Exception;
}
