package io.sluice.adapter.opcua;

import java.nio.file.Path;
import java.util.Optional;

/** Who the gateway is to a server, beside its application certificate (Part 4 §7.40). Names no class of the protocol library. */
public sealed interface Identity {

    /** Hides the password from logs. */
    record UserName(String username, String password) implements Identity {
        @Override
        public String toString() {
            return "UserName[username=" + username + "]";
        }
    }

    /**
     * An X.509 certificate, and the key that proves it. The files are read anew for each connection.
     *
     * @param certificate PEM or DER; a chain begins with the user's own
     * @param key PKCS #8, PEM or DER
     * @param password of the key, if it is encrypted
     */
    record Certificate(Path certificate, Path key, Optional<String> password) implements Identity {
        @Override
        public String toString() {
            return "Certificate[certificate=" + certificate + ", key=" + key + "]";
        }
    }
}
