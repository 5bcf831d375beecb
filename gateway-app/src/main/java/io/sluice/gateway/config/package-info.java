/** The gateway's file: what users write, as typed records, or the complete list of problems. */
@NullMarked
package io.sluice.gateway.config;

import org.jspecify.annotations.NullMarked;
