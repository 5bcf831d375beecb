/** Composition root: wires the modules into one gateway process. */
@NullMarked
package io.sluice.gateway;

import org.jspecify.annotations.NullMarked;
