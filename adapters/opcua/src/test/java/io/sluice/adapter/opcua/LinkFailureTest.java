package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.SocketException;
import java.util.concurrent.ExecutionException;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.junit.jupiter.api.Test;

class LinkFailureTest {

    private static final String ENDPOINT = "opc.tcp://10.0.0.20:4840";

    private static LinkFailure of(Throwable cause) {
        return LinkFailure.of(ENDPOINT, new ExecutionException(cause));
    }

    @Test
    void tellsARefusalFromSilence() {
        assertThat(of(new UaException(StatusCodes.Bad_UserAccessDenied)))
                .hasMessage(ENDPOINT + " refuses the connection (Bad_UserAccessDenied: the server refuses the user)");
        assertThat(of(new UaException(StatusCodes.Bad_Timeout)))
                .hasMessage("no answer from " + ENDPOINT + " (timed out)");
        assertThat(of(new UaException(StatusCodes.Bad_ConnectionRejected, new ConnectException("Connection refused"))))
                .hasMessage("no answer from " + ENDPOINT + " (connection refused)");
        assertThat(of(new SocketException("Connection reset")))
                .hasMessage("no answer from " + ENDPOINT + " (connection reset)");
    }

    @Test
    void saysThatSomethingElseListensThere() {
        assertThat(of(new UaException(StatusCodes.Bad_TcpMessageTooLarge)))
                .hasMessage("no answer from " + ENDPOINT
                        + " (Bad_TcpMessageTooLarge: what listens there does not seem to speak OPC UA)");
    }

    @Test
    void anErrorThatReadsAsAGoodOneMayBeARefusedCertificate() {
        LinkFailure failure = of(new UaException(new StatusCode(24), "policy"));
        assertThat(failure).hasMessage("no answer from " + ENDPOINT + " (the server's error cannot be read: policy)");
        assertThat(failure.refusesCertificate()).isTrue();
        assertThat(of(new UaException(StatusCodes.Bad_ConnectionClosed)).refusesCertificate())
                .isTrue();
        assertThat(of(new UaException(StatusCodes.Bad_Timeout)).refusesCertificate())
                .isFalse();
    }
}
