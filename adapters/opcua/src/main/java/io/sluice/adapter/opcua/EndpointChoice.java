package io.sluice.adapter.opcua;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.enumerated.UserTokenType;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.UserTokenPolicy;
import org.eclipse.milo.opcua.stack.core.util.EndpointUtil;
import org.jspecify.annotations.Nullable;

/** Which of the endpoints that a server offers (Part 4 §5.5.4) is used for a device. */
final class EndpointChoice {

    private final OpcUaPlan.Connection connection;

    EndpointChoice(OpcUaPlan.Connection connection) {
        this.connection = connection;
    }

    /** The strongest of those that fit, with the host and port that users wrote: servers announce names nobody resolves. */
    EndpointDescription among(List<EndpointDescription> offered) throws LinkFailure {
        List<EndpointDescription> fitting = offered.stream().filter(this::fits).toList();
        if (fitting.isEmpty()) {
            throw new LinkFailure(connection.endpoint() + " does not offer security "
                    + connection.security().written() + ", it offers " + offers(offered));
        }
        EndpointDescription chosen = fitting.stream()
                .filter(this::takesIdentity)
                .max(Comparator.comparingInt(
                        endpoint -> endpoint.getSecurityLevel().intValue()))
                .orElseThrow(() -> new LinkFailure(connection.endpoint() + " does not take " + wanted()
                        + " with security " + connection.security().written() + ", it takes " + taken(fitting)));
        return EndpointUtil.updateUrl(
                chosen, EndpointUtil.getHost(connection.endpoint()), EndpointUtil.getPort(connection.endpoint()));
    }

    private boolean fits(EndpointDescription endpoint) {
        return Objects.equals(
                        endpoint.getSecurityPolicyUri(),
                        connection.security().policy().uri())
                && endpoint.getSecurityMode() == mode(connection.security().mode());
    }

    private boolean takesIdentity(EndpointDescription endpoint) {
        return tokens(endpoint).anyMatch(policy -> policy.getTokenType() == tokenType(connection.identity()));
    }

    private static Stream<UserTokenPolicy> tokens(EndpointDescription endpoint) {
        UserTokenPolicy @Nullable [] tokens = endpoint.getUserIdentityTokens();
        return tokens == null ? Stream.empty() : Stream.of(tokens);
    }

    private static UserTokenType tokenType(Optional<Identity> identity) {
        return switch (identity.orElse(null)) {
            case null -> UserTokenType.Anonymous;
            case Identity.UserName _ -> UserTokenType.UserName;
            case Identity.Certificate _ -> UserTokenType.Certificate;
        };
    }

    private String wanted() {
        return tokenName(tokenType(connection.identity()));
    }

    private static String taken(List<EndpointDescription> endpoints) {
        String taken = endpoints.stream()
                .flatMap(EndpointChoice::tokens)
                .map(policy -> tokenName(Objects.requireNonNull(policy.getTokenType())))
                .distinct()
                .collect(Collectors.joining(", "));
        return taken.isEmpty() ? "none" : taken;
    }

    private static String tokenName(UserTokenType type) {
        return switch (type) {
            case Anonymous -> "anonymous users";
            case UserName -> "user names";
            case Certificate -> "users' certificates";
            case IssuedToken -> "issued tokens";
        };
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
                : offered.stream().map(EndpointChoice::offer).distinct().collect(Collectors.joining(", "));
    }

    private static String offer(EndpointDescription endpoint) {
        String uri = String.valueOf(endpoint.getSecurityPolicyUri());
        String policy = uri.substring(uri.indexOf('#') + 1);
        return endpoint.getSecurityMode() == MessageSecurityMode.None
                ? policy
                : policy + "/" + endpoint.getSecurityMode();
    }
}
