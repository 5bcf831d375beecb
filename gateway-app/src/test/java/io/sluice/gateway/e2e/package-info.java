/** Sluice and its neighbours as processes of their own: brokers and servers that others wrote. */
@NullMarked
package io.sluice.gateway.e2e;

import org.jspecify.annotations.NullMarked;
