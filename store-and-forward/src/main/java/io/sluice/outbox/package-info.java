/** The durable side: a bounded outbox of opaque bodies, stream identity, and the forwarder with its Publisher port. */
@NullMarked
package io.sluice.outbox;

import org.jspecify.annotations.NullMarked;
