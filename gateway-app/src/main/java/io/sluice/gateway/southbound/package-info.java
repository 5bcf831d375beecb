/** From samples to stored batches: scaling, deadband, quality, timestamps, batching. */
@NullMarked
package io.sluice.gateway.southbound;

import org.jspecify.annotations.NullMarked;
