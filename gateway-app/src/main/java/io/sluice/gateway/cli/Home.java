package io.sluice.gateway.cli;

import java.nio.file.Path;

/** Where this program is installed or checked out. */
final class Home {

    private Home() {}

    /** A file under {@code examples/}; the launcher says where that is. */
    static Path example(String name) {
        return Path.of(System.getProperty("sluice.home", "."))
                .resolve("examples")
                .resolve(name);
    }
}
