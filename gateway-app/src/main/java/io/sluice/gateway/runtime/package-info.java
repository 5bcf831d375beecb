/** The gateway process: one constructor that wires its parts, start and stop. */
@NullMarked
package io.sluice.gateway.runtime;

import org.jspecify.annotations.NullMarked;
