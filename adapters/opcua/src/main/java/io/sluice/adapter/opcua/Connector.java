package io.sluice.adapter.opcua;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClientConfig;
import org.eclipse.milo.opcua.sdk.client.OpcUaClientConfigBuilder;
import org.eclipse.milo.opcua.sdk.client.identity.IdentityProvider;
import org.eclipse.milo.opcua.sdk.client.identity.UsernameProvider;
import org.eclipse.milo.opcua.sdk.client.identity.X509IdentityProvider;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransport;
import org.jspecify.annotations.Nullable;

/** Opens Sessions with one server. Blocks; leaves nothing behind on the server when it fails. Confined to one thread. */
final class Connector {

    private final OpcUaPlan plan;
    private final OpcUaPlan.Connection connection;
    private final Approach approach;
    private final Certificates certificates;
    private final Expiry expiry;
    private final Timings timings;
    private @Nullable EndpointDescription known;

    Connector(OpcUaPlan plan, Approach approach, Certificates certificates, Expiry expiry, Timings timings) {
        this.plan = plan;
        this.connection = plan.connection();
        this.approach = approach;
        this.certificates = certificates;
        this.expiry = expiry;
        this.timings = timings;
    }

    /** A client whose Session is active. */
    TellingClient connect() throws LinkFailure, InterruptedException {
        @Nullable EndpointDescription offered = known;
        EndpointDescription endpoint =
                offered == null ? new EndpointChoice(connection).among(approach.endpoints()) : offered;
        // Where the server connects when it likes, its endpoint counts until it fails: to ask for it takes a
        // connection.
        known = approach.isRare() ? endpoint : null;
        try {
            return session(endpoint);
        } catch (LinkFailure e) {
            known = e.awaitsServer() ? known : null;
            throw e;
        }
    }

    private TellingClient session(EndpointDescription endpoint) throws LinkFailure, InterruptedException {
        ServerTrust trust = new ServerTrust(plan, certificates, expiry);
        OpcTcpClientTransport transport = approach.transport();
        TellingClient client = client(endpoint, trust, transport);
        try {
            client.connectAsync().get(3 * connection.timeout().toMillis(), TimeUnit.MILLISECONDS);
            return client;
        } catch (ExecutionException | TimeoutException e) {
            var _ = disconnect(client);
            throw trust.refusal()
                    .map(refusal -> new LinkFailure(connection.endpoint() + ": " + refusal, e))
                    .orElseGet(() -> failure(transport, e));
        } catch (InterruptedException e) {
            var _ = disconnect(client);
            throw e;
        }
    }

    private LinkFailure failure(OpcTcpClientTransport transport, Exception e) {
        LinkFailure failure = approach.failure(transport, e, " again");
        String hints = String.join("; ", hints(failure));
        return hints.isEmpty() ? failure : new LinkFailure(failure.getMessage() + ": " + hints, e);
    }

    /** The server's words for an expired certificate are no clearer than those for one that it does not know. */
    private List<String> hints(LinkFailure failure) {
        if (!failure.refusesIdentity() && !failure.refusesCertificate()) {
            return List.of();
        }
        List<String> hints = new ArrayList<>(expiry.expired(plan.device().id()));
        hints.add(
                failure.refusesIdentity()
                        ? connection
                                .identity()
                                .map(Connector::identityHint)
                                .orElse("the server wants to know who the user is")
                        : untrusted());
        hints.removeIf(String::isEmpty);
        return hints;
    }

    private static String identityHint(Identity identity) {
        return switch (identity) {
            case Identity.UserName _ -> "the user name or the password is wrong, or the user may not connect";
            case Identity.Certificate user ->
                "perhaps the server does not trust the user's certificate " + user.certificate() + " yet";
        };
    }

    private String untrusted() {
        List<String> own = new ArrayList<>();
        if (!connection.security().equals(Security.NONE)) {
            own.add(certificates.ownCertificate().toString());
        }
        if (connection.identity().orElse(null) instanceof Identity.Certificate user) {
            own.add("the user's certificate " + user.certificate());
        }
        return own.isEmpty() ? "" : "perhaps the server does not trust " + String.join(" or ", own) + " yet";
    }

    /** A client that is not told to disconnect goes on making Sessions for ever. Does not wait. */
    static CompletableFuture<OpcUaClient> disconnect(OpcUaClient client) {
        if (client.getTransport() instanceof ReverseTransport reverse) {
            reverse.stopWaiting();
        }
        return client.disconnectAsync();
    }

    private TellingClient client(EndpointDescription endpoint, ServerTrust trust, OpcTcpClientTransport transport)
            throws LinkFailure {
        OpcUaClientConfigBuilder config = OpcUaClientConfig.builder()
                .setEndpoint(endpoint)
                .setApplicationName(LocalizedText.english("Sluice"))
                .setApplicationUri("urn:" + Certificates.hostName() + ":sluice")
                .setProductUri("urn:sluice")
                .setSessionName(() -> "sluice-" + plan.device().id())
                .setSessionTimeout(millis(timings.resume().plus(timings.resume())))
                .setRequestTimeout(millis(connection.timeout()))
                .setKeepAliveInterval(millis(timings.keepAlive()))
                .setKeepAliveTimeout(millis(timings.keepAliveTimeout()))
                .setKeepAliveFailuresAllowed(UInteger.valueOf(1))
                .setCertificateValidator(trust);
        if (connection.identity().isPresent()) {
            config.setIdentityProvider(provider(connection.identity().get(), trust));
        }
        if (!connection.security().equals(Security.NONE)) {
            identify(config);
        }
        return new TellingClient(config.build(), transport);
    }

    private IdentityProvider provider(Identity identity, ServerTrust trust) throws LinkFailure {
        return switch (identity) {
            case Identity.UserName user -> new UsernameProvider(user.username(), user.password(), passwordTrust(trust));
            case Identity.Certificate files -> {
                addProvider();
                UserCertificate user = userCertificate(files);
                expiry.watch(
                        plan.device().id(),
                        "the user's certificate " + files.certificate(),
                        user.certificate(),
                        "put a new one there, with its key");
                yield new X509IdentityProvider(user.chain(), user.key());
            }
        };
    }

    private static UserCertificate userCertificate(Identity.Certificate files) throws LinkFailure {
        try {
            return UserCertificate.load(files);
        } catch (UserCertificate.Unusable e) {
            throw new LinkFailure("cannot use the user's certificate: " + e.why(), e);
        }
    }

    /** Without security nothing proves who the server is, so a certificate that only encrypts the password need not either. */
    private CertificateValidator passwordTrust(ServerTrust trust) {
        return connection.security().equals(Security.NONE) ? (chain, uri, hosts) -> {} : trust;
    }

    /** The JDK's own providers do not know the signatures of Aes256_Sha256_RsaPss under the library's name for them. */
    private static void addProvider() {
        if (java.security.Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
            java.security.Security.addProvider(new BouncyCastleProvider());
        }
    }

    private void identify(OpcUaClientConfigBuilder config) throws LinkFailure {
        addProvider();
        Certificates.Own own = certificates.own();
        expiry.watch(
                plan.device().id(),
                "the gateway's own certificate " + certificates.ownCertificate(),
                own.certificate(),
                "'" + certificates.renewal() + "' makes a new one, which each server then has to trust");
        config.setApplicationUri(own.applicationUri())
                .setKeyPair(own.keys())
                .setCertificate(own.certificate())
                .setCertificateChain(new X509Certificate[] {own.certificate()});
    }

    private static UInteger millis(java.time.Duration duration) {
        return UInteger.valueOf(duration.toMillis());
    }
}
