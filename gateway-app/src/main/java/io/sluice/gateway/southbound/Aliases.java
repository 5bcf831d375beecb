package io.sluice.gateway.southbound;

import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.ValueType;
import java.util.Optional;

/** The short numbers that stand for one device's tags in its messages. */
public interface Aliases {

    /** The number of exactly this descriptor; durable when this returns. May wait for a commit. */
    int bind(TagDescriptor tag) throws InterruptedException;

    /** The type under which a tag of this name was last bound, also in an earlier run. */
    Optional<ValueType> lastType(String tagName);
}
