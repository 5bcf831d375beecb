/** Simulated devices that speak the real protocols over real sockets, for {@code ./sluice demo} and for tests. */
@NullMarked
package io.sluice.gateway.demo;

import org.jspecify.annotations.NullMarked;
