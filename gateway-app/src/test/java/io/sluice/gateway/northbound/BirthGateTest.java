package io.sluice.gateway.northbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mqtt.Publish;
import io.sluice.outbox.Outgoing;
import io.sluice.outbox.RunEpoch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BirthGateTest {

    private final List<Runnable> unanswered = new ArrayList<>();
    private final List<Long> passed = new ArrayList<>();
    private final BirthGate gate = new BirthGate(
            () -> List.of(new Publish("birth", new byte[1], 1, true)),
            (message, answered) -> unanswered.add(answered),
            out -> passed.add(out.sequence()));

    private static Outgoing data(long sequence) {
        return new Outgoing(
                sequence,
                "meter-1",
                new RunEpoch(1, 1),
                sequence,
                1,
                Outgoing.Lane.LIVE,
                new Outgoing.Body(new byte[1]));
    }

    private void answer() {
        unanswered.remove(0).run();
    }

    @Test
    void holdsDataUntilTheBirthIsAcknowledgedAndThenPassesItInOrder() {
        gate.changed();
        gate.connected(false);
        gate.admit(data(1));
        gate.admit(data(2));
        assertThat(passed).isEmpty();

        answer();
        gate.admit(data(3));

        assertThat(passed).containsExactly(1L, 2L, 3L);
    }

    @Test
    void sendsAnotherBirthForAChangeThatCameWhileOneWasInFlight() {
        gate.changed();
        gate.connected(false);
        gate.changed();
        gate.admit(data(1));

        answer();
        assertThat(passed).as("the second birth is not answered yet").isEmpty();
        answer();

        assertThat(passed).containsExactly(1L);
        assertThat(unanswered).isEmpty();
    }

    @Test
    void sendsNothingWithoutAConnection() {
        gate.changed();
        assertThat(unanswered).isEmpty();

        gate.connected(false);
        assertThat(unanswered).hasSize(1);
    }

    @Test
    void sendsTheBirthAgainWhereTheBrokerMayHaveLostIt() {
        gate.changed();
        gate.connected(false);
        answer();
        gate.disconnected();

        gate.connected(false);
        assertThat(unanswered).as("the broker still has it").isEmpty();
        gate.disconnected();
        gate.connected(true);
        assertThat(unanswered).hasSize(1);
    }
}
