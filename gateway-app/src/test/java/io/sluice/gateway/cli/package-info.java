@NullMarked
package io.sluice.gateway.cli;

import org.jspecify.annotations.NullMarked;
