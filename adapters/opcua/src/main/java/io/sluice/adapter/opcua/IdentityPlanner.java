package io.sluice.adapter.opcua;

import io.sluice.profiles.Problems;
import io.sluice.profiles.Setting;
import io.sluice.profiles.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Turns {@code connection.identity} into an identity, or into problems. */
final class IdentityPlanner {

    private final Settings connection;
    private final Problems problems;

    IdentityPlanner(Settings connection, Problems problems) {
        this.connection = connection;
        this.problems = problems;
    }

    /** Empty if it is anonymous, and if there was an error. */
    Optional<Identity> identity() {
        boolean certificate = given(OpcUaSettings.CERTIFICATE, OpcUaSettings.KEY, OpcUaSettings.KEY_PASSWORD);
        boolean name = given(OpcUaSettings.USERNAME, OpcUaSettings.PASSWORD);
        if (certificate && name) {
            problems.error(
                    connection.mark(
                            connection.given(OpcUaSettings.CERTIFICATE)
                                    ? OpcUaSettings.CERTIFICATE
                                    : OpcUaSettings.KEY),
                    "identity has a user name and a certificate, only one can count");
        }
        return certificate ? certificate() : userName();
    }

    private boolean given(Setting<?>... settings) {
        return List.of(settings).stream().anyMatch(connection::given);
    }

    private Optional<Identity> userName() {
        Optional<String> username = connection.find(OpcUaSettings.USERNAME);
        Optional<String> password = connection.find(OpcUaSettings.PASSWORD);
        if (username.isEmpty() && password.isPresent()) {
            problems.error(connection.mark(OpcUaSettings.PASSWORD), "identity.password without identity.username");
        }
        return username.map(name -> new Identity.UserName(name, password.orElse("")));
    }

    private Optional<Identity> certificate() {
        boolean certificate = connection.given(OpcUaSettings.CERTIFICATE);
        boolean key = connection.given(OpcUaSettings.KEY);
        if (!certificate || !key) {
            problems.error(
                    connection.mark(
                            certificate
                                    ? OpcUaSettings.CERTIFICATE
                                    : key ? OpcUaSettings.KEY : OpcUaSettings.KEY_PASSWORD),
                    "identity.certificate and identity.key belong together, " + missing(certificate, key));
            return Optional.empty();
        }
        Identity.Certificate files = new Identity.Certificate(
                connection.get(OpcUaSettings.CERTIFICATE),
                connection.get(OpcUaSettings.KEY),
                connection.find(OpcUaSettings.KEY_PASSWORD));
        look(files);
        return Optional.of(files);
    }

    private static String missing(boolean certificate, boolean key) {
        return certificate || key ? "one of them is missing" : "both are missing";
    }

    private void look(Identity.Certificate files) {
        if (isToCome(files.certificate()) || isToCome(files.key())) {
            return;
        }
        try {
            UserCertificate.load(files);
        } catch (UserCertificate.Unusable e) {
            problems.error(connection.mark(setting(e.part())), e.why());
        }
    }

    /** A credential that systemd gives when the gateway runs; that it is not there now is a warning already. */
    private static boolean isToCome(Path file) {
        return file.toString().startsWith("${credential:");
    }

    private static Setting<?> setting(UserCertificate.Part part) {
        return switch (part) {
            case CERTIFICATE -> OpcUaSettings.CERTIFICATE;
            case KEY -> OpcUaSettings.KEY;
            case PASSWORD -> OpcUaSettings.KEY_PASSWORD;
        };
    }
}
