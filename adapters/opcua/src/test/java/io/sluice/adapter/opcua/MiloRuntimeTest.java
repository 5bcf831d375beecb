package io.sluice.adapter.opcua;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfig;
import org.junit.jupiter.api.Test;

class MiloRuntimeTest {

    @Test
    void whatTheLibraryStillCallsAfterTheEndIsNoError() throws Exception {
        MiloRuntime runtime = new MiloRuntime();
        OpcTcpClientTransportConfig config = runtime.transport(Duration.ofSeconds(1));
        runtime.close();
        CountDownLatch ran = new CountDownLatch(1);
        config.getExecutor().execute(ran::countDown);
        Assertions.assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
    }
}
