package io.sluice.adapter.opcua;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The SecurityPolicy and MessageSecurityMode that users ask for (Part 7 §6.6). */
record Security(Policy policy, Mode mode) {

    static final Security NONE = new Security(Policy.NONE, Mode.NONE);

    enum Policy {
        NONE("None"),
        BASIC_128_RSA_15("Basic128Rsa15"),
        BASIC_256("Basic256"),
        BASIC_256_SHA_256("Basic256Sha256"),
        AES_128_SHA_256_RSA_OAEP("Aes128_Sha256_RsaOaep"),
        AES_256_SHA_256_RSA_PSS("Aes256_Sha256_RsaPss");

        private final String written;

        Policy(String written) {
            this.written = written;
        }

        String written() {
            return written;
        }

        String uri() {
            return "http://opcfoundation.org/UA/SecurityPolicy#" + written;
        }

        /** Part 7 withdrew what rests on SHA-1. */
        boolean withdrawn() {
            return this == BASIC_128_RSA_15 || this == BASIC_256;
        }
    }

    enum Mode {
        NONE("None"),
        SIGN("Sign"),
        SIGN_AND_ENCRYPT("SignAndEncrypt");

        private final String written;

        Mode(String written) {
            this.written = written;
        }

        String written() {
            return written;
        }
    }

    Security {
        if ((policy == Policy.NONE) != (mode == Mode.NONE)) {
            throw new IllegalArgumentException(policy + " with " + mode);
        }
    }

    static String expected() {
        return "None, or a policy and a mode such as Basic256Sha256/SignAndEncrypt (policies: "
                + Arrays.stream(Policy.values()).skip(1).map(Policy::written).collect(Collectors.joining(", "))
                + "; modes: Sign, SignAndEncrypt)";
    }

    static Optional<Security> parse(String text) {
        if (text.equals(Policy.NONE.written)) {
            return Optional.of(NONE);
        }
        return combinations()
                .filter(security -> security.written().equals(text))
                .findFirst();
    }

    private static java.util.stream.Stream<Security> combinations() {
        return Arrays.stream(Policy.values())
                .filter(policy -> policy != Policy.NONE)
                .flatMap(policy -> java.util.stream.Stream.of(
                        new Security(policy, Mode.SIGN), new Security(policy, Mode.SIGN_AND_ENCRYPT)));
    }

    /** {@code Policy/Mode}, or {@code None}. */
    String written() {
        return policy == Policy.NONE ? policy.written : policy.written + "/" + mode.written;
    }

    /** As users write it, for reference pages. */
    @Override
    public String toString() {
        return written();
    }
}
