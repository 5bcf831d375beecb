/** What the gateway tells systemd: ready, alive, stopping, and a line for people. */
@NullMarked
package io.sluice.gateway.systemd;

import org.jspecify.annotations.NullMarked;
