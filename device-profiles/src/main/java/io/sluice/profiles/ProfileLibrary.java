package io.sluice.profiles;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The profiles that come with Sluice. */
public final class ProfileLibrary {

    /** In alphabetical order. */
    public static final List<String> NAMES =
            List.of("eastron-sdm120", "eastron-sdm230", "eastron-sdm630", "eastron-sdm72-v2", "sunspec");

    private ProfileLibrary() {}

    /** What marks call a profile of the library. */
    static String file(String name) {
        return "library/" + name + ".yaml";
    }

    /**
     * The YAML of a profile.
     *
     * @throws IllegalArgumentException if there is no such profile
     */
    public static String text(String name) {
        try (@Nullable InputStream in = ProfileLibrary.class.getResourceAsStream(file(name))) {
            if (in == null) {
                throw new IllegalArgumentException("no profile " + name + " in the library");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the profile " + name + " of the library", e);
        }
    }
}
