package io.sluice.adapter.opcua;

import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.DefaultClientCertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.util.validation.ValidationCheck;
import org.jspecify.annotations.Nullable;

/** Decides for one connection whether the server's certificate is trusted, and remembers why not (Part 4 §6.1.3). */
final class ServerTrust implements CertificateValidator {

    private final OpcUaPlan plan;
    private final Certificates certificates;
    private final Expiry expiry;
    private volatile @Nullable String refusal;

    ServerTrust(OpcUaPlan plan, Certificates certificates, Expiry expiry) {
        this.plan = plan;
        this.certificates = certificates;
        this.expiry = expiry;
    }

    @Override
    public void validateCertificateChain(
            List<X509Certificate> chain, @Nullable String applicationUri, @Nullable String @Nullable [] hostNames)
            throws UaException {
        try {
            new DefaultClientCertificateValidator(certificates.trustList(), checks(), new MemoryCertificateQuarantine())
                    .validateCertificateChain(chain, applicationUri, hostNames);
            watch(chain.getFirst());
        } catch (UaException e) {
            refusal = explain(chain.getFirst(), e);
            throw e;
        }
    }

    private Set<ValidationCheck> checks() {
        Set<ValidationCheck> checks = new HashSet<>(ValidationCheck.NO_OPTIONAL_CHECKS);
        if (!plan.connection().acceptExpired()) {
            checks.add(ValidationCheck.VALIDITY);
        }
        return checks;
    }

    private void watch(X509Certificate certificate) {
        expiry.watch(
                plan.device().id(),
                "the certificate of the server of " + plan.device().id() + " (" + subject(certificate) + ")",
                certificate,
                plan.connection().acceptExpired()
                        ? "the server needs a new one"
                        : "the server needs a new one, for without it no connection can be made from then on");
    }

    private String explain(X509Certificate certificate, UaException e) {
        String reason = " (" + StatusNames.of(e.getStatusCode().value()) + ")";
        String named = "the certificate of the server (" + subject(certificate) + ") ";
        String outside = expiry.outside(certificate);
        if (e.getStatusCode().value() == StatusCodes.Bad_CertificateTimeInvalid) {
            return named + outside + reason + "; the server needs a new one, or the device accept-expired: true";
        }
        try {
            StoredCertificate rejected = certificates.reject(certificate);
            return named + "is not trusted" + (outside.isEmpty() ? "" : ", and " + outside) + reason
                    + "; compare its SHA-1 thumbprint " + rejected.sha1() + " with the server's, and to trust it: "
                    + certificates.trust(rejected);
        } catch (LinkFailure failure) {
            return named + "is not trusted" + reason + ", and " + failure.getMessage();
        }
    }

    private static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    /** What to do, if the server's certificate was the reason. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }
}
