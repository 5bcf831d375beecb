package io.sluice.profiles;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** YAML with marks: every scalar keeps where it stands. */
public sealed interface Node {

    Mark mark();

    /**
     * A text, number or boolean, as written.
     *
     * @param text after substitution of {@code ${…}}
     * @param quoted written in quotes, so never a number or a boolean; {@code false} if the text came from outside,
     *     because a reference has to be quoted
     * @param path the file behind the value, if the whole value is one {@code ${file:…}} or {@code ${credential:…}}
     * @param missing what to tell if the value is used: a reference has nothing behind it
     */
    record Scalar(String text, boolean quoted, Mark mark, Optional<Path> path, Optional<String> missing)
            implements Node {

        public Scalar(String text, boolean quoted, Mark mark) {
            this(text, quoted, mark, Optional.empty(), Optional.empty());
        }

        /** Nothing was written: {@code poll:} and no more. */
        boolean empty() {
            return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }
    }

    record Sequence(List<Node> items, Mark mark) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    record Mapping(List<Entry> entries, Mark mark) implements Node {
        public Mapping {
            entries = List.copyOf(entries);
        }

        public record Entry(Scalar key, Node value) {}

        /** The value of a key, if the key is there. */
        public Optional<Node> find(String key) {
            return entries.stream()
                    .filter(entry -> entry.key().text().equals(key))
                    .map(Entry::value)
                    .findFirst();
        }
    }
}
