package io.sluice.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.outbox.Entry;
import io.sluice.outbox.Forwarder;
import io.sluice.outbox.Forwarding;
import io.sluice.outbox.OutboxSettings;
import io.sluice.outbox.Outcome;
import io.sluice.outbox.SqliteOutbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What {@code queue stats} and {@code queue list} show. */
class QueueTest {

    @TempDir
    Path directory;

    @Test
    void showsLanesAndWhatIsHeldAndWhy() throws Exception {
        try (SqliteOutbox outbox = SqliteOutbox.open(new OutboxSettings(
                directory,
                1 << 20,
                Optional.empty(),
                0,
                Duration.ZERO,
                OutboxSettings.WhenFull.DROP_OLDEST,
                1 << 20))) {
            outbox.append("meter-1", new Entry.Data(new byte[20], 3, 1_000));
            outbox.flush().join();
            Forwarder[] forwarder = new Forwarder[1];
            forwarder[0] = new Forwarder(
                    outbox,
                    message -> {
                        if (message.position() > 0) {
                            forwarder[0].completed(message.position(), new Outcome.Held("Quota exceeded (0x97)"));
                        }
                    },
                    Forwarder.Replay.LIVE_FIRST,
                    OptionalInt.empty(),
                    List.of());
            try (Forwarder closing = forwarder[0]) {
                shows(outbox, closing, "not connected; 0 in flight; live 0, backlog 2, retry 0, held 0", "backlog");
                closing.connected(1, 1);
                await().until(() -> held(closing.forwarding().join()));
                shows(outbox, closing, "connected; 0 in flight; live 0, backlog 0, retry 0, held 2", "held: Quota");
                Queue queue = queue(outbox, closing);
                assertThat(queue.statistics(Call.Form.TEXT))
                        .containsPattern(
                                "HELD meter-1 [0-9a-f]{8}: 1 refused for now from #1 on, tried again in \\d+ s:"
                                        + " Quota exceeded \\(0x97\\)");
                JsonNode stream = new ObjectMapper()
                        .readTree(queue.statistics(Call.Form.JSON))
                        .path("streams")
                        .path(0);
                assertThat(stream.path("lanes").path("held").asInt()).isEqualTo(2);
                assertThat(stream.path("hold").path("reason").asString()).isEqualTo("Quota exceeded (0x97)");
                assertThat(queue.list(10, Call.Form.JSON)).contains("\"lane\":\"held\"");
            }
            Queue stopped = new Queue(outbox.view(), Optional.empty());
            assertThat(stopped.statistics(Call.Form.TEXT)).doesNotContain("held", "connected");
            assertThat(stopped.list(10, Call.Form.TEXT)).contains("waiting");
        }
    }

    private static Queue queue(SqliteOutbox outbox, Forwarder forwarder) {
        return new Queue(outbox.view(), Optional.of(forwarder.forwarding().join()));
    }

    private static void shows(SqliteOutbox outbox, Forwarder forwarder, String counted, String listed) {
        assertThat(queue(outbox, forwarder).statistics(Call.Form.TEXT)).contains(counted);
        assertThat(queue(outbox, forwarder).list(10, Call.Form.TEXT)).contains(listed);
    }

    private static boolean held(Forwarding forwarding) {
        return forwarding.inFlight().isEmpty()
                && forwarding.streams().stream()
                        .anyMatch(stream -> stream.hold().isPresent());
    }
}
