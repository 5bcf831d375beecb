/** Processor time per OPC UA notification against a bare client of the same library. */
@NullMarked
package io.sluice.benchmarks.opcua;

import org.jspecify.annotations.NullMarked;
