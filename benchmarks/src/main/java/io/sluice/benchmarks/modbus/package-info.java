/** Modbus TCP round trips against j2mod. */
@NullMarked
package io.sluice.benchmarks.modbus;

import org.jspecify.annotations.NullMarked;
