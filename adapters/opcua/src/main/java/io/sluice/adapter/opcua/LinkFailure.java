package io.sluice.adapter.opcua;

import java.io.IOException;
import java.net.BindException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.LongPredicate;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.jspecify.annotations.Nullable;

/** A server that cannot be used now. The message is for people and names what failed, without the device. */
final class LinkFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean awaitsServer;

    LinkFailure(String message) {
        super(message);
        this.awaitsServer = false;
    }

    LinkFailure(String message, Throwable cause) {
        this(message, cause, false);
    }

    private LinkFailure(String message, Throwable cause, boolean awaitsServer) {
        super(message, cause);
        this.awaitsServer = awaitsServer;
    }

    static LinkFailure of(String endpoint, Throwable failure) {
        return new LinkFailure(
                innermost(failure) instanceof UaException e
                                && isAnswer(e.getStatusCode().value())
                        ? endpoint + " refuses the connection (" + reason(failure) + ")"
                        : "no answer from " + endpoint + " (" + reason(failure) + ")",
                failure);
    }

    /** What the server said, and not what the library made of its silence or of what it cannot read. */
    private static boolean isAnswer(long code) {
        return new StatusCode(code).isBad()
                && code != StatusCodes.Bad_Timeout
                && code != StatusCodes.Bad_ConnectionClosed
                && !isForeign(code);
    }

    /** What the library makes of bytes that are no messages of OPC UA. */
    private static boolean isForeign(long code) {
        return code == StatusCodes.Bad_TcpMessageTooLarge
                || code == StatusCodes.Bad_TcpMessageTypeInvalid
                || code == StatusCodes.Bad_TcpInternalError
                || code == StatusCodes.Bad_DecodingError;
    }

    /**
     * Of a server that is to connect to the gateway, and has not.
     *
     * @param address where the gateway listens
     * @param again empty, or " again" for one that had connected before
     */
    static LinkFailure ofListening(String endpoint, ListenAddress address, String again, Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof IOException || at instanceof UnresolvedAddressException) {
                return new LinkFailure("cannot listen at " + address + " (" + reason(failure) + ")", failure);
            }
        }
        String wait = endpoint + " has not connected to " + address + again + " yet (reverse connect)";
        return new LinkFailure(wait + ": the server has to be told this address of the gateway", failure, true);
    }

    /** Whether nothing is wrong but that the server has not connected yet. */
    boolean awaitsServer() {
        return awaitsServer;
    }

    /**
     * Whether it was the user's identity: each attempt leaves a Session on the server until its timeout, and may lock the user
     * out.
     */
    boolean refusesIdentity() {
        return caused(LinkFailure::isIdentity);
    }

    /**
     * Whether it was a certificate: the gateway's, or the user's. Some servers do not say so: they close the connection, or send an
     * error that the library reads as a good one.
     */
    boolean refusesCertificate() {
        return caused(code -> code == StatusCodes.Bad_SecurityChecksFailed
                || code == StatusCodes.Bad_ConnectionClosed
                || !new StatusCode(code).isBad()
                || StatusNames.of(code).startsWith("Bad_Certificate"));
    }

    private boolean caused(LongPredicate status) {
        return caused(getCause(), status);
    }

    private static boolean caused(@Nullable Throwable failure, LongPredicate status) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
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
        String reason = named(innermost(failure));
        return reason.isEmpty() ? String.valueOf(failure.getMessage()) : reason;
    }

    private static Throwable innermost(Throwable failure) {
        Throwable found = failure;
        for (@Nullable Throwable at = failure; at != null; at = at.getCause()) {
            found = named(at).isEmpty() ? found : at;
        }
        return found;
    }

    private static String named(Throwable failure) {
        return switch (failure) {
            case UnknownHostException e -> "unknown host " + e.getMessage();
            case UnresolvedAddressException e -> "unknown host";
            case NoRouteToHostException e -> "no route to host";
            case BindException e -> String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            case SocketException e -> text(String.valueOf(e.getMessage()));
            case TimeoutException e -> "timed out";
            case UaException e -> statusText(e);
            default -> "";
        };
    }

    private static String text(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return lower.contains("refused")
                ? "connection refused"
                : lower.contains("reset") ? "connection reset" : message;
    }

    private static String statusText(UaException e) {
        long code = e.getStatusCode().value();
        if (code == StatusCodes.Bad_Timeout) {
            return "timed out";
        }
        if (isForeign(code)) {
            return StatusNames.of(code) + ": what listens there does not seem to speak OPC UA";
        }
        if (!e.getStatusCode().isBad()) {
            return "the server's error cannot be read: " + e.getMessage();
        }
        if (isIdentity(code)) {
            return StatusNames.of(code) + ": the server refuses the user";
        }
        return StatusNames.of(code);
    }
}
