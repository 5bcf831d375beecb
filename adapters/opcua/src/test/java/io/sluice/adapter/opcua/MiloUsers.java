package io.sluice.adapter.opcua;

import javax.security.auth.x500.X500Principal;
import org.eclipse.milo.opcua.sdk.server.identity.AnonymousIdentityValidator;
import org.eclipse.milo.opcua.sdk.server.identity.CompositeValidator;
import org.eclipse.milo.opcua.sdk.server.identity.Identity;
import org.eclipse.milo.opcua.sdk.server.identity.UsernameIdentityValidator;
import org.eclipse.milo.opcua.sdk.server.identity.X509IdentityValidator;

/** Whom the server lets in: anybody without a name, one user with a password, one subject of certificates. */
final class MiloUsers {

    static final String NAME = "sluice";
    static final String PASSWORD = "secret";

    /** Whose certificates are taken for users. */
    static final X500Principal SUBJECT = new X500Principal("CN=operator");

    private MiloUsers() {}

    static CompositeValidator validator() {
        return new CompositeValidator(
                AnonymousIdentityValidator.INSTANCE,
                new UsernameIdentityValidator(
                        challenge -> NAME.equals(challenge.getUsername()) && PASSWORD.equals(challenge.getPassword())),
                new X509IdentityValidator(
                        certificate -> certificate.getSubjectX500Principal().equals(SUBJECT)));
    }

    /** The name, or of a certificate its subject. */
    static String shown(Identity identity) {
        return switch (identity) {
            case Identity.UsernameIdentity user -> user.getUsername();
            case Identity.X509UserIdentity user ->
                user.getCertificate().getSubjectX500Principal().getName();
            default -> "anonymous";
        };
    }
}
