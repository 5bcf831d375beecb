@NullMarked
package io.sluice.gateway.systemd;

import org.jspecify.annotations.NullMarked;
