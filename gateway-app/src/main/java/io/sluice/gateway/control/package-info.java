/** The control socket: what people ask of a running gateway, and how it is answered. */
@NullMarked
package io.sluice.gateway.control;

import org.jspecify.annotations.NullMarked;
