/** Bytes and time per reading against JSON. */
@NullMarked
package io.sluice.benchmarks.codec;

import org.jspecify.annotations.NullMarked;
