package io.sluice.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.junit.jupiter.api.Test;

class PressServerTest {

    @Test
    void servesThePressUnderItsNamespace() throws Exception {
        try (PressServer press = PressServer.start()) {
            OpcUaClient client = OpcUaClient.create("opc.tcp://127.0.0.1:" + press.port());
            client.connect();
            try {
                UShort index = client.getNamespaceTable().getIndex(PressServer.NAMESPACE);
                List<DataValue> values = client.readValues(
                        0,
                        TimestampsToReturn.Both,
                        List.of(
                                new NodeId(index, "Press.State"),
                                new NodeId(index, "Press.SpeedSet"),
                                new NodeId(index, "Press.ZoneTemps")));
                assertThat(values.get(0).value().value()).isEqualTo(PressModel.State.RUNNING.number());
                assertThat(values.get(1).value().value()).isEqualTo(30.0);
                assertThat((Double[]) values.get(2).value().value()).hasSize(8);
                assertThat(values.get(0).sourceTime()).isNotNull();
            } finally {
                client.disconnect();
            }
        }
    }

    @Test
    void forceStaysWithinTheRangeAndReachesItsPeakInEachStroke() {
        PressModel model = new PressModel();
        double peak = 0;
        for (int millis = 0; millis < 2_000; millis += 100) {
            PressModel.Snapshot now = model.step(100);
            assertThat(now.force()).isBetween(0.0, PressModel.MAX_FORCE_KILONEWTON);
            peak = Math.max(peak, now.force());
        }
        assertThat(peak).isGreaterThan(2_500);
    }
}
