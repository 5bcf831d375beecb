@NullMarked
package io.sluice.gateway.time;

import org.jspecify.annotations.NullMarked;
