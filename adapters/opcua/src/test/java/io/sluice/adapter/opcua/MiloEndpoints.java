package io.sluice.adapter.opcua;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Period;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.milo.opcua.sdk.server.EndpointConfig;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfig;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.DefaultApplicationGroup;
import org.eclipse.milo.opcua.stack.core.security.DefaultCertificateManager;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateStore;
import org.eclipse.milo.opcua.stack.core.security.MemoryTrustListManager;
import org.eclipse.milo.opcua.stack.core.security.RsaSha256CertificateFactory;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.transport.TransportProfile;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateBuilder;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateGenerator;

/** The certificate of the server, and the endpoints that show it: they announce a host name nobody resolves. */
final class MiloEndpoints {

    static final String URI = "urn:sluice:test:server";

    private final KeyPair keys;
    private final X509Certificate certificate;

    private MiloEndpoints(KeyPair keys, X509Certificate certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    /** With a certificate that is valid from this midnight on. */
    static MiloEndpoints make(Period validity) throws Exception {
        KeyPair keys = SelfSignedCertificateGenerator.generateRsaKeyPair(2048);
        return new MiloEndpoints(
                keys,
                new SelfSignedCertificateBuilder(keys)
                        .setCommonName("test server")
                        .setApplicationUri(URI)
                        .setValidityPeriod(validity)
                        .addDnsName("localhost")
                        .build());
    }

    DefaultCertificateManager certificates() throws Exception {
        MemoryTrustListManager trust = new MemoryTrustListManager();
        CertificateValidator anybody = (chain, uri, hosts) -> {};
        return new DefaultCertificateManager(
                new MemoryCertificateQuarantine(),
                DefaultApplicationGroup.createAndInitialize(
                        trust,
                        new MemoryCertificateStore(),
                        new RsaSha256CertificateFactory() {
                            @Override
                            protected KeyPair createRsaSha256KeyPair() {
                                return keys;
                            }

                            @Override
                            protected X509Certificate[] createRsaSha256CertificateChain(KeyPair pair) {
                                return new X509Certificate[] {certificate};
                            }
                        },
                        anybody));
    }

    /** Without security, and where it is asked for with each policy too. */
    Set<EndpointConfig> at(int port, boolean secure) {
        Set<EndpointConfig> endpoints = new LinkedHashSet<>();
        EndpointConfig.Builder plain = EndpointConfig.newBuilder()
                .setTransportProfile(TransportProfile.TCP_UASC_UABINARY)
                .setBindAddress("127.0.0.1")
                .setBindPort(port)
                .setHostname("a-host-that-nobody-resolves.invalid")
                .setCertificate(certificate)
                .addTokenPolicies(
                        OpcUaServerConfig.USER_TOKEN_POLICY_ANONYMOUS,
                        OpcUaServerConfig.USER_TOKEN_POLICY_USERNAME,
                        OpcUaServerConfig.USER_TOKEN_POLICY_X509);
        endpoints.add(plain.copy()
                .setSecurityPolicy(SecurityPolicy.None)
                .setSecurityMode(MessageSecurityMode.None)
                .build());
        if (secure) {
            for (SecurityPolicy policy : List.of(
                    SecurityPolicy.Basic256Sha256,
                    SecurityPolicy.Aes128_Sha256_RsaOaep,
                    SecurityPolicy.Aes256_Sha256_RsaPss)) {
                endpoints.add(plain.copy()
                        .setSecurityPolicy(policy)
                        .setSecurityMode(MessageSecurityMode.SignAndEncrypt)
                        .build());
            }
        }
        return endpoints;
    }
}
