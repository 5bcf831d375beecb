/** Simulated servers that count what they answer, for tests and benchmarks; no part of the product. */
@NullMarked
package io.sluice.field;

import org.jspecify.annotations.NullMarked;
