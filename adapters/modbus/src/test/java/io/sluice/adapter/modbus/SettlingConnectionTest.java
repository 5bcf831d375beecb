package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a line without transaction ids counts as settled again after a failure. */
final class SettlingConnectionTest {

    private static final Block TEN = new Block(new Place(Table.HOLDING, 100), 10, List.of());
    private static final Reply DATA = new Reply.Data(new byte[20], 0);
    private static final Reply REFUSED = new Reply.Refused(2);

    private final Script script = new Script();
    private final SettlingConnection line = new SettlingConnection(script);

    @Test
    void probesWithAReadOfAnotherSizeBeforeItReadsAgain() throws Exception {
        script.answer(null, DATA, DATA);
        assertThatThrownBy(() -> line.exchange(1, TEN)).isInstanceOf(IOException.class);

        assertThat(line.exchange(1, TEN)).isSameAs(DATA);
        assertThat(script.asked)
                .containsExactly(
                        "holding registers 100 to 109", "holding registers 100", "holding registers 100 to 109");
    }

    @Test
    void aRefusedProbeSettlesNothingSinceItMayBeALateAnswer() throws Exception {
        script.answer(null, REFUSED, REFUSED, DATA);
        assertThatThrownBy(() -> line.exchange(1, TEN)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> line.exchange(1, TEN)).hasMessageContaining("cannot be told");

        assertThat(line.exchange(1, TEN)).isSameAs(DATA);
        assertThat(script.asked.get(2)).as("asked for what nobody polls").isEqualTo("device identification");
    }

    @Test
    void probesWhereTheUnitHasGivenDataBefore() throws Exception {
        Block bad = new Block(new Place(Table.INPUT, 7), 3, List.of());
        script.answer(DATA, null, DATA, REFUSED);
        line.exchange(1, TEN);
        assertThatThrownBy(() -> line.exchange(1, bad)).isInstanceOf(IOException.class);

        assertThat(line.exchange(1, bad)).isSameAs(REFUSED);
        assertThat(script.asked.get(2)).isEqualTo("holding registers 100");
    }

    @Test
    void aWriteWaitsForTheProbeToo() throws Exception {
        script.answer(null, DATA, DATA);
        assertThatThrownBy(() -> line.exchange(1, TEN)).isInstanceOf(IOException.class);

        line.exchange(1, Write.registers(5, new byte[2]));
        assertThat(script.asked).element(1).isEqualTo("holding registers 0");
    }

    @Test
    void anotherUnitIsNotInDoubt() throws Exception {
        script.answer(null, DATA);
        assertThatThrownBy(() -> line.exchange(1, TEN)).isInstanceOf(IOException.class);

        assertThat(line.exchange(2, TEN)).isSameAs(DATA);
    }

    /** A line that answers as told, and keeps what it was asked. */
    private static final class Script implements ModbusConnection {
        private final Queue<List<Reply>> answers = new ArrayDeque<>();
        private final List<String> asked = new ArrayList<>();

        /** {@code null}: no answer in time. */
        void answer(@Nullable Reply... replies) {
            for (Reply reply : replies) {
                answers.add(reply == null ? List.of() : List.of(reply));
            }
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(1);
        }

        @Override
        public Reply exchange(int unit, Request request, Duration timeout) throws IOException {
            asked.add(request.describe());
            List<Reply> answer = answers.remove();
            if (answer.isEmpty()) {
                throw new IOException("no reply");
            }
            return answer.getFirst();
        }

        @Override
        public void connect() {
            // Always is.
        }

        @Override
        public void drain() {
            // Nothing is late here.
        }

        @Override
        public boolean connected() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
