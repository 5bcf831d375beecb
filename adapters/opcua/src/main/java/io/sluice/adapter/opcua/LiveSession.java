package io.sluice.adapter.opcua;

import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.UaServiceFaultException;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;

/** One Session for what is requested in it: whether it is there, and what came of a change. Blocks; any thread. */
final class LiveSession {

    private final OpcUaPlan plan;
    private final OpcUaClient client;

    LiveSession(OpcUaPlan plan, OpcUaClient client) {
        this.plan = plan;
        this.client = client;
    }

    /** The Session is interrupted. */
    static final class NoSession extends Exception {

        private static final long serialVersionUID = 1;

        private NoSession() {
            super(null, null, false, false);
        }
    }

    /** Something changed on the server. */
    interface Change {
        /** @throws UaException if it could not be prepared */
        WriteResult make() throws UaException;
    }

    /** Asked first, so that a request is not kept until the Session comes back. */
    void require() throws NoSession {
        try {
            client.getSessionAsync().get(plan.connection().timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new NoSession();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoSession();
        }
    }

    WriteResult make(Change change) {
        try {
            require();
            return change.make();
        } catch (NoSession e) {
            return new WriteResult.Failed(
                    Status.bad(SluiceCode.DEVICE_UNREACHABLE),
                    "the Session with " + plan.connection().endpoint() + " is interrupted, nothing was sent");
        } catch (UaException e) {
            return failed(e.getStatusCode(), "nothing was sent");
        }
    }

    /** Without an answer nobody knows whether it was carried out. */
    <R> WriteResult send(Function<OpcUaClient, CompletableFuture<R>> request, Function<R, WriteResult> result) {
        try {
            return result.apply(
                    request.apply(client).get(2 * plan.connection().timeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            return e.getCause() instanceof UaServiceFaultException fault
                    ? failed(fault.getStatusCode(), "the server refuses the request")
                    : unknown(e);
        } catch (TimeoutException e) {
            return unknown(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new WriteResult.Unknown("the gateway stops");
        }
    }

    private WriteResult unknown(Exception e) {
        return new WriteResult.Unknown(
                "no answer from " + plan.connection().endpoint() + " (" + LinkFailure.reason(e) + ")");
    }

    static WriteResult failed(StatusCode status, String why) {
        return new WriteResult.Failed(Translation.status(status), why + " (" + StatusNames.of(status.value()) + ")");
    }
}
