package io.sluice.gateway.cli;

import java.util.Optional;

/** Name and version of this program. */
final class Version {

    private Version() {}

    static String text() {
        return "Sluice "
                + Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                        .orElse("(development)");
    }
}
