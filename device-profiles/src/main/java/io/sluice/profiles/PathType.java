package io.sluice.profiles;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A path, relative to the file in which it is written.
 *
 * @param existing whether it must be a file that can be read
 */
record PathType(boolean existing) implements SettingType<Path> {

    @Override
    public String expected() {
        return existing ? "a file" : "a path";
    }

    @Override
    public @Nullable Path parse(String name, Node node, Problems problems) {
        Optional<Node.Scalar> scalar = ScalarType.scalar(name, node, expected(), problems);
        return scalar.map(found -> found.path().orElseGet(() -> resolve(name, found, problems)))
                .orElse(null);
    }

    private @Nullable Path resolve(String name, Node.Scalar scalar, Problems problems) {
        try {
            Path path = Path.of(scalar.mark().file()).resolveSibling(scalar.text());
            if (!existing || Files.isReadable(path)) {
                return path;
            }
            problems.error(scalar.mark(), "cannot read file '" + path + "' for " + name);
        } catch (InvalidPathException e) {
            problems.error(scalar.mark(), "bad path for " + name + ": " + e.getReason());
        }
        return null;
    }
}
