package io.sluice.gateway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whose a gateway's files are: those made by another user (certificates, for one) would lock the gateway out of its own directory. */
final class Owner {

    private Owner() {}

    /** Why this process must not make files there; empty if it may. */
    static Optional<String> refusal(Path directory) {
        try {
            String user = System.getProperty("user.name", "");
            String owner =
                    Files.isDirectory(directory) ? Files.getOwner(directory).getName() : user;
            return owner.equals(user) ? Optional.empty() : Optional.of(refusal(directory, owner));
        } catch (IOException e) {
            return Optional.of("cannot look at " + directory + ": " + e.getMessage());
        }
    }

    static String refusal(Path directory, String owner) {
        return "its files in %s belong to user %s: ask as that user (sudo -u %s sluice …)"
                .formatted(directory, owner, owner);
    }
}
