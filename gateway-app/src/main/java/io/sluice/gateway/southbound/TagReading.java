package io.sluice.gateway.southbound;

import io.sluice.telemetry.Status;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.Value;
import org.jspecify.annotations.Nullable;

/**
 * One tag as it was read on request: scaled, with what is known of it.
 *
 * @param value {@code null} where there is none
 * @param time UTC nanoseconds
 */
public record TagReading(TagDescriptor tag, @Nullable Value value, Status status, long time) {}
