package io.sluice.adapter.opcua;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where a tag's value stands on the server. Namespaces are URIs: indices are known at a Session only. */
sealed interface TagAddress {

    /** The namespace of the standard itself, index 0 on every server. */
    String STANDARD_NAMESPACE = "http://opcfoundation.org/UA/";

    /** A NodeId (Part 3 §8.2). */
    record Node(String namespaceUri, Identifier identifier) implements TagAddress {}

    /** A path of BrowseNames from the root folder, along hierarchical references. */
    record Path(List<Step> steps) implements TagAddress {
        public Path {
            steps = List.copyOf(steps);
            if (steps.isEmpty()) {
                throw new IllegalArgumentException("a browse path needs a step");
            }
        }
    }

    /**
     * All variables whose browse path fits.
     *
     * @param start from the root folder, up to the first step that is no plain name
     * @param rest not empty
     */
    record Pattern(List<Step> start, List<PatternStep> rest) implements TagAddress {
        public Pattern {
            start = List.copyOf(start);
            rest = List.copyOf(rest);
            if (start.isEmpty() || rest.isEmpty()) {
                throw new IllegalArgumentException("a pattern needs a plain step and another one");
            }
        }
    }

    record Step(String namespaceUri, String name) {}

    /**
     * One step of a pattern.
     *
     * @param namespaceUri empty for any
     * @param regex of BrowseNames
     * @param literal whether it is a plain name
     * @param anyDepth whether it stands for any number of steps, also none
     */
    record PatternStep(Optional<String> namespaceUri, String regex, boolean literal, boolean anyDepth) {}

    sealed interface Identifier {}

    /**
     * A number.
     *
     * @param value 0 to 2^32 - 1
     */
    record Numeric(long value) implements Identifier {}

    record Text(String value) implements Identifier {}

    record Guid(UUID value) implements Identifier {}

    /**
     * Bytes.
     *
     * @param base64 as users write it; checked
     */
    record Opaque(String base64) implements Identifier {}
}
