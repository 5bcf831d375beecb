package io.sluice.profiles;

import java.util.List;

/** YAML with marks: every scalar keeps where it stands. */
public sealed interface Node {

    Mark mark();

    /**
     * @param text after substitution of {@code ${…}}
     * @param quoted written in quotes, so never a number or a boolean
     */
    record Scalar(String text, boolean quoted, Mark mark) implements Node {}

    record Sequence(List<Node> items, Mark mark) implements Node {}

    record Mapping(List<Entry> entries, Mark mark) implements Node {
        public record Entry(Scalar key, Node value) {}
    }
}
