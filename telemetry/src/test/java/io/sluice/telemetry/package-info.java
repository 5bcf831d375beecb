@NullMarked
package io.sluice.telemetry;

import org.jspecify.annotations.NullMarked;
