/** The gateway's clock: what time it is, what is known of its quality, and whether it was stepped. */
@NullMarked
package io.sluice.gateway.time;

import org.jspecify.annotations.NullMarked;
