package io.sluice.adapter.opcua;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.DefaultClientCertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.jspecify.annotations.Nullable;

/** Decides for one connection whether the server's certificate is trusted, and remembers why not. */
final class ServerTrust implements CertificateValidator {

    private final Certificates certificates;
    private volatile @Nullable String refusal;

    ServerTrust(Certificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public void validateCertificateChain(
            List<X509Certificate> chain, @Nullable String applicationUri, @Nullable String @Nullable [] hostNames)
            throws UaException {
        try {
            new DefaultClientCertificateValidator(certificates.trustList(), new MemoryCertificateQuarantine())
                    .validateCertificateChain(chain, applicationUri, hostNames);
        } catch (UaException e) {
            refusal = explain(chain.getFirst(), e);
            throw e;
        }
    }

    private String explain(X509Certificate certificate, UaException e) {
        String reason = StatusNames.of(e.getStatusCode().value());
        try {
            Path file = certificates.reject(certificate);
            return "the certificate of the server ("
                    + certificate.getSubjectX500Principal().getName() + ") is not trusted (" + reason
                    + "); to trust it: mv '" + file + "' '" + certificates.trusted() + "/'";
        } catch (LinkFailure failure) {
            return "the certificate of the server is not trusted (" + reason + "), and " + failure.getMessage();
        }
    }

    /** What to do, if the server's certificate was the reason. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }
}
