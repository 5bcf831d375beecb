/** The whole gateway against Node-RED, both as processes. */
@NullMarked
package io.sluice.benchmarks.gateway;

import org.jspecify.annotations.NullMarked;
