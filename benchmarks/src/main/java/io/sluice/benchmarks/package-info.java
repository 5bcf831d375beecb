/** Names, rounds and figures: what all benchmarks share. */
@NullMarked
package io.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
