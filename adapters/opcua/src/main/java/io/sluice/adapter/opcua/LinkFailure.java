package io.sluice.adapter.opcua;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.LongPredicate;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;

/** A server that cannot be used now. The message is for people and names what failed, without the device. */
final class LinkFailure extends Exception {

    private static final long serialVersionUID = 1;

    LinkFailure(String message) {
        super(message);
    }

    LinkFailure(String message, Throwable cause) {
        super(message, cause);
    }

    static LinkFailure of(String endpoint, Throwable failure) {
        return new LinkFailure("no answer from " + endpoint + " (" + reason(failure) + ")", failure);
    }

    /**
     * Whether it was the user's identity: each attempt leaves a Session on the server until its timeout, and may lock the user
     * out.
     */
    boolean refusesIdentity() {
        return caused(LinkFailure::isIdentity);
    }

    /** Whether it was a certificate: the gateway's, or the user's. */
    boolean refusesCertificate() {
        return caused(code -> code == StatusCodes.Bad_SecurityChecksFailed
                || StatusNames.of(code).startsWith("Bad_Certificate"));
    }

    private boolean caused(LongPredicate status) {
        for (Throwable at = getCause(); at != null; at = at.getCause()) {
            if (at instanceof UaException e && status.test(e.getStatusCode().value())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIdentity(long code) {
        return code == StatusCodes.Bad_IdentityTokenRejected
                || code == StatusCodes.Bad_IdentityTokenInvalid
                || code == StatusCodes.Bad_UserAccessDenied;
    }

    /** The innermost cause that says something to people. */
    static String reason(Throwable failure) {
        String reason = "";
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String found = named(at);
            if (!found.isEmpty()) {
                reason = found;
            }
        }
        return reason.isEmpty() ? String.valueOf(failure.getMessage()) : reason;
    }

    private static String named(Throwable failure) {
        return switch (failure) {
            case UnknownHostException e -> "unknown host " + e.getMessage();
            case UnresolvedAddressException e -> "unknown host";
            case NoRouteToHostException e -> "no route to host";
            case ConnectException e -> text(String.valueOf(e.getMessage()));
            case TimeoutException e -> "timed out";
            case UaException e -> statusText(e);
            default -> "";
        };
    }

    private static String text(String message) {
        return message.toLowerCase(Locale.ROOT).contains("refused") ? "connection refused" : message;
    }

    private static String statusText(UaException e) {
        long code = e.getStatusCode().value();
        if (code == StatusCodes.Bad_Timeout) {
            return "timed out";
        }
        if (isIdentity(code)) {
            return StatusNames.of(code) + ": the server refuses the user";
        }
        return StatusNames.of(code);
    }
}
