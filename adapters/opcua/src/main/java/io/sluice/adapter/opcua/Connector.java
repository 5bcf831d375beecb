package io.sluice.adapter.opcua;

import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.eclipse.milo.opcua.sdk.client.DiscoveryClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClientConfig;
import org.eclipse.milo.opcua.sdk.client.OpcUaClientConfigBuilder;
import org.eclipse.milo.opcua.sdk.client.identity.UsernameProvider;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.core.util.EndpointUtil;

/** Opens Sessions with one server. Blocks; leaves nothing behind on the server when it fails. */
final class Connector {

    private final OpcUaPlan plan;
    private final MiloRuntime runtime;
    private final Certificates certificates;
    private final Timings timings;

    Connector(OpcUaPlan plan, MiloRuntime runtime, Certificates certificates, Timings timings) {
        this.plan = plan;
        this.runtime = runtime;
        this.certificates = certificates;
        this.timings = timings;
    }

    /** A client whose Session is active. */
    OpcUaClient connect() throws LinkFailure, InterruptedException {
        EndpointDescription endpoint = choose(endpoints());
        ServerTrust trust = new ServerTrust(certificates);
        OpcUaClient client = client(endpoint, trust);
        try {
            client.connectAsync().get(3 * plan.timeout().toMillis(), TimeUnit.MILLISECONDS);
            return client;
        } catch (ExecutionException | TimeoutException e) {
            var _ = disconnect(client);
            throw trust.refusal()
                    .map(refusal -> new LinkFailure(plan.endpoint() + ": " + refusal, e))
                    .orElseGet(() -> failure(e));
        } catch (InterruptedException e) {
            var _ = disconnect(client);
            throw e;
        }
    }

    private LinkFailure failure(Exception e) {
        LinkFailure failure = LinkFailure.of(plan.endpoint(), e);
        boolean distrusted = String.valueOf(failure.getMessage()).contains("Bad_SecurityChecksFailed")
                || String.valueOf(failure.getMessage()).contains("Bad_Certificate");
        return distrusted && !plan.security().equals(Security.NONE)
                ? new LinkFailure(
                        failure.getMessage() + ": perhaps the server does not trust " + certificates.ownCertificate()
                                + " yet",
                        e)
                : failure;
    }

    /** A client that is not told to disconnect goes on making Sessions for ever. Does not wait. */
    static CompletableFuture<OpcUaClient> disconnect(OpcUaClient client) {
        return client.disconnectAsync();
    }

    private List<EndpointDescription> endpoints() throws LinkFailure, InterruptedException {
        try {
            return DiscoveryClient.getEndpoints(
                            plan.endpoint(), transport -> runtime.configure(transport, plan.timeout()))
                    .get(2 * plan.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw LinkFailure.of(plan.endpoint(), e);
        }
    }

    /** The strongest of those that fit, with the host and port that users wrote: servers announce names nobody resolves. */
    private EndpointDescription choose(List<EndpointDescription> offered) throws LinkFailure {
        EndpointDescription chosen = offered.stream()
                .filter(this::fits)
                .max(Comparator.comparingInt(
                        endpoint -> endpoint.getSecurityLevel().intValue()))
                .orElseThrow(() -> new LinkFailure(plan.endpoint() + " does not offer security "
                        + plan.security().written() + ", it offers " + offers(offered)));
        return EndpointUtil.updateUrl(
                chosen, EndpointUtil.getHost(plan.endpoint()), EndpointUtil.getPort(plan.endpoint()));
    }

    private boolean fits(EndpointDescription endpoint) {
        return Objects.equals(
                        endpoint.getSecurityPolicyUri(),
                        plan.security().policy().uri())
                && endpoint.getSecurityMode() == mode(plan.security().mode());
    }

    private static MessageSecurityMode mode(Security.Mode mode) {
        return switch (mode) {
            case NONE -> MessageSecurityMode.None;
            case SIGN -> MessageSecurityMode.Sign;
            case SIGN_AND_ENCRYPT -> MessageSecurityMode.SignAndEncrypt;
        };
    }

    private static String offers(List<EndpointDescription> offered) {
        return offered.isEmpty()
                ? "nothing"
                : offered.stream().map(Connector::offer).distinct().collect(Collectors.joining(", "));
    }

    private static String offer(EndpointDescription endpoint) {
        String uri = String.valueOf(endpoint.getSecurityPolicyUri());
        String policy = uri.substring(uri.indexOf('#') + 1);
        return endpoint.getSecurityMode() == MessageSecurityMode.None
                ? policy
                : policy + "/" + endpoint.getSecurityMode();
    }

    private OpcUaClient client(EndpointDescription endpoint, ServerTrust trust) throws LinkFailure {
        OpcUaClientConfigBuilder config = OpcUaClientConfig.builder()
                .setEndpoint(endpoint)
                .setApplicationName(LocalizedText.english("Sluice"))
                .setApplicationUri("urn:" + Certificates.hostName() + ":sluice")
                .setProductUri("urn:sluice")
                .setSessionName(() -> "sluice-" + plan.device().id())
                .setSessionTimeout(millis(timings.resume().plus(timings.resume())))
                .setRequestTimeout(millis(plan.timeout()))
                .setKeepAliveInterval(millis(timings.keepAlive()))
                .setKeepAliveTimeout(millis(timings.keepAliveTimeout()))
                .setKeepAliveFailuresAllowed(UInteger.valueOf(1))
                .setCertificateValidator(trust);
        plan.identity()
                .ifPresent(user -> config.setIdentityProvider(
                        new UsernameProvider(user.username(), user.password(), passwordTrust(trust))));
        if (!plan.security().equals(Security.NONE)) {
            identify(config);
        }
        try {
            return OpcUaClient.create(config.build(), transport -> runtime.configure(transport, plan.timeout()));
        } catch (UaException e) {
            throw LinkFailure.of(plan.endpoint(), e);
        }
    }

    /** Without security nothing proves who the server is, so a certificate that only encrypts the password need not either. */
    private CertificateValidator passwordTrust(ServerTrust trust) {
        return plan.security().equals(Security.NONE) ? (chain, uri, hosts) -> {} : trust;
    }

    private void identify(OpcUaClientConfigBuilder config) throws LinkFailure {
        // The JDK's own providers do not know the signatures of Aes256_Sha256_RsaPss under the library's name for them.
        if (java.security.Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
            java.security.Security.addProvider(new BouncyCastleProvider());
        }
        Certificates.Own own = certificates.own();
        config.setApplicationUri(own.applicationUri())
                .setKeyPair(own.keys())
                .setCertificate(own.certificate())
                .setCertificateChain(new X509Certificate[] {own.certificate()});
    }

    private static UInteger millis(java.time.Duration duration) {
        return UInteger.valueOf(duration.toMillis());
    }
}
