package io.sluice.profiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML 1.2 into marked nodes. Anchors and aliases work; merge keys and tags do not. */
public final class YamlReader {

    private final String file;
    private final Substitution substitution;
    private final Problems problems;

    private YamlReader(String file, Substitution substitution, Problems problems) {
        this.file = file;
        this.substitution = substitution;
        this.problems = problems;
    }

    /** The map that a file holds; empty after a problem was reported. */
    public static Optional<Node.Mapping> read(Path file, Substitution substitution, Problems problems) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            return read(file.toString(), text, substitution, problems);
        } catch (CharacterCodingException e) {
            problems.error(new Mark(file.toString(), 1, 1), "the file is not UTF-8 text");
        } catch (IOException e) {
            String why = Files.exists(file) ? "cannot read the file" : "there is no such file";
            problems.error(new Mark(file.toString(), 1, 1), why);
        }
        return Optional.empty();
    }

    /**
     * The map that a text holds; empty after a problem was reported.
     *
     * @param file what marks call it
     */
    public static Optional<Node.Mapping> read(String file, String text, Substitution substitution, Problems problems) {
        return new YamlReader(file, substitution, problems).read(text);
    }

    private Optional<Node.Mapping> read(String text) {
        Mark start = new Mark(file, 1, 1);
        try {
            Optional<org.snakeyaml.engine.v2.nodes.Node> root =
                    new Compose(LoadSettings.builder().setLabel(file).build()).composeString(text);
            if (root.isEmpty()) {
                problems.error(start, "the file is empty, expected 'schema: 1' and more");
                return Optional.empty();
            }
            if (convert(root.get()) instanceof Node.Mapping mapping) {
                return Optional.of(mapping);
            }
            problems.error(start, "the file holds no keys, expected 'schema: 1' and more");
        } catch (MarkedYamlEngineException e) {
            YamlMistakes.report(e, text, file, problems);
        } catch (YamlEngineException e) {
            problems.error(start, "this is not YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    private Node convert(org.snakeyaml.engine.v2.nodes.Node node) {
        if (node.isRecursive()) {
            problems.error(mark(node), "the anchor contains itself");
            return new Node.Scalar("", true, mark(node));
        }
        return switch (node) {
            case MappingNode mapping -> mapping(mapping);
            case SequenceNode sequence ->
                new Node.Sequence(
                        sequence.getValue().stream().map(this::convert).toList(), mark(node));
            case ScalarNode scalar -> substitution.apply(scalar(scalar), problems);
            default -> throw new IllegalStateException("the composer made a " + node.getNodeType());
        };
    }

    private Node.Scalar scalar(ScalarNode node) {
        if (!node.getTag().getValue().startsWith("tag:yaml.org,2002:")) {
            problems.error(
                    mark(node),
                    "'" + node.getTag().getValue() + "' is read as a YAML tag; quote a value that begins with !");
        }
        return new Node.Scalar(node.getValue(), !node.isPlain(), mark(node));
    }

    private Node.Mapping mapping(MappingNode node) {
        List<Node.Mapping.Entry> entries = new ArrayList<>();
        Map<String, Mark> seen = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
                problems.error(mark(tuple.getKeyNode()), "a key must be a name; quote a value that begins with { or [");
                continue;
            }
            Node.Scalar key = scalar(keyNode);
            @Nullable Mark first = seen.putIfAbsent(key.text(), key.mark());
            if (first == null) {
                entries.add(new Node.Mapping.Entry(key, convert(tuple.getValueNode())));
            } else {
                problems.error(key.mark(), "key '" + key.text() + "' is there twice, first at " + first);
            }
        }
        return new Node.Mapping(entries, mark(node));
    }

    private Mark mark(org.snakeyaml.engine.v2.nodes.Node node) {
        return node.getStartMark()
                .map(mark -> new Mark(file, mark.getLine() + 1, mark.getColumn() + 1))
                .orElseGet(() -> new Mark(file, 1, 1));
    }
}
