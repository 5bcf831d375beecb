/** The gateway's own pages: metrics and health. Loaded only where the configuration asks for them. */
@NullMarked
package io.sluice.gateway.http;

import org.jspecify.annotations.NullMarked;
