package io.sluice.gateway.southbound;

import io.sluice.telemetry.TagDescriptor;
import java.util.List;
import java.util.Optional;

/** The short numbers that stand for one device's tags in its messages. */
public interface Aliases {

    /** The numbers of exactly these descriptors, in their order; durable when this returns. May wait for a commit. */
    List<Integer> bind(List<TagDescriptor> tags) throws InterruptedException;

    /** What a tag of this name was last bound as, also in an earlier run. */
    Optional<TagDescriptor> last(String tagName);
}
