/** The outbox against raw writing and raw publishing. */
@NullMarked
package io.sluice.benchmarks.outbox;

import org.jspecify.annotations.NullMarked;
